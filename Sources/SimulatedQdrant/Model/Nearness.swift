import JSON

/// How near points are to a vector that is looked for, in the arithmetic of the real server.
struct Nearness {
  var rows: [StoredVector]
  let distance: String
  let datatype: String

  /// Prepares the rows of a query for the vectors of one name.
  init(_ rows: [[JSONValue]], _ config: JSONValue) {
    self.rows = rows.map { StoredVector($0, config) }
    distance = config["distance"]?.string ?? ""
    datatype = config["datatype"]?.string ?? "float32"
  }

  /// Whether a greater score is nearer.
  var isRising: Bool { distance == "Cosine" || distance == "Dot" }

  /// The score of a stored vector; with several rows, the best of each row of the query, summed.
  func score(of stored: JSONValue) -> Float {
    let elements = stored.array ?? []
    let others = elements.first?.array == nil ? [elements] : elements.map { $0.array ?? [] }
    let vectors = others.map { row in row.map { $0.number.flatMap { Float($0.text) } ?? 0 } }
    if rows.count == 1, vectors.count == 1 { return shown(raw(rows[0].values, vectors[0])) }
    return rows.reduce(0) { sum, row in
      sum + shown(vectors.map { raw(row.values, $0) }.max() ?? 0)
    }
  }

  /// Greater is nearer.
  private func raw(_ left: [Float], _ right: [Float]) -> Float {
    switch distance {
    case "Euclid":
      return -zip(left, right).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    case "Manhattan": return -zip(left, right).reduce(0) { $0 + abs($1.0 - $1.1) }
    default:
      let isHalf = datatype == "float16"
      let product = zip(left, right).reduce(Float(0)) { sum, pair in
        let part = pair.0 * pair.1
        return sum + (isHalf ? StoredVector.halved(part) : part)
      }
      guard distance == "Cosine", datatype == "uint8" else { return product }
      let lengths = [left, right].map { $0.reduce(0) { $0 + $1 * $1 } }
      guard lengths[0] > 0, lengths[1] > 0 else { return 0 }
      return product / (lengths[0] * lengths[1]).squareRoot()
    }
  }

  private func shown(_ raw: Float) -> Float {
    switch distance {
    case "Euclid": abs(raw).squareRoot()
    case "Manhattan": abs(raw)
    default: raw
    }
  }
}

/// A sparse vector that is looked for.
struct SparseNearness {
  private var weights: [Int: Float] = [:]

  /// - Parameter rarity: how much an index counts, for the modifier `idf`.
  init(_ query: JSONValue, rarity: (Int) -> Float) {
    for (index, value) in SparseNearness.pairs(query) { weights[index] = value * rarity(index) }
  }

  static func pairs(_ vector: JSONValue) -> [(Int, Float)] {
    zip(vector["indices"]?.array ?? [], vector["values"]?.array ?? []).map { index, value in
      (index.integer ?? 0, value.number.flatMap { Float($0.text) } ?? 0)
    }
  }

  /// The score; nil when nothing is shared.
  func score(of stored: JSONValue) -> Float? {
    var sum: Float = 0
    var isShared = false
    for (index, value) in SparseNearness.pairs(stored) {
      guard let weight = weights[index] else { continue }
      sum += weight * value
      isShared = true
    }
    return isShared ? sum : nil
  }
}
