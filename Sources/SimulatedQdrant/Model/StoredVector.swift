import JSON

extension CollectionConfig {
  /// Refuses vectors of a wrong size before an update is taken on.
  func checkDimensions(of vectors: JSONValue) throws(Refusal) {
    for (name, vector) in CollectionConfig.named(vectors) {
      guard let config = denseVectors[name], config["multivector_config"] == nil,
        let elements = vector.array, elements.first?.array == nil,
        let size = config["size"]?.integer, elements.count != size
      else { continue }
      let suffix = name.isEmpty ? "" : " for vector '\(name)'"
      throw .wrongInput(
        "Vector dimension error: expected dim: \(size), got \(elements.count)" + suffix)
    }
  }

  /// The vectors of a point by name; one alone is called by the empty text.
  static func named(_ vectors: JSONValue) -> [(String, JSONValue)] {
    vectors.object?.members.map { ($0.key, $0.value) } ?? [("", vectors)]
  }

  /// The vectors in the form in which they are kept.
  func stored(
    _ vectors: JSONValue, _ behaviours: Behaviours
  ) throws(Refusal) -> JSONObject {
    var result = JSONObject()
    func check(_ name: String) throws(Refusal) {
      guard denseVectors[name] == nil, sparseVectors[name] == nil else { return }
      throw .wrongInput("Not existing vector name error: \(name)")
    }
    if behaviours.checksNamesBeforeSizes {
      for (name, _) in CollectionConfig.named(vectors) { try check(name) }
    }
    for (name, vector) in CollectionConfig.named(vectors) {
      try check(name)
      if let config = denseVectors[name] {
        result[name] = try stored(vector, config)
      } else {
        guard vector.object != nil else { throw CollectionConfig.noSparse }
        result[name] = CollectionConfig.sorted(vector)
      }
    }
    return result
  }

  /// What is said of a query for a vector that is not there.
  func complaint(aboutUnknown name: String, _ behaviours: Behaviours) -> String {
    guard behaviours.tellsVectorNames else { return "Not existing vector name error: \(name)" }
    if hasSingleVector { return "Vector with name \(name) is not configured in this collection" }
    let known = (denseVectors.keys + sparseVectors.keys).joined(separator: ", ")
    let start =
      name.isEmpty
      ? "Collection requires specified vector name in the request"
      : "Vector with name `\(name)` is not configured in this collection"
    return start + ", available names: " + known
  }

  private static let noSparse = Refusal.wrongInput(
    "Conversion between sparse and regular vectors failed")

  private func stored(_ vector: JSONValue, _ config: JSONValue) throws(Refusal) -> JSONValue {
    guard let elements = vector.array else { throw CollectionConfig.noSparse }
    let isMulti = config["multivector_config"] != nil
    let rows = elements.first?.array == nil ? [elements] : elements.map { $0.array ?? [] }
    guard isMulti || elements.first?.array == nil else {
      throw .wrongInput("Conversion between multi and regular vectors failed")
    }
    let size = config["size"]?.integer ?? 0
    var kept: [JSONValue] = []
    for row in rows {
      guard row.count == size else {
        throw .wrongInput("Vector dimension error: expected dim: \(size), got \(row.count)")
      }
      kept.append(StoredVector(row, config).json)
    }
    return isMulti ? .array(kept) : kept.first ?? []
  }

  private static func sorted(_ sparse: JSONValue) -> JSONValue {
    let pairs = zip(sparse["indices"]?.array ?? [], sparse["values"]?.array ?? [])
      .sorted { ($0.0.integer ?? 0) < ($1.0.integer ?? 0) }
    return ["indices": .array(pairs.map(\.0)), "values": .array(pairs.map(\.1))]
  }
}

/// A dense vector as a segment keeps it.
struct StoredVector {
  var values: [Float]

  init(_ elements: [JSONValue], _ config: JSONValue) {
    values = elements.map { $0.number.flatMap { Float($0.text) } ?? 0 }
    let datatype = config["datatype"]?.string
    if config["distance"]?.string == "Cosine", datatype != "uint8" { normalise() }
    switch datatype {
    case "uint8": values = values.map { Float(UInt8(max(0, min(255, $0)))) }
    case "float16": values = values.map(StoredVector.halved)
    default: break
    }
  }

  /// Brings the length to one, unless it is zero or one already.
  private mutating func normalise() {
    let square = values.reduce(0) { $0 + $1 * $1 }
    guard square >= Float.ulpOfOne, abs(square - 1) > 1e-6 else { return }
    let length = square.squareRoot()
    for index in values.indices { values[index] /= length }
  }

  /// The nearest number of half precision.
  static func halved(_ value: Float) -> Float {
    guard value.isFinite, value != 0 else { return value }
    let exponent = max(value.exponent, -14)
    let unit = Float(sign: .plus, exponent: exponent - 10, significand: 1)
    let rounded = (value / unit).rounded(.toNearestOrEven) * unit
    return abs(rounded) > 65504 ? Float.infinity * (value < 0 ? -1 : 1) : rounded
  }

  var json: JSONValue {
    .array(
      values.map { value in
        value.isFinite ? .number(JSONNumber(text: WireNumber.text(of: value))) : .null
      })
  }
}

extension Point {
  /// The vectors as they are shown: one without a name stands alone.
  var shownVectors: JSONValue {
    if vectors.count == 1, let only = vectors[""] { return only }
    return .object(vectors)
  }
}
