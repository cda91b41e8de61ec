/// One source line as it is drawn: harmless, clipped around the place, with the carets under it.
struct Excerpt {
  /// How many columns of a line are drawn.
  static let width = 100

  /// The line's text.
  let text: String
  /// Spaces and carets to stand below it.
  let carets: String

  /// The first line of a span; nil when the span lies outside of the text.
  init?(_ span: SourceSpan, source: SourceCatalog.Source, lines: LineTable, masks: [SourceSpan]) {
    guard let range = lines.range(of: span.line),
      let start = lines.offset(line: span.line, column: span.column)
    else { return nil }
    let end =
      span.endLine > span.line
      ? range.upperBound : lines.offset(line: span.line, column: span.endColumn) ?? start
    let cells = Excerpt.window(around: start, range: range, bytes: source.bytes)
    let hidden = Excerpt.hidden(span.line, range, source.bytes, lines, masks)
    var text = cells.lowerBound > range.lowerBound ? "…" : ""
    var indent = text.isEmpty ? 0 : 1
    var marked = 0
    var offset = cells.lowerBound
    for scalar in String(decoding: source.bytes[cells], as: UTF8.self).unicodeScalars {
      let isHidden = hidden.contains { $0.contains(offset) }
      let cell = isHidden ? "•" : Excerpt.shown(scalar)
      let columns = isHidden ? 1 : Excerpt.columns(of: scalar, shownAs: cell)
      if offset < start {
        indent += columns
      } else if offset < max(end, start + 1) {
        marked += columns
      }
      text += cell
      offset += UTF8.width(scalar)
    }
    if cells.upperBound < range.upperBound { text += "…" }
    self.text = text
    carets =
      String(repeating: " ", count: indent) + String(repeating: "^", count: max(1, marked))
  }

  /// The bytes that are drawn: all of a short line, or a window with the place in its first third.
  private static func window(around start: Int, range: Range<Int>, bytes: [UInt8]) -> Range<Int> {
    guard range.count > width else { return range }
    var lower = max(range.lowerBound, start - width / 3)
    if range.upperBound - lower < width { lower = max(range.lowerBound, range.upperBound - width) }
    while lower > range.lowerBound, bytes[lower] & 0xC0 == 0x80 { lower -= 1 }
    let upper = LineTable.seek(width, from: lower, to: range.upperBound, in: bytes)
    return lower..<upper
  }

  /// The byte ranges of a line that are not shown: masked spans, and values of secret-looking keys.
  private static func hidden(
    _ line: Int32, _ range: Range<Int>, _ bytes: [UInt8], _ lines: LineTable, _ masks: [SourceSpan]
  ) -> [Range<Int>] {
    var hidden: [Range<Int>] = []
    for mask in masks where mask.line <= line && line <= mask.endLine {
      let from = mask.line < line ? range.lowerBound : lines.offset(line: line, column: mask.column)
      let to =
        mask.endLine > line ? range.upperBound : lines.offset(line: line, column: mask.endColumn)
      if let from, let to, from < to { hidden.append(from..<to) }
    }
    if let value = SecretLine.value(in: bytes, range) { hidden.append(value) }
    return hidden
  }

  private static func shown(_ scalar: Unicode.Scalar) -> String {
    if scalar == "\t" { return "    " }
    return Sanitizer.isHarmless(scalar) ? String(scalar) : Sanitizer.escaped(scalar)
  }

  /// How many columns of a terminal a shown scalar takes: 0 for marks, 2 for wide ones.
  private static func columns(of scalar: Unicode.Scalar, shownAs cell: String) -> Int {
    if scalar.value < 0x300 { return cell.unicodeScalars.count }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    guard Sanitizer.isHarmless(scalar) else { return cell.unicodeScalars.count }
    return isWide(scalar.value) ? 2 : 1
  }

  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
    0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]

  private static func isWide(_ value: UInt32) -> Bool { wide.contains { $0.contains(value) } }
}

/// Finds the value of a key that looks like a secret's, for lines that no decoder understood.
///
/// A syntax error on the line of a literal key must not print the key. References (`{env: NAME}`)
/// are shown.
enum SecretLine {
  private static let words = ["key", "secret", "token", "password", "passwd", "credential"]
  /// Keys with such a word in them that hold nothing secret.
  private static let harmless = ["shard_keys", "client_key", "key", "keys"]

  static func value(in bytes: [UInt8], _ range: Range<Int>) -> Range<Int>? {
    let line = range.prefix(4096)
    guard let colon = line.first(where: { bytes[$0] == 0x3A }) else { return nil }
    let key = String(decoding: bytes[range.lowerBound..<colon], as: UTF8.self).lowercased()
      .filter { $0.isLetter || $0 == "_" || $0 == "-" }
    guard !harmless.contains(key), words.contains(where: key.contains) else { return nil }
    var start = colon + 1
    while start < range.upperBound, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
    guard start < range.upperBound, bytes[start] != 0x7B, bytes[start] != 0x23 else { return nil }
    return start..<range.upperBound
  }
}
