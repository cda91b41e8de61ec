/// Powers, without a library of C.
enum Exponential {
  private static let logarithmOfTwo = 0.693_147_180_559_945_3

  /// The number e to a power: whole powers of two apart, the rest by its series.
  static func natural(_ power: Double) -> Double {
    guard power.isFinite else { return power.isNaN ? .nan : power > 0 ? .infinity : 0 }
    if power > 710 { return .infinity }
    if power < -746 { return 0 }
    let doublings = (power / logarithmOfTwo).rounded()
    let rest = power - doublings * logarithmOfTwo
    var term = 1.0
    var sum = 1.0
    for step in 1...20 {
      term *= rest / Double(step)
      sum += term
    }
    return sum * Double(sign: .plus, exponent: Int(doublings) / 2, significand: 1)
      * Double(sign: .plus, exponent: Int(doublings) - Int(doublings) / 2, significand: 1)
  }

  /// A number to a power; not a number where there is none.
  static func power(_ base: Double, _ exponent: Double) -> Double {
    if exponent == exponent.rounded(), abs(exponent) <= 1024 {
      var result = 1.0
      for _ in 0..<Int(abs(exponent)) { result *= base }
      return exponent < 0 ? 1 / result : result
    }
    if base == 0 { return exponent > 0 ? 0 : .infinity }
    return base > 0 ? natural(exponent * Logarithm.natural(base)) : .nan
  }
}
