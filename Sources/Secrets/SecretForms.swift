/// The spellings of one secret that a ``Redactor`` looks for.
enum SecretForms {
  /// Shorter values have encoded forms that occur in any text, so only the value itself counts.
  static let shortestEncoded = 4

  /// All distinct forms of the value.
  static func all(of value: UnsafeRawBufferPointer) -> [[UInt8]] {
    let bytes = Array(value)
    guard bytes.count >= shortestEncoded else { return bytes.isEmpty ? [] : [bytes] }
    var forms: Set<[UInt8]> = [bytes]
    for digits in [lowerDigits, upperDigits] {
      for isKept in [isLetter, isUnreserved, isUnreservedOrSubDelimiter, isQueryByte] {
        forms.insert(percentEncoded(bytes, digits: digits, keeping: isKept))
      }
      forms.insert(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
      for escapesSlash in [false, true] {
        forms.insert(jsonEscaped(bytes, digits: nil, escapesSlash: escapesSlash))
        forms.insert(jsonEscaped(bytes, digits: digits, escapesSlash: escapesSlash))
      }
    }
    forms.insert(htmlEscaped(bytes))
    for alphabet in [standardAlphabet, urlAlphabet] {
      for skipped in 0..<3 { forms.insert(base64(bytes, skipped: skipped, alphabet: alphabet)) }
    }
    return Array(forms)
  }

  private static let lowerDigits = Array("0123456789abcdef".utf8)
  private static let upperDigits = Array("0123456789ABCDEF".utf8)
  private static let letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
  private static let standardAlphabet = Array((letters + "+/").utf8)
  private static let urlAlphabet = Array((letters + "-_").utf8)
  private static let letterBytes = Set(letters.utf8)
  private static let unreserved = Set((letters + "-._~").utf8)
  private static let subDelimiters = Set("!$&'()*+,;=:@".utf8)

  private static func isLetter(_ byte: UInt8) -> Bool { letterBytes.contains(byte) }

  private static func isUnreserved(_ byte: UInt8) -> Bool { unreserved.contains(byte) }

  private static func isUnreservedOrSubDelimiter(_ byte: UInt8) -> Bool {
    unreserved.contains(byte) || subDelimiters.contains(byte)
  }

  private static func isQueryByte(_ byte: UInt8) -> Bool {
    isUnreservedOrSubDelimiter(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?")
  }

  private static func percentEncoded(
    _ bytes: [UInt8], digits: [UInt8], keeping isKept: (UInt8) -> Bool
  ) -> [UInt8] {
    bytes.flatMap { byte in
      isKept(byte)
        ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }

  /// As in a JSON string; what is not ASCII is escaped when there are `digits` for it.
  private static func jsonEscaped(
    _ bytes: [UInt8], digits: [UInt8]?, escapesSlash: Bool
  ) -> [UInt8] {
    String(decoding: bytes, as: UTF8.self).unicodeScalars.flatMap { scalar -> [UInt8] in
      switch scalar {
      case "\"", "\\": return [0x5C, UInt8(scalar.value)]
      case "/" where escapesSlash: return [0x5C, 0x2F]
      default:
        guard let digits, !scalar.isASCII else { return Array(UTF8.encode(scalar) ?? .init()) }
        return UTF16.encode(scalar).map(Array.init)?.flatMap { unit in
          [0x5C, UInt8(ascii: "u")] + [12, 8, 4, 0].map { digits[Int(unit >> UInt16($0)) & 15] }
        } ?? []
      }
    }
  }

  private static func htmlEscaped(_ bytes: [UInt8]) -> [UInt8] {
    bytes.flatMap { byte -> [UInt8] in
      switch byte {
      case UInt8(ascii: "&"): Array("&amp;".utf8)
      case UInt8(ascii: "<"): Array("&lt;".utf8)
      case UInt8(ascii: ">"): Array("&gt;".utf8)
      case UInt8(ascii: "\""): Array("&quot;".utf8)
      case UInt8(ascii: "'"): Array("&#39;".utf8)
      default: [byte]
      }
    }
  }

  /// The characters of a base64 text that depend on this value alone when `skipped` bytes of
  /// something else stand before it in the first group of three.
  private static func base64(_ bytes: [UInt8], skipped: Int, alphabet: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    let bitCount = bytes.count * 8
    var bit = (6 - skipped * 8 % 6) % 6
    while bit + 6 <= bitCount {
      let index = bit / 8
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0
      let pair = UInt16(bytes[index]) << 8 | UInt16(next)
      result.append(alphabet[Int(pair >> UInt16(10 - bit % 8)) & 63])
      bit += 6
    }
    return result
  }
}
