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
  func lineText(_ line: Int) -> [Unicode.Scalar] { SourceLine.scalars(line, in: source) }

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

/// Lines of a text, for error paths only: found by counting from the start.
enum SourceLine {
  /// The scalars of a line (from 1), without its break; at most 4096 of them.
  static func scalars(_ line: Int, in bytes: [UInt8]) -> [Unicode.Scalar] {
    guard let range = range(line, in: bytes) else { return [] }
    return Array(
      String(decoding: bytes[range.prefix(16_384)], as: UTF8.self).unicodeScalars.prefix(4096))
  }

  private static func range(_ line: Int, in bytes: [UInt8]) -> Range<Int>? {
    guard line >= 1 else { return nil }
    return bytes.withUnsafeBufferPointer { buffer in
      var start = 0
      var number = 1
      while number < line {
        guard let next = buffer[start...].firstIndex(of: 0x0A) else { return nil }
        start = next + 1
        number += 1
      }
      var end = buffer[start...].firstIndex(of: 0x0A) ?? buffer.count
      if end > start, buffer[end - 1] == 0x0D { end -= 1 }
      return start..<end
    }
  }
}

extension SourceSpan {
  /// The first character only.
  var start: SourceSpan {
    SourceSpan(file: file, line: line, column: column, endLine: line, endColumn: column &+ 1)
  }
}
