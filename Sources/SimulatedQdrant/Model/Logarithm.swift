/// The logarithm, without a library of C.
enum Logarithm {
  /// The natural logarithm of a positive amount, by the series of the inverse tangent.
  static func natural(_ amount: Double) -> Double {
    guard amount > 0, amount.isFinite else { return 0 }
    let ratio = (amount.significand - 1) / (amount.significand + 1)
    var power = ratio
    var sum = 0.0
    for step in 0..<40 {
      sum += power / Double(2 * step + 1)
      power *= ratio * ratio
    }
    return 2 * sum + Double(amount.exponent) * 0.693_147_180_559_945_3
  }
}
