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
    if scalar.isASCII {
      return scalar == "_" || scalar == "-" || scalar.properties.isAlphabetic
        || ("0"..."9").contains(scalar)
    }
    return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }
}
