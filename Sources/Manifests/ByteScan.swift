import Diagnostics

/// The first look at a text: is it UTF-8, and free of characters that no manifest may hold?
///
/// libyaml checks some of this, too, but reports characters where bytes are meant and stops at the
/// first; and it takes U+0085, U+2028 and U+2029 for line breaks, which nobody's editor does.
struct ByteScan {
  /// What is wrong, by place; at most `limit` places.
  private(set) var diagnostics: [Diagnostic] = []
  private let limit = 20
  private let file: Int32
  /// After the scan of a good text: its last line and the column after its last character.
  private(set) var line: Int32 = 1
  private(set) var endColumn: Int32 = 1
  /// Where each line starts.
  private(set) var lines: [UInt32] = [0]
  private var lineStart = 0

  /// Looks through a text without byte order mark.
  init(_ bytes: [UInt8], file: Int32, skippedBytes: Int) {
    self.file = file
    bytes.withUnsafeBufferPointer { scan($0, skippedBytes) }
  }

  /// Whether a text looks like UTF-16: by its mark, or by a zero byte among the first two.
  static func isUTF16(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 2 else { return false }
    switch (bytes[0], bytes[1]) {
    case (0xFF, 0xFE), (0xFE, 0xFF): return true
    case (0, let second): return second != 0
    case (_, let second): return second == 0
    }
  }

  private mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, _ skippedBytes: Int) {
    var index = 0
    defer {
      for byte in bytes[lineStart...] where byte & 0xC0 != 0x80 { endColumn &+= 1 }
    }
    while index < bytes.count {
      let byte = bytes[index]
      if byte >= 0x20 && byte < 0x7F || byte == 0x09 {
        index += 1
      } else if byte == 0x0A {
        index += 1
        line &+= 1
        lineStart = index
        lines.append(UInt32(truncatingIfNeeded: index))
      } else if diagnostics.count >= limit {
        return
      } else if byte == 0x0D {
        let isPair = index + 1 < bytes.count && bytes[index + 1] == 0x0A
        if !isPair {
          diagnostics.append(Messages.loneCarriageReturn(at: span(bytes, index)))
          line &+= 1
          lineStart = index + 1
        }
        index += 1
      } else if byte < 0x80 {
        diagnostics.append(Messages.controlCharacter(UInt32(byte), at: span(bytes, index)))
        index += 1
      } else if let (value, length) = ByteScan.scalar(bytes, index) {
        if ByteScan.isForbidden(value) {
          diagnostics.append(Messages.controlCharacter(value, at: span(bytes, index)))
        }
        index += length
      } else {
        diagnostics.append(
          Messages.invalidUTF8(byte: index + skippedBytes, at: span(bytes, index)))
        return
      }
    }
  }

  /// C1 controls, the line breaks of other standards, byte order marks inside, non-characters.
  private static func isForbidden(_ value: UInt32) -> Bool {
    (0x80...0x9F).contains(value) || value == 0x2028 || value == 0x2029 || value == 0xFEFF
      || value & 0xFFFE == 0xFFFE
  }

  /// The scalar that starts at a byte over 0x7F with its length, or nil when it is none.
  private static func scalar(
    _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int
  ) -> (UInt32, Int)? {
    let lead = bytes[index]
    let length: Int
    var value: UInt32
    switch lead {
    case 0xC2...0xDF: (length, value) = (2, UInt32(lead & 0x1F))
    case 0xE0...0xEF: (length, value) = (3, UInt32(lead & 0x0F))
    case 0xF0...0xF4: (length, value) = (4, UInt32(lead & 0x07))
    default: return nil
    }
    guard index + length <= bytes.count else { return nil }
    for offset in 1..<length {
      let byte = bytes[index + offset]
      guard byte & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    let least: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
    guard value >= least, Unicode.Scalar(value) != nil else { return nil }
    return (value, length)
  }

  /// The one character at a byte.
  private func span(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> SourceSpan {
    var column: Int32 = 1
    for byte in bytes[lineStart..<index] where byte & 0xC0 != 0x80 { column &+= 1 }
    return SourceSpan(
      file: file, line: line, column: column, endLine: line, endColumn: column &+ 1)
  }
}
