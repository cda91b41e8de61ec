import Diagnostics

/// A scalar on one line.
enum ScalarText {
  /// What is text goes through the one writer; numbers, Booleans and nothing stay what they are.
  static func text(_ text: String, _ style: SyntaxTree.Style) -> String {
    guard case .plain = style else { return YAMLWriter.scalar(text) }
    switch Scalar(plain: text) {
    case .null: return text.isEmpty ? "" : "null"
    case .bool, .integer, .fraction, .notFinite: return text
    case .text: return YAMLWriter.scalar(text)
    }
  }
}

/// A text of several lines that was written as a block and can be written so again.
struct BlockScalar {
  let header: String
  /// The lines below it.
  let text: String

  /// Nil when it was written otherwise, or holds what would not be seen, or ends in several breaks.
  ///
  /// - Parameter indent: the column of its lines; two to the right of what it belongs to.
  init?(_ value: String, _ style: SyntaxTree.Style, indent: Int) {
    var lines: [String]
    let mark: String
    switch style {
    case .plain, .quoted: return nil
    case .literal:
      mark = "|"
      lines = BlockScalar.lines(value)
    case .folded(let raw):
      mark = ">"
      lines = raw
    }
    let content = BlockScalar.lines(value)
    guard let first = content.first(where: { !$0.isEmpty }), !value.hasSuffix("\n\n"),
      value.unicodeScalars.allSatisfy({ $0 == "\n" || $0 == "\t" || Sanitizer.isHarmless($0) })
    else { return nil }
    if mark == ">" {
      guard let written = lines.first(where: { !$0.allSatisfy { $0 == " " } }) else { return nil }
      let spaces = BlockScalar.spaces(written) - BlockScalar.spaces(first)
      lines = lines.map { line in String(line.dropFirst(min(spaces, BlockScalar.spaces(line)))) }
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    let isIndented = first.hasPrefix(" ") || first.hasPrefix("\t")
    header = mark + (isIndented ? "2" : "") + (value.hasSuffix("\n") ? "" : "-")
    let margin = String(repeating: " ", count: indent)
    text = lines.map { ($0.isEmpty ? "" : margin + $0) + "\n" }.joined()
  }

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private static func spaces(_ line: String) -> Int { line.prefix { $0 == " " }.count }
}
