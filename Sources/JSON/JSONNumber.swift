/// A JSON number that keeps its text.
///
/// Equality is equality of the text; `isEquivalent` compares the amounts.
package struct JSONNumber: Sendable, Hashable {
  private enum Storage: Sendable, Hashable {
    /// The text is the plain decimal form of this integer.
    case plain(Int)
    case text(String)
  }

  private var storage: Storage

  package init(_ value: Int) { storage = .plain(value) }

  /// A finite double in its shortest form that reads back equal; always with a point or exponent.
  package init(_ value: Double) {
    precondition(value.isFinite, "JSON has no number for an infinity or a NaN")
    storage = .text(JSONNumber.text(of: value))
  }

  /// A number by its JSON text, which the caller has checked.
  package init(text: String) {
    if text.utf8.count <= 18, let value = Int(text), value != 0 || text == "0" {
      let first = text.utf8.first
      let plain = first != UInt8(ascii: "+") && !(text.utf8.count > 1 && first == UInt8(ascii: "0"))
      storage = plain ? .plain(value) : .text(text)
    } else {
      storage = .text(text)
    }
  }

  /// The text as it stood in the document.
  package var text: String {
    switch storage {
    case .plain(let value): String(value)
    case .text(let text): text
    }
  }

  /// Whether the text is an integer literal: no point and no exponent.
  package var isIntegerLiteral: Bool {
    switch storage {
    case .plain: true
    case .text(let text): !text.utf8.contains { $0 == 0x2E || $0 == 0x65 || $0 == 0x45 }
    }
  }

  /// The amount of an integer literal that fits 64 signed bits.
  package var integer: Int? {
    switch storage {
    case .plain(let value): value
    case .text(let text): isIntegerLiteral ? Int(text) : nil
    }
  }

  /// The amount of an integer literal that fits 64 unsigned bits.
  package var unsigned: UInt64? {
    switch storage {
    case .plain(let value): UInt64(exactly: value)
    case .text(let text): isIntegerLiteral ? UInt64(text) : nil
    }
  }

  /// The amount as a double; infinite when the text is too large for one.
  package var double: Double {
    switch storage {
    case .plain(let value): Double(value)
    case .text(let text): Double(text) ?? .infinity
    }
  }

  /// Whether the two are the same amount.
  package func isEquivalent(to other: JSONNumber) -> Bool {
    if self == other { return true }
    if let left = integer, let right = other.integer { return left == right }
    return double == other.double && double.isFinite
  }

  /// `1.0`, `0.25`, `1e+300`: as Rust's serde writes doubles, which is what servers print.
  private static func text(of value: Double) -> String {
    let text = value.description
    guard let exponentAt = text.firstIndex(of: "e") else { return text }
    let mantissa = text[..<exponentAt]
    let exponent = text[text.index(after: exponentAt)...]
    let digits = mantissa.hasSuffix(".0") ? mantissa.dropLast(2) : mantissa
    return digits + "e" + exponent
  }
}
