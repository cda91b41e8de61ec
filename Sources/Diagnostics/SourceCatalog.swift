/// The texts that spans point into, by number.
///
/// A value: the loader fills it, the drawings read it. Line tables are made by the drawings, since
/// most texts never need one.
package struct SourceCatalog: Sendable {
  /// One text.
  package struct Source: Sendable {
    /// As shown to people: a path, or `<stdin>`.
    package var path: String
    /// Without a byte order mark.
    package var bytes: [UInt8]
    /// The length of the byte order mark that was taken off.
    package var skippedBytes: Int
  }

  /// By file number.
  package private(set) var sources: [Source] = []
  /// Places whose text is never drawn: literal secrets.
  package private(set) var masks: [Int32: [SourceSpan]] = [:]

  package init() {}

  /// Adds a text and gives its number.
  package mutating func add(path: String, bytes: [UInt8]) -> Int32 {
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    sources.append(
      Source(
        path: path, bytes: hasMark ? Array(bytes.dropFirst(3)) : bytes,
        skippedBytes: hasMark ? 3 : 0))
    return Int32(truncatingIfNeeded: sources.count - 1)
  }

  /// Hides the text of a span from every drawing.
  package mutating func mask(_ span: SourceSpan) { masks[span.file, default: []].append(span) }

  /// The path of a file, or `?` for a number that is none.
  package func path(_ file: Int32) -> String { source(file)?.path ?? "?" }

  /// The text of that number.
  package func source(_ file: Int32) -> Source? {
    file >= 0 && Int(file) < sources.count ? sources[Int(file)] : nil
  }
}

/// Where the lines of a text start; made once per text and drawing.
struct LineTable {
  private let starts: [UInt32]
  private let bytes: [UInt8]

  /// Line breaks are LF, CR LF and a lone CR, which is what the YAML reader counts.
  init(_ bytes: [UInt8]) {
    var starts: [UInt32] = [0]
    bytes.withUnsafeBufferPointer { buffer in
      for index in buffer.indices {
        let byte = buffer[index]
        guard byte == 0x0A || byte == 0x0D else { continue }
        let isPair = byte == 0x0D && index + 1 < buffer.count && buffer[index + 1] == 0x0A
        if !isPair { starts.append(UInt32(truncatingIfNeeded: index + 1)) }
      }
    }
    self.starts = starts
    self.bytes = bytes
  }

  /// The bytes of a line (from 1) without its break.
  func range(of line: Int32) -> Range<Int>? {
    guard line >= 1, Int(line) <= starts.count else { return nil }
    let start = Int(starts[Int(line) - 1])
    var end = Int(line) < starts.count ? Int(starts[Int(line)]) : bytes.count
    while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return start..<end
  }

  /// The byte at which a column (from 1, in scalars) of a line stands, clamped to the line.
  func offset(line: Int32, column: Int32) -> Int? {
    guard let range = range(of: line) else { return nil }
    return LineTable.seek(Int(column) - 1, from: range.lowerBound, to: range.upperBound, in: bytes)
  }

  /// The byte after so many scalars.
  static func seek(_ scalars: Int, from start: Int, to end: Int, in bytes: [UInt8]) -> Int {
    bytes.withUnsafeBufferPointer { buffer in
      var left = scalars
      var index = start
      while index < end {
        if buffer[index] & 0xC0 != 0x80 {
          if left <= 0 { return index }
          left -= 1
        }
        index += 1
      }
      return end
    }
  }
}
