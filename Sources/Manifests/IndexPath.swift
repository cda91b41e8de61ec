import JSON

/// The path of a payload index in Qdrant's JSON path language, in its one canonical spelling.
///
/// Recorded in `indexes/field-names` and `field-names-doubtful`: segments hold letters of any
/// alphabet, digits, `_` and `-`, or stand in quotes; `[]` and `[0]` may follow a segment.
struct IndexPath {
  /// As a server reports it: quotes only where they are needed.
  let canonical: String

  /// Where a path is malformed, in scalars from its start.
  struct Failure: Error {
    var offset: Int
  }

  /// Reads a path.
  init(_ text: String) throws(Failure) {
    if !text.isEmpty, text.utf8.allSatisfy(IndexPath.isPlainASCII) {
      canonical = text
      return
    }
    let scalars = Array(text.unicodeScalars)
    var result = String.UnicodeScalarView()
    var index = 0
    while true {
      try IndexPath.segment(scalars, &index, into: &result)
      while index < scalars.count, scalars[index] == "[" {
        try IndexPath.brackets(scalars, &index, into: &result)
      }
      if index == scalars.count { break }
      guard scalars[index] == "." else { throw Failure(offset: index) }
      result.append(".")
      index += 1
    }
    canonical = String(result)
  }

  private static func segment(
    _ text: [Unicode.Scalar], _ index: inout Int, into result: inout String.UnicodeScalarView
  ) throws(Failure) {
    let start = index
    if index < text.count, text[index] == "\"" {
      guard let end = text[(index + 1)...].firstIndex(of: "\"") else {
        throw Failure(offset: start)
      }
      let inner = text[(index + 1)..<end]
      let needsQuotes = inner.isEmpty || !inner.allSatisfy(isPlain)
      result.append(contentsOf: needsQuotes ? text[start...end] : inner)
      index = end + 1
      return
    }
    while index < text.count, isPlain(text[index]) { index += 1 }
    if index == start { throw Failure(offset: start) }
    result.append(contentsOf: text[start..<index])
  }

  private static func brackets(
    _ text: [Unicode.Scalar], _ index: inout Int, into result: inout String.UnicodeScalarView
  ) throws(Failure) {
    let start = index
    index += 1
    while index < text.count, ("0"..."9").contains(text[index]) { index += 1 }
    guard index < text.count, text[index] == "]" else {
      throw Failure(offset: index < text.count ? index : start)
    }
    index += 1
    result.append(contentsOf: text[start..<index])
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    if let byte = UInt8(exactly: scalar.value), byte < 0x80 { return isPlainASCII(byte) }
    return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }

  private static func isPlainASCII(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
