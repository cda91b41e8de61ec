import CYAML
import Diagnostics

/// Places in the text being read, for messages: found by looking at the source again.
extension YAMLReader {
  /// One character.
  func place(_ line: Int, _ column: Int, length: Int = 1) -> SourceSpan {
    SourceSpan(
      file: tree.file, line: Int32(truncatingIfNeeded: line),
      column: Int32(truncatingIfNeeded: column), endLine: Int32(truncatingIfNeeded: line),
      endColumn: Int32(truncatingIfNeeded: column &+ length))
  }

  /// The scalars of a line (from 1), without its break; at most 4096 of them.
  func lineText(_ line: Int) -> [Unicode.Scalar] { source.line(line) }

  /// The anchor of a node whose span starts with it or with a tag before it.
  func anchorSpan(_ span: SourceSpan, _ name: String) -> SourceSpan {
    property("&", span, length: name.unicodeScalars.count + 1)
  }

  /// The tag of a node whose span starts with it or with an anchor before it.
  func tagSpan(_ span: SourceSpan) -> SourceSpan { property("!", span, length: nil) }

  private func property(_ mark: Unicode.Scalar, _ span: SourceSpan, length: Int?) -> SourceSpan {
    let line = lineText(Int(span.line))
    let start = Int(span.column) - 1
    guard start >= 0, start < line.count, let at = line[start...].firstIndex(of: mark) else {
      return span.start
    }
    let end = line[at...].firstIndex { $0 == " " || $0 == "," || $0 == "}" || $0 == "]" }
    return place(Int(span.line), at + 1, length: length ?? ((end ?? line.count) - at))
  }

  /// The `?` before a key that is no text, when it stands on the same line.
  func complexKeySpan(_ span: SourceSpan) -> SourceSpan {
    let before = lineText(Int(span.line)).prefix(max(0, Int(span.column) - 1))
    guard let at = before.lastIndex(of: "?"), before[(at + 1)...].allSatisfy({ $0 == " " }) else {
      return span
    }
    return place(Int(span.line), at + 1)
  }

  /// Tells about `%YAML` and `%TAG` lines.
  mutating func directives(from first: Int, to last: Int) {
    for number in first...max(first, last) {
      let text = lineText(number + 1)
      let comment = text.indices.dropFirst().first { text[$0] == "#" && text[$0 - 1] == " " }
      let kept = text[..<(comment ?? text.count)]
      let line = String(String.UnicodeScalarView(kept.reversed().drop { $0 == " " }.reversed()))
      let span = place(number + 1, 1, length: line.unicodeScalars.count)
      if line.hasPrefix("%TAG") { findings.add(Messages.tagDirective(at: span)) }
      if line.hasPrefix("%YAML") {
        let version = line.dropFirst(5).filter { $0 != " " && $0 != "\t" }
        if version != "1.2" { findings.add(Messages.versionDirective(version, at: span)) }
      }
    }
  }
}

/// A text with the starts of its lines, for looking at it again when something is wrong.
struct SourceText {
  var bytes: [UInt8] = []
  /// Where each line starts.
  var lines: [UInt32] = [0]

  /// The scalars of a line (from 1), without its break; at most 4096 of them.
  func line(_ number: Int) -> [Unicode.Scalar] {
    guard number >= 1, number <= lines.count else { return [] }
    let start = Int(lines[number - 1])
    let next = number < lines.count ? Int(lines[number]) : bytes.count
    let part = bytes[start..<min(next, start + 16_384)]
    var scalars = Array(String(decoding: part, as: UTF8.self).unicodeScalars.prefix(4096))
    while scalars.last == "\n" || scalars.last == "\r" { scalars.removeLast() }
    return scalars
  }
}

extension SourceSpan {
  /// The first character only.
  var start: SourceSpan {
    SourceSpan(file: file, line: line, column: column, endLine: line, endColumn: column &+ 1)
  }
}
