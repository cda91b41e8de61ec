import JSON

/// How like one vector is to another, in the arithmetic of the real server.
struct Similarity: Sendable {
  /// The measures of distance.
  enum Measure: Sendable {
    case cosine
    case dot
    case euclid
    case manhattan

    /// - Parameter config: the parameters of a dense vector; nil for a sparse one.
    init(_ config: JSONValue?) {
      switch config?["distance"]?.string {
      case "Cosine": self = .cosine
      case "Euclid": self = .euclid
      case "Manhattan": self = .manhattan
      default: self = .dot
      }
    }

    /// Whether a greater score is nearer.
    var isRising: Bool { self == .cosine || self == .dot }
  }

  /// The vector of a point that is compared.
  let name: String
  let measure: Measure
  /// Whether products are rounded to halves, each and their sum.
  private let roundsToHalves: Bool
  /// Whether lengths were left as they are, so that a cosine divides by them.
  private let isUnscaled: Bool

  init(of name: String, in config: CollectionConfig, _ behaviours: Behaviours) {
    self.name = name
    let vector = config.denseVectors[name]
    measure = Measure(vector)
    let type = vector?["datatype"]?.string
    roundsToHalves = type == "float16" && behaviours.multipliesInHalves
    isUnscaled = measure == .cosine && type == "uint8"
  }

  /// Whether a greater score is nearer.
  var isRising: Bool { measure.isRising }

  /// Likeness before it is shown: greater is nearer, whatever the measure. Of several rows the
  /// best for each row of the example, added up.
  func raw(_ example: VectorValue, _ stored: VectorValue) -> Float {
    switch (example, stored) {
    case (.dense(let left), .dense(let right)):
      return left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in raw(left, right) }
      }
    case (.rows(let left, let width), .rows(let right, _)):
      return left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in best(left, right, width) }
      }
    case (.sparse(let left), .sparse(let right)): return left.product(right) ?? 0
    default: return 0
    }
  }

  /// A score as it is shown.
  func shown(_ raw: Float) -> Float {
    switch measure {
    case .euclid: abs(raw).squareRoot()
    case .manhattan: abs(raw)
    case .cosine, .dot: raw
    }
  }

  private func best(
    _ left: UnsafeBufferPointer<Float>, _ right: UnsafeBufferPointer<Float>, _ width: Int
  ) -> Float {
    guard width > 0 else { return 0 }
    var sum: Float = 0
    for row in stride(from: 0, to: left.count, by: width) {
      let wanted = UnsafeBufferPointer(rebasing: left[row..<row + width])
      var most = -Float.infinity
      for other in stride(from: 0, to: right.count, by: width) {
        let present = UnsafeBufferPointer(rebasing: right[other..<other + width])
        most = max(most, raw(wanted, present))
      }
      sum += most
    }
    return sum
  }

  private func raw(
    _ left: UnsafeBufferPointer<Float>, _ right: UnsafeBufferPointer<Float>
  ) -> Float {
    switch measure {
    case .euclid: return -Lanes.sum(left, right) { ($0 - $1) * ($0 - $1) }
    case .manhattan:
      return -Lanes.sum(left, right) { left, right in
        let difference = left - right
        return difference.replacing(with: -difference, where: difference .< 0)
      }
    case .cosine, .dot:
      if roundsToHalves { return halfProduct(left, right) }
      let product = Lanes.sum(left, right) { $0 * $1 }
      guard isUnscaled else { return product }
      let lengths = [left, right].map { one in Lanes.sum(one, one) { $0 * $1 } }
      guard lengths[0] > 0, lengths[1] > 0 else { return 0 }
      return product / (lengths[0] * lengths[1]).squareRoot()
    }
  }

  private func halfProduct(
    _ left: UnsafeBufferPointer<Float>, _ right: UnsafeBufferPointer<Float>
  ) -> Float {
    zip(left, right).reduce(0) { $0 + DenseForm.halved($1.0 * $1.1) }
  }
}

/// Sums over two lists of floats.
private enum Lanes {
  /// The sum of `part` over pairs: eight at a time when they are many, as the real server does, and
  /// one after another when they are few.
  @inline(__always)
  static func sum(
    _ left: UnsafeBufferPointer<Float>, _ right: UnsafeBufferPointer<Float>,
    _ part: (SIMD8<Float>, SIMD8<Float>) -> SIMD8<Float>
  ) -> Float {
    let count = min(left.count, right.count)
    var index = 0
    var total: Float = 0
    if count >= 32 {
      let (leftBytes, rightBytes) = (UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
      var sums = SIMD8<Float>.zero
      while index + 8 <= count {
        let place = index * MemoryLayout<Float>.stride
        sums += part(
          leftBytes.loadUnaligned(fromByteOffset: place, as: SIMD8<Float>.self),
          rightBytes.loadUnaligned(fromByteOffset: place, as: SIMD8<Float>.self))
        index += 8
      }
      total = sums.sum()
    }
    while index < count {
      total += part(SIMD8(repeating: left[index]), SIMD8(repeating: right[index]))[0]
      index += 1
    }
    return total
  }
}
