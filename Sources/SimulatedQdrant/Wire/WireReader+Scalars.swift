extension WireReader {
  /// A number; reading stands on its first byte.
  mutating func number() throws(WireFailure) -> WireNumber {
    let start = index
    if peek == UInt8(ascii: "-") { index += 1 }
    try integerPart()
    if peek == UInt8(ascii: ".") {
      index += 1
      try digits()
    }
    if let byte = peek, byte == 0x65 || byte == 0x45 {
      index += 1
      if let sign = peek, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { index += 1 }
      try digits()
    }
    let literal = String(decoding: bytes[start..<index], as: UTF8.self)
    guard let number = WireNumber(literal: literal) else {
      throw failure(Syntax.numberOutOfRange)
    }
    return number
  }

  private mutating func integerPart() throws(WireFailure) {
    guard let first = peek else { throw failure(Syntax.endInValue) }
    index += 1
    switch first {
    case UInt8(ascii: "0"):
      if let next = peek, (0x30...0x39).contains(next) {
        throw peekFailure(Syntax.invalidNumber)
      }
    case UInt8(ascii: "1")...UInt8(ascii: "9"): skipDigits()
    default: throw failure(Syntax.invalidNumber)
    }
  }

  private mutating func digits() throws(WireFailure) {
    guard let first = peek else { throw peekFailure(Syntax.endInValue) }
    guard (0x30...0x39).contains(first) else { throw peekFailure(Syntax.invalidNumber) }
    skipDigits()
  }

  private mutating func skipDigits() {
    while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
  }

  /// A string; reading stands on its opening quote.
  mutating func string() throws(WireFailure) -> String {
    index += 1
    let start = index
    var isASCII = true
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") {
        let slice = bytes[start..<index]
        index += 1
        if isASCII { return String(decoding: slice, as: UTF8.self) }
        return try text(slice)
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
      index += 1
      if byte < 0x20 { throw failure(Syntax.controlCharacter) }
      if byte >= 0x80 { isASCII = false }
    }
    throw failure(Syntax.endInString)
  }

  /// Steps over a string whose content nobody reads: whether it is UTF-8, or half a pair, is not
  /// looked at.
  mutating func skipString() throws(WireFailure) {
    index += 1
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return
      case UInt8(ascii: "\\"): try skipEscape()
      case 0..<0x20: throw failure(Syntax.controlCharacter)
      default: break
      }
    }
    throw failure(Syntax.endInString)
  }

  private mutating func skipEscape() throws(WireFailure) {
    guard index < bytes.count, bytes[index] == UInt8(ascii: "u") else {
      var ignored: [UInt8] = []
      return try escape(into: &ignored)
    }
    index += 1
    _ = try fourHexDigits()
  }

  private func text(_ bytes: ArraySlice<UInt8>) throws(WireFailure) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw failure(Syntax.invalidCodePoint)
    }
    return text
  }

  private mutating func escapedString(from start: Int) throws(WireFailure) -> String {
    var output = Array(bytes[start..<index])
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return try text(output[...])
      case UInt8(ascii: "\\"): try escape(into: &output)
      case 0..<0x20: throw failure(Syntax.controlCharacter)
      default: output.append(byte)
      }
    }
    throw failure(Syntax.endInString)
  }

  private mutating func escape(into output: inout [UInt8]) throws(WireFailure) {
    guard index < bytes.count else { throw failure(Syntax.endInString) }
    let byte = bytes[index]
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(byte)
    case UInt8(ascii: "b"): output.append(0x08)
    case UInt8(ascii: "f"): output.append(0x0C)
    case UInt8(ascii: "n"): output.append(0x0A)
    case UInt8(ascii: "r"): output.append(0x0D)
    case UInt8(ascii: "t"): output.append(0x09)
    case UInt8(ascii: "u"): output += Array(String(Character(try unicodeEscape())).utf8)
    default: throw failure(Syntax.invalidEscape)
    }
  }

  private mutating func unicodeEscape() throws(WireFailure) -> Unicode.Scalar {
    let high = try fourHexDigits()
    if (0xDC00...0xDFFF).contains(high) { throw failure(Syntax.loneSurrogate) }
    if let scalar = Unicode.Scalar(high) { return scalar }
    for expected in [UInt8(ascii: "\\"), UInt8(ascii: "u")] {
      guard let byte = peek else { throw failure(Syntax.endInString) }
      index += 1
      guard byte == expected else { throw failure(Syntax.endOfHexEscape) }
    }
    let low = try fourHexDigits()
    guard (0xDC00...0xDFFF).contains(low),
      let scalar = Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    else { throw failure(Syntax.loneSurrogate) }
    return scalar
  }

  private mutating func fourHexDigits() throws(WireFailure) -> UInt32 {
    guard index + 4 <= bytes.count else {
      index = bytes.count
      throw failure(Syntax.endInString)
    }
    var value: UInt32 = 0
    var isValid = true
    for byte in bytes[index..<(index + 4)] {
      guard let digit = WireReader.hexDigit(byte) else {
        isValid = false
        continue
      }
      value = value << 4 | UInt32(digit)
    }
    index += 4
    guard isValid else { throw failure(Syntax.invalidEscape) }
    return value
  }

  /// The amount of a hexadecimal digit.
  static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }
}
