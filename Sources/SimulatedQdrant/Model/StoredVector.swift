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
  ) throws(Refusal) -> NamedVectors {
    var result = NamedVectors()
    func check(_ name: String) throws(Refusal) {
      guard !hasVector(name) else { return }
      throw .wrongInput("Not existing vector name error: \(name)")
    }
    if behaviours.checksNamesBeforeSizes {
      for (name, _) in CollectionConfig.named(vectors) { try check(name) }
    }
    for (name, vector) in CollectionConfig.named(vectors) {
      try check(name)
      result[name] = try prepared(try read(vector, for: name), for: name)
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

  /// A vector of a request, whose rows must be as long as those of the name.
  func read(_ vector: JSONValue, for name: String) throws(Refusal) -> VectorValue {
    if let config = denseVectors[name], config["multivector_config"] != nil {
      let form = DenseForm(config)
      for row in (vector.array ?? []).compactMap(\.array) { try form.check(row.count) }
    }
    return VectorValue(vector)
  }

  /// A vector brought to the form of those of a name, to be stored or compared with them.
  func prepared(_ vector: VectorValue, for name: String) throws(Refusal) -> VectorValue {
    if sparseVectors[name] != nil, denseVectors[name] == nil {
      guard case .sparse = vector else { throw CollectionConfig.unlike("sparse") }
      return vector
    }
    guard let config = denseVectors[name] else {
      throw CollectionConfig.unknown(name)
    }
    let form = DenseForm(config)
    switch vector {
    case .sparse: throw CollectionConfig.unlike("sparse")
    case .rows(let values, let width):
      guard form.isMulti else { throw CollectionConfig.unlike("multi") }
      try form.check(width)
      let kept = stride(from: 0, to: values.count, by: max(1, width)).flatMap {
        form.kept(Array(values[$0..<$0 + width]))
      }
      return .rows(kept, width: width)
    case .dense(let values):
      try form.check(values.count)
      let kept = form.kept(values)
      return form.isMulti ? .rows(kept, width: values.count) : .dense(kept)
    }
  }

  /// Why a vector name is refused that the collection does not have.
  static func unknown(_ name: String) -> Refusal {
    .wrongInput("Not existing vector name error: \(name)")
  }

  private static func unlike(_ kind: String) -> Refusal {
    .wrongInput("Conversion between \(kind) and regular vectors failed")
  }
}

/// What a collection makes of the dense vectors of one name.
struct DenseForm: Sendable {
  let size: Int
  let distance: String
  let datatype: String
  let isMulti: Bool

  /// - Parameter config: the parameters of a dense vector.
  init(_ config: JSONValue) {
    size = config["size"]?.integer ?? 0
    distance = config["distance"]?.string ?? ""
    datatype = config["datatype"]?.string ?? "float32"
    isMulti = config["multivector_config"] != nil
  }

  func check(_ count: Int) throws(Refusal) {
    guard count == size else {
      throw .wrongInput("Vector dimension error: expected dim: \(size), got \(count)")
    }
  }

  /// One row as a segment keeps it.
  func kept(_ values: [Float]) -> [Float] {
    var values = values
    if distance == "Cosine", datatype != "uint8" { DenseForm.normalise(&values) }
    switch datatype {
    case "uint8": return values.map { Float(UInt8(max(0, min(255, $0)))) }
    case "float16": return values.map(DenseForm.halved)
    default: return values
    }
  }

  /// Brings the length to one, unless it is zero or one already.
  private static func normalise(_ values: inout [Float]) {
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
}
