import JSON

/// What a scalar means in YAML 1.2, as far as manifests know it.
enum Scalar: Equatable {
  case null
  case bool(Bool)
  /// A decimal integer in JSON's form.
  case integer
  /// A decimal fraction, or one with an exponent.
  case fraction
  /// `.inf` and `.nan`: numbers that JSON does not have.
  case notFinite
  case text

  /// The meaning of what stands without quotes.
  init(plain text: String) {
    var text = text
    self = text.withUTF8 { YAMLTree.meaning($0) }
  }
}

extension YAMLTree {
  /// The meaning of a scalar; a quoted one is always text.
  ///
  /// `yes`, `0o600`, `3_84`, `1:30`, `007` and `+5` are text: readers of YAML disagree about them.
  func scalar(_ node: Int32) -> Scalar {
    let node = nodes[Int(resolved(node))]
    guard node.isPlain else { return .text }
    return text.withUnsafeBufferPointer { all in
      let start = Int(node.text)
      return YAMLTree.meaning(
        UnsafeBufferPointer(rebasing: all[start..<(start + Int(node.length))]))
    }
  }

  fileprivate static func meaning(_ bytes: UnsafeBufferPointer<UInt8>) -> Scalar {
    guard let first = bytes.first else { return .null }
    switch first {
    case UInt8(ascii: "~"): return bytes.count == 1 ? .null : .text
    case UInt8(ascii: "n"): return bytes.elementsEqual("null".utf8) ? .null : .text
    case UInt8(ascii: "t"): return bytes.elementsEqual("true".utf8) ? .bool(true) : .text
    case UInt8(ascii: "f"): return bytes.elementsEqual("false".utf8) ? .bool(false) : .text
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "."):
      return number(bytes)
    default: return .text
    }
  }

  private static let notFinite = [
    ".inf", ".Inf", ".INF", "+.inf", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN",
  ]

  private static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> Scalar {
    var index = bytes[0] == UInt8(ascii: "-") ? 1 : 0
    let whole = digits(bytes, from: &index)
    let startsWithZero = whole > 1 && bytes[index - whole] == UInt8(ascii: "0")
    if whole > 0, index == bytes.count { return startsWithZero ? .text : .integer }
    var fraction = 0
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      index += 1
      fraction = digits(bytes, from: &index)
    }
    var isNumber = whole + fraction > 0 && !startsWithZero
    if isNumber, index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+")
      {
        index += 1
      }
      isNumber = digits(bytes, from: &index) > 0
    }
    if isNumber, index == bytes.count { return .fraction }
    if bytes.count <= 5, notFinite.contains(where: { bytes.elementsEqual($0.utf8) }) {
      return .notFinite
    }
    return .text
  }

  private static func digits(_ bytes: UnsafeBufferPointer<UInt8>, from index: inout Int) -> Int {
    let start = index
    while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
    return index - start
  }

  /// The integer, when the text is one of at most 18 digits: the usual case, without a string.
  func smallInteger(_ node: Int32) -> Int? {
    let node = nodes[Int(resolved(node))]
    guard (1...18).contains(node.length) else { return nil }
    let isNegative = text[Int(node.text)] == UInt8(ascii: "-")
    var amount = 0
    for offset in (isNegative ? 1 : 0)..<Int(node.length) {
      amount = amount * 10 + Int(text[Int(node.text) + offset] &- 0x30)
    }
    // "-0" keeps its text.
    return isNegative ? (amount == 0 ? nil : -amount) : amount
  }

  /// The number of a scalar that is an integer or a fraction.
  ///
  /// What YAML allows and JSON does not (`.5`, `1.`) is written out.
  func number(_ node: Int32) -> JSONNumber {
    if let small = smallDigits(node) { return JSONNumber(small) }
    var text = string(node)
    if text.hasPrefix(".") { text = "0" + text }
    if text.hasPrefix("-.") { text = "-0" + text.dropFirst() }
    if let point = text.firstIndex(of: ".") {
      let after = text.index(after: point)
      if after == text.endIndex || !("0"..."9").contains(text[after]) {
        text.insert("0", at: after)
      }
    }
    return JSONNumber(text: text)
  }

  private func smallDigits(_ node: Int32) -> Int? {
    if case .integer = scalar(node) { return smallInteger(node) }
    return nil
  }
}
