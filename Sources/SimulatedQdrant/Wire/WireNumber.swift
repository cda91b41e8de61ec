import JSON

/// A number as the real server keeps it: unsigned or signed 64 bits, otherwise a double.
enum WireNumber: Sendable, Equatable {
  case unsigned(UInt64)
  case signed(Int64)
  case float(Double)

  /// The number of a checked literal; nil when the amount is out of a double's range.
  init?(literal: String) {
    let isInteger = !literal.utf8.contains { $0 == 0x2E || $0 == 0x65 || $0 == 0x45 }
    if isInteger, let value = UInt64(literal) {
      self = .unsigned(value)
    } else if isInteger, let value = Int64(literal), value != 0 {
      self = .signed(value)
    } else if let value = Double(literal), value.isFinite {
      self = .float(value)
    } else {
      return nil
    }
  }

  /// The text that the server prints for it.
  var text: String {
    switch self {
    case .unsigned(let value): String(value)
    case .signed(let value): String(value)
    case .float(let value): WireNumber.text(of: value)
    }
  }

  var json: JSONValue { .number(JSONNumber(text: text)) }

  /// The amount as a double.
  var double: Double {
    switch self {
    case .unsigned(let value): Double(value)
    case .signed(let value): Double(value)
    case .float(let value): value
    }
  }

  /// How a message names it.
  func described(_ behaviours: Behaviours) -> String {
    switch self {
    case .unsigned, .signed: return "integer `\(text)`"
    case .float:
      let parts = text.split(separator: "+", omittingEmptySubsequences: false)
      let shown = behaviours.signsExponents ? text : parts.joined()
      return "floating point `\(shown)`"
    }
  }

  /// The shortest text that reads back equal, laid out as the server does it.
  static func text(of value: Double) -> String { layOut(value.description, plainBelow: 16) }

  /// The same for 32 bits.
  static func text(of value: Float) -> String { layOut(value.description, plainBelow: 13) }

  /// Lays shortest digits out: plain up to so many digits before the point and down to `0.00001`,
  /// otherwise with an exponent that has its sign (`1e+23`, `1.5e-7`).
  private static func layOut(_ shortest: String, plainBelow limit: Int) -> String {
    // Most are plain already, and a body may have a hundred thousand of them.
    if shortest.utf8.count < limit, !shortest.utf8.contains(UInt8(ascii: "e")) { return shortest }
    var digits: [UInt8] = []
    var pointAt: Int?
    var exponent = 0
    var isNegative = false
    let bytes = Array(shortest.utf8)
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "."): pointAt = digits.count
      case UInt8(ascii: "e"):
        exponent = Int(String(decoding: bytes[(index + 1)...], as: UTF8.self)) ?? 0
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(byte)
      default: return shortest
      }
      if byte == UInt8(ascii: "e") { break }
    }
    if let at = shortest.utf8.firstIndex(of: UInt8(ascii: "e")) {
      let length = shortest.utf8.distance(from: shortest.startIndex, to: at)
      digits = bytes[..<length].filter { (0x30...0x39).contains($0) }
    }
    var scale = (pointAt ?? digits.count) + exponent
    while let first = digits.first, first == 0x30, digits.count > 1 {
      digits.removeFirst()
      scale -= 1
    }
    while digits.last == 0x30, digits.count > 1 { digits.removeLast() }
    if digits == [0x30] { return isNegative ? "-0.0" : "0.0" }
    let sign = isNegative ? "-" : ""
    return sign + place(digits, scale: scale, limit: limit)
  }

  private static func place(_ digits: [UInt8], scale: Int, limit: Int) -> String {
    func text(_ slice: ArraySlice<UInt8>) -> String { String(decoding: slice, as: UTF8.self) }
    if scale >= digits.count, scale <= limit {
      return text(digits[...]) + String(repeating: "0", count: scale - digits.count) + ".0"
    }
    if scale > 0, scale <= limit { return text(digits[..<scale]) + "." + text(digits[scale...]) }
    if scale > -5, scale <= 0 {
      return "0." + String(repeating: "0", count: -scale) + text(digits[...])
    }
    let fraction = digits.count > 1 ? "." + text(digits[1...]) : ""
    let power = scale - 1
    return text(digits[..<1]) + fraction + "e" + (power < 0 ? "" : "+") + String(power)
  }
}
