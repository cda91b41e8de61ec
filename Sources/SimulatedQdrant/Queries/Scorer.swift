/// How a point is scored by its likeness to prepared vectors.
enum Scorer: Sendable {
  /// Two vectors: one to be near to and one to be far from.
  struct Pair: Sendable {
    var positive: VectorValue
    var negative: VectorValue
  }

  case nearest(VectorValue)
  case bestScore(positive: [VectorValue], negative: [VectorValue])
  case sumScores(positive: [VectorValue], negative: [VectorValue])
  case discover(target: VectorValue, [Pair])
  case context([Pair])
  /// The likeness to a target, and for each pair the lead of its positive, times weights.
  case weighted(target: VectorValue, Float, [(pair: Pair, weight: Float)])

  /// Whether scores are those of the measure of distance, and not of a range of their own.
  var isPlain: Bool {
    if case .nearest = self { return true }
    return false
  }

  /// The score of a point whose likeness to a vector `likeness` tells, greater being nearer.
  func score(_ likeness: (VectorValue) -> Float) -> Float {
    switch self {
    case .nearest(let wanted): return likeness(wanted)
    case .bestScore(let positive, let negative):
      let best = positive.map(likeness).max() ?? -.infinity
      let worst = negative.map(likeness).max() ?? -.infinity
      return best > worst ? Scorer.squeezed(best) : -Scorer.squeezed(worst)
    case .sumScores(let positive, let negative):
      return positive.reduce(Float(0)) { $0 + likeness($1) }
        - negative.reduce(Float(0)) { $0 + likeness($1) }
    case .discover(let target, let pairs):
      let rank = pairs.reduce(0) { sum, pair in
        let (near, far) = (likeness(pair.positive), likeness(pair.negative))
        return sum + (near > far ? 1 : near < far ? -1 : 0)
      }
      return Float(rank) + Scorer.squeezed(likeness(target))
    case .context(let pairs):
      return pairs.reduce(Float(0)) { sum, pair in
        let lead = likeness(pair.positive) - likeness(pair.negative) - Float.ulpOfOne
        let loss = min(lead, 0)
        return sum + loss / (1 + abs(loss))
      }
    case .weighted(let target, let weight, let pairs):
      return pairs.reduce(weight * likeness(target)) { sum, entry in
        sum + entry.weight * (likeness(entry.pair.positive) - likeness(entry.pair.negative))
      }
    }
  }

  /// Every vector changed in one way.
  func mapped(_ change: (VectorValue) -> VectorValue) -> Scorer {
    func both(_ pair: Pair) -> Pair {
      Pair(positive: change(pair.positive), negative: change(pair.negative))
    }
    return switch self {
    case .nearest(let wanted): .nearest(change(wanted))
    case .bestScore(let positive, let negative):
      .bestScore(positive: positive.map(change), negative: negative.map(change))
    case .sumScores(let positive, let negative):
      .sumScores(positive: positive.map(change), negative: negative.map(change))
    case .discover(let target, let pairs): .discover(target: change(target), pairs.map(both))
    case .context(let pairs): .context(pairs.map(both))
    case .weighted(let target, let weight, let pairs):
      .weighted(target: change(target), weight, pairs.map { (both($0.pair), $0.weight) })
    }
  }

  /// Any likeness brought between 0 and 1 without a change of order.
  private static func squeezed(_ likeness: Float) -> Float {
    0.5 * (likeness / (1 + abs(likeness)) + 1)
  }
}

extension VectorValue {
  /// The mean of vectors of one kind, as recommendations take it; rows are put one after another.
  static func mean(of vectors: [VectorValue]) throws(Refusal) -> VectorValue {
    guard let first = vectors.first else {
      throw .wrongInput("Positive vectors should not be empty with `average` strategy")
    }
    let count = Float(vectors.count)
    var total = first
    for vector in vectors.dropFirst() { total = try total.added(vector) }
    switch total {
    case .dense(let sums): return .dense(sums.map { $0 / count })
    case .sparse(let sums): return .sparse(sums.mapped { $1 / count })
    case .rows(let rows, let width): return .rows(rows, width: width)
    }
  }

  /// What lies as far beyond this mean as another one lies before it.
  func away(from other: VectorValue) throws(Refusal) -> VectorValue {
    switch (self, other) {
    case (.dense(let left), .dense(let right)) where left.count == right.count:
      .dense(zip(left, right).map { $0 + $0 - $1 })
    case (.sparse(let left), .sparse(let right)): .sparse(left.combined(right) { $0 + $0 - $1 })
    case (.rows(let left, let width), .rows(let right, let other)) where width == other:
      .rows(left + right.map { -$0 }, width: width)
    default: throw VectorValue.unlike
    }
  }

  private func added(_ other: VectorValue) throws(Refusal) -> VectorValue {
    switch (self, other) {
    case (.dense(let left), .dense(let right)):
      guard left.count == right.count else {
        throw .wrongInput(
          "Vector dimension error: expected dim: \(left.count), got \(right.count)")
      }
      return .dense(zip(left, right).map(+))
    case (.sparse(let left), .sparse(let right)): return .sparse(left.combined(right, +))
    case (.rows(let left, let width), .rows(let right, let other)) where width == other:
      return .rows(left + right, width: width)
    default: throw VectorValue.unlike
    }
  }

  private static let unlike = Refusal.wrongInput("Can't average vectors with different types")
}
