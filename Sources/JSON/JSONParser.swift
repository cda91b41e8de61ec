/// Why a text is no JSON document, and where.
package struct JSONError: Error, Sendable, Equatable {
  /// What was wrong.
  package enum Reason: Sendable, Equatable {
    case endOfText
    case unexpectedByte(UInt8)
    case badEscape
    case badNumber
    case controlCharacterInString
    case notUTF8
    case tooDeep(limit: Int)
    case tooLarge(limit: Int)
    case trailingBytes
    case loneSurrogate
  }

  package var reason: Reason
  /// Bytes before the place.
  package var offset: Int

  package init(reason: Reason, offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  /// The line (from 1) and the byte column (from 1) of the place in that text.
  package func position(in text: some Collection<UInt8>) -> (line: Int, column: Int) {
    var line = 1
    var column = 1
    for byte in text.prefix(offset) {
      if byte == 0x0A {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    return (line, column)
  }
}

extension JSONError: CustomStringConvertible {
  package var description: String {
    let what =
      switch reason {
      case .endOfText: "the text ends in the middle of a value"
      case .unexpectedByte(let byte): "unexpected byte 0x" + String(byte, radix: 16)
      case .badEscape: "unknown escape in a string"
      case .badNumber: "malformed number"
      case .controlCharacterInString: "control character in a string"
      case .notUTF8: "invalid UTF-8"
      case .tooDeep(let limit): "more than \(limit) levels"
      case .tooLarge(let limit): "longer than \(limit) bytes"
      case .trailingBytes: "more text after the document"
      case .loneSurrogate: "half of a surrogate pair"
      }
    return "\(what) at byte \(offset)"
  }
}

/// Reads JSON (RFC 8259) strictly; never traps, whatever the bytes.
package struct JSONParser {
  /// What a document may cost.
  package struct Limits: Sendable {
    /// Levels of arrays and objects.
    package var depth: Int
    /// Bytes of text.
    package var bytes: Int

    package init(depth: Int = 128, bytes: Int = 64 << 20) {
      self.depth = depth
      self.bytes = bytes
    }
  }

  /// Parses a whole document; blanks may surround it.
  package static func parse(
    _ bytes: [UInt8], limits: Limits = Limits()
  ) throws(JSONError) -> JSONValue {
    let result: Result<JSONValue, JSONError> = bytes.withUnsafeBufferPointer { buffer in
      var parser = JSONParser(buffer: buffer, limits: limits)
      do throws(JSONError) { return .success(try parser.document()) } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Parses a whole document given as text.
  package static func parse(
    _ text: String, limits: Limits = Limits()
  ) throws(JSONError) -> JSONValue {
    try parse(Array(text.utf8), limits: limits)
  }

  private let buffer: UnsafeBufferPointer<UInt8>
  private let limits: Limits
  private var position = 0
  private var depth = 0

  private init(buffer: UnsafeBufferPointer<UInt8>, limits: Limits) {
    self.buffer = buffer
    self.limits = limits
  }

  private func failure(_ reason: JSONError.Reason) -> JSONError {
    JSONError(reason: reason, offset: position)
  }

  private mutating func document() throws(JSONError) -> JSONValue {
    guard buffer.count <= limits.bytes else { throw failure(.tooLarge(limit: limits.bytes)) }
    skipBlanks()
    let value = try value()
    skipBlanks()
    guard position == buffer.count else { throw failure(.trailingBytes) }
    return value
  }

  private mutating func skipBlanks() {
    while position < buffer.count {
      switch buffer[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private mutating func value() throws(JSONError) -> JSONValue {
    guard position < buffer.count else { throw failure(.endOfText) }
    switch buffer[position] {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"):
      try word("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try word("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try word("null")
      return .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    case let byte: throw failure(.unexpectedByte(byte))
    }
  }

  private mutating func word(_ text: StaticString) throws(JSONError) {
    for index in 0..<text.utf8CodeUnitCount {
      guard position < buffer.count else { throw failure(.endOfText) }
      guard buffer[position] == text.utf8Start[index] else {
        throw failure(.unexpectedByte(buffer[position]))
      }
      position += 1
    }
  }

  private mutating func enter() throws(JSONError) {
    depth += 1
    guard depth <= limits.depth else { throw failure(.tooDeep(limit: limits.depth)) }
    position += 1
    skipBlanks()
  }

  private mutating func array() throws(JSONError) -> JSONValue {
    try enter()
    var elements: [JSONValue] = []
    if try closes(UInt8(ascii: "]")) { return .array(elements) }
    while true {
      elements.append(try value())
      if try !continues(closing: UInt8(ascii: "]")) { return .array(elements) }
    }
  }

  private mutating func object() throws(JSONError) -> JSONValue {
    try enter()
    var members: [JSONObject.Member] = []
    if try closes(UInt8(ascii: "}")) { return .object(JSONObject(members)) }
    while true {
      guard position < buffer.count else { throw failure(.endOfText) }
      guard buffer[position] == UInt8(ascii: "\"") else {
        throw failure(.unexpectedByte(buffer[position]))
      }
      let key = try string()
      skipBlanks()
      guard position < buffer.count else { throw failure(.endOfText) }
      guard buffer[position] == UInt8(ascii: ":") else {
        throw failure(.unexpectedByte(buffer[position]))
      }
      position += 1
      skipBlanks()
      members.append(JSONObject.Member(key: key, value: try value()))
      if try !continues(closing: UInt8(ascii: "}")) { return .object(JSONObject(members)) }
    }
  }

  private mutating func closes(_ bracket: UInt8) throws(JSONError) -> Bool {
    guard position < buffer.count else { throw failure(.endOfText) }
    guard buffer[position] == bracket else { return false }
    position += 1
    depth -= 1
    return true
  }

  /// After an element: true at a comma (and the next element is near), false at the bracket.
  private mutating func continues(closing bracket: UInt8) throws(JSONError) -> Bool {
    skipBlanks()
    if try closes(bracket) { return false }
    guard buffer[position] == UInt8(ascii: ",") else {
      throw failure(.unexpectedByte(buffer[position]))
    }
    position += 1
    skipBlanks()
    return true
  }

  private mutating func number() throws(JSONError) -> JSONNumber {
    let start = position
    if buffer[position] == UInt8(ascii: "-") { position += 1 }
    guard position < buffer.count else { throw failure(.endOfText) }
    if buffer[position] == UInt8(ascii: "0") {
      position += 1
    } else {
      try digits()
    }
    if position < buffer.count, buffer[position] == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if position < buffer.count, buffer[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < buffer.count,
        buffer[position] == UInt8(ascii: "+") || buffer[position] == UInt8(ascii: "-")
      {
        position += 1
      }
      try digits()
    }
    if position < buffer.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(buffer[position]) {
      throw failure(.badNumber)
    }
    return JSONNumber(text: String(decoding: buffer[start..<position], as: UTF8.self))
  }

  private mutating func digits() throws(JSONError) {
    let start = position
    while position < buffer.count,
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(buffer[position])
    {
      position += 1
    }
    guard position > start else { throw failure(position < buffer.count ? .badNumber : .endOfText) }
  }

  /// A string; the common one without escapes is copied in one go.
  private mutating func string() throws(JSONError) -> String {
    position += 1
    let start = position
    var isASCII = true
    while position < buffer.count {
      let byte = buffer[position]
      if byte == UInt8(ascii: "\"") {
        let text = try decode(buffer[start..<position], isASCII: isASCII, from: start)
        position += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
      guard byte >= 0x20 else { throw failure(.controlCharacterInString) }
      if byte >= 0x80 { isASCII = false }
      position += 1
    }
    throw failure(.endOfText)
  }

  private func decode(
    _ bytes: some Sequence<UInt8> & Collection<UInt8>, isASCII: Bool, from start: Int
  ) throws(JSONError) -> String {
    if isASCII { return String(decoding: bytes, as: UTF8.self) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw JSONError(reason: .notUTF8, offset: start)
    }
    return text
  }

  private mutating func escapedString(from start: Int) throws(JSONError) -> String {
    var bytes = Array(buffer[start..<position])
    while position < buffer.count {
      let byte = buffer[position]
      switch byte {
      case UInt8(ascii: "\""):
        let text = try decode(bytes, isASCII: false, from: start)
        position += 1
        return text
      case UInt8(ascii: "\\"):
        position += 1
        try escape(into: &bytes)
      case 0..<0x20: throw failure(.controlCharacterInString)
      default:
        bytes.append(byte)
        position += 1
      }
    }
    throw failure(.endOfText)
  }

  private mutating func escape(into bytes: inout [UInt8]) throws(JSONError) {
    guard position < buffer.count else { throw failure(.endOfText) }
    let byte = buffer[position]
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0C)
    case UInt8(ascii: "n"): bytes.append(0x0A)
    case UInt8(ascii: "r"): bytes.append(0x0D)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "u"):
      position += 1
      bytes.append(contentsOf: Array(String(Character(try unicodeEscape())).utf8))
      return
    default: throw failure(.badEscape)
    }
    position += 1
  }

  private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
    let high = try fourHexDigits()
    if let scalar = Unicode.Scalar(high) { return scalar }
    guard high < 0xDC00, position + 1 < buffer.count, buffer[position] == UInt8(ascii: "\\"),
      buffer[position + 1] == UInt8(ascii: "u")
    else { throw failure(.loneSurrogate) }
    position += 2
    let low = try fourHexDigits()
    guard (0xDC00...0xDFFF).contains(low),
      let scalar = Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    else { throw failure(.loneSurrogate) }
    return scalar
  }

  private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard position < buffer.count else { throw failure(.endOfText) }
      let digit: UInt8
      switch buffer[position] {
      case let byte where (0x30...0x39).contains(byte): digit = byte - 0x30
      case let byte where (0x41...0x46).contains(byte): digit = byte - 0x41 + 10
      case let byte where (0x61...0x66).contains(byte): digit = byte - 0x61 + 10
      default: throw failure(.badEscape)
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
