import Diagnostics

extension SourceCatalog {
  /// Hides what may be credentials in addresses, wherever they stand in these texts.
  ///
  /// The decoder masks the value of `url`; a misspelt key or a syntax error on the line would print
  /// it all the same. Masked is what stands between `://` and the last `@` of a line, and what
  /// follows a `?` behind a `://`.
  mutating func maskCredentials(in files: Set<Int32>) {
    for file in files {
      guard let bytes = source(file)?.bytes, bytes.contains(where: { "@?".utf8.contains($0) })
      else { continue }
      var line: Int32 = 1
      var start = 0
      while start <= bytes.count {
        let end = bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
        for range in SourceCatalog.credentials(in: bytes[start..<end]) {
          mask(span(of: range, from: start, in: bytes, file, line))
        }
        let isPair = end + 1 < bytes.count && bytes[end] == 0x0D && bytes[end + 1] == 0x0A
        start = end + (isPair ? 2 : 1)
        line &+= 1
      }
    }
  }

  private static func credentials(in line: ArraySlice<UInt8>) -> [Range<Int>] {
    let colons = line.indices.filter { line[$0] == UInt8(ascii: ":") }
    guard let colon = colons.first(where: { line[$0...].starts(with: "://".utf8) }) else {
      return []
    }
    let rest = line[(colon + 3)...]
    var ranges: [Range<Int>] = []
    if let at = rest.lastIndex(of: UInt8(ascii: "@")) { ranges.append(rest.startIndex..<at) }
    if let query = rest.firstIndex(of: UInt8(ascii: "?")) {
      ranges.append(query + 1..<line.endIndex)
    }
    return ranges.filter { !$0.isEmpty }
  }

  private func span(
    of range: Range<Int>, from start: Int, in bytes: [UInt8], _ file: Int32, _ line: Int32
  ) -> SourceSpan {
    func column(_ offset: Int) -> Int32 {
      let scalars = bytes[start..<offset].count { $0 & 0xC0 != 0x80 }
      return Int32(truncatingIfNeeded: scalars + 1)
    }
    return SourceSpan(
      file: file, line: line, column: column(range.lowerBound), endLine: line,
      endColumn: column(range.upperBound))
  }
}
