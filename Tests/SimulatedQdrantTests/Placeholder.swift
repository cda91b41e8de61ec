import JSON

/// `<word>` and `<word:N>` in recorded texts.
enum Placeholder {
  /// A piece of a text.
  enum Part {
    case literal(String)
    case placeholder(String)
  }

  static func isWhole(_ text: String) -> Bool {
    let parts = split(text)
    if parts.count == 1, case .placeholder = parts[0] { return true }
    return false
  }

  static func isNumbered(_ placeholder: String) -> Bool {
    placeholder.contains(":") || placeholder == "<dir>"
  }

  /// Cuts a text at its placeholders.
  static func split(_ text: String) -> [Part] {
    var parts: [Part] = []
    var literal: [UInt8] = []
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
      if let end = end(of: bytes, from: index) {
        if !literal.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
        literal = []
        parts.append(.placeholder(String(decoding: bytes[index..<end], as: UTF8.self)))
        index = end
      } else {
        literal.append(bytes[index])
        index += 1
      }
    }
    if !literal.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
    return parts
  }

  /// Where the placeholder that begins there ends.
  private static func end(of bytes: [UInt8], from start: Int) -> Int? {
    guard bytes[start] == UInt8(ascii: "<") else { return nil }
    var index = start + 1
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    while index < bytes.count, letters.contains(bytes[index]) || bytes[index] == 0x5F {
      index += 1
    }
    guard index > start + 1, index < bytes.count else { return nil }
    if bytes[index] == UInt8(ascii: ":") {
      index += 1
      while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
      if bytes[index...].starts(with: ":upper".utf8) { index += ":upper".utf8.count }
    }
    guard index < bytes.count, bytes[index] == UInt8(ascii: ">") else { return nil }
    return index + 1
  }

  /// Whether a text consists of these parts, and what the numbered ones are then.
  static func match(
    _ parts: ArraySlice<Part>, _ text: ArraySlice<UInt8>, _ bindings: inout [String: JSONValue]
  ) -> Bool {
    guard let first = parts.first else { return text.isEmpty }
    switch first {
    case .literal(let literal):
      guard text.starts(with: literal.utf8) else { return false }
      return match(parts.dropFirst(), text.dropFirst(literal.utf8.count), &bindings)
    case .placeholder(let name):
      if let value = bindings[name], let bound = value.string ?? value.number?.text {
        guard text.starts(with: bound.utf8) else { return false }
        return match(parts.dropFirst(), text.dropFirst(bound.utf8.count), &bindings)
      }
      guard !text.isEmpty else { return false }
      for length in 1...text.count {
        var attempt = bindings
        if isNumbered(name) {
          attempt[name] = .string(String(decoding: text.prefix(length), as: UTF8.self))
        }
        if match(parts.dropFirst(), text.dropFirst(length), &attempt) {
          bindings = attempt
          return true
        }
      }
      return false
    }
  }
}
