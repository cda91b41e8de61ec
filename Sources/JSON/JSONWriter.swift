extension JSONValue {
  /// How a document is laid out.
  package enum Layout: Sendable {
    /// No blank at all.
    case compact
    /// Two spaces a level, one member a line.
    case indented
  }

  /// The document as text, members in their own order.
  package func text(_ layout: Layout = .compact) -> String {
    String(decoding: bytes(layout), as: UTF8.self)
  }

  /// The document as UTF-8.
  package func bytes(_ layout: Layout = .compact) -> [UInt8] {
    var writer = JSONWriter(indented: layout == .indented, sorted: false)
    writer.write(self, depth: 0)
    return writer.output
  }

  /// The form that digests are made over: no blanks, members sorted by the bytes of their names.
  package func canonicalBytes() -> [UInt8] {
    var writer = JSONWriter(indented: false, sorted: true)
    writer.write(self, depth: 0)
    return writer.output
  }

  /// The canonical form, indented for a reader: members sorted, two spaces a level.
  package func canonicalIndentedBytes() -> [UInt8] {
    var writer = JSONWriter(indented: true, sorted: true)
    writer.write(self, depth: 0)
    return writer.output
  }
}

/// Appends a value's text to a byte buffer.
private struct JSONWriter {
  var output: [UInt8] = []
  let indented: Bool
  let sorted: Bool

  init(indented: Bool, sorted: Bool) {
    self.indented = indented
    self.sorted = sorted
    output.reserveCapacity(256)
  }

  mutating func write(_ value: JSONValue, depth: Int) {
    switch value {
    case .null: output += "null".utf8
    case .bool(let value): output += (value ? "true" : "false").utf8
    case .number(let value): output += value.text.utf8
    case .string(let value): write(string: value)
    case .array(let elements): write(array: elements, depth: depth)
    case .object(let object): write(object: object, depth: depth)
    }
  }

  private mutating func write(array elements: [JSONValue], depth: Int) {
    output.append(UInt8(ascii: "["))
    for (index, element) in elements.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      newLine(depth + 1)
      write(element, depth: depth + 1)
    }
    if !elements.isEmpty { newLine(depth) }
    output.append(UInt8(ascii: "]"))
  }

  private mutating func write(object: JSONObject, depth: Int) {
    output.append(UInt8(ascii: "{"))
    let members =
      sorted ? object.members.sorted { $0.key.precedes($1.key) } : object.members
    for (index, member) in members.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      newLine(depth + 1)
      write(string: member.key)
      output.append(UInt8(ascii: ":"))
      if indented { output.append(UInt8(ascii: " ")) }
      write(member.value, depth: depth + 1)
    }
    if !members.isEmpty { newLine(depth) }
    output.append(UInt8(ascii: "}"))
  }

  private mutating func newLine(_ depth: Int) {
    guard indented else { return }
    output.append(UInt8(ascii: "\n"))
    output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
  }

  private mutating func write(string: String) {
    output.append(UInt8(ascii: "\""))
    var string = string
    string.withUTF8 { bytes in
      var written = 0
      for index in bytes.indices where JSONWriter.isEscaped(bytes[index]) {
        output.append(contentsOf: bytes[written..<index])
        write(escaped: bytes[index])
        written = index + 1
      }
      output.append(contentsOf: bytes[written...])
    }
    output.append(UInt8(ascii: "\""))
  }

  private static func isEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private mutating func write(escaped byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): output += "\\\"".utf8
    case UInt8(ascii: "\\"): output += "\\\\".utf8
    case 0x0A: output += "\\n".utf8
    case 0x0D: output += "\\r".utf8
    case 0x09: output += "\\t".utf8
    case 0x08: output += "\\b".utf8
    case 0x0C: output += "\\f".utf8
    default:
      output += "\\u00".utf8
      output.append(JSONWriter.hexDigits[Int(byte >> 4)])
      output.append(JSONWriter.hexDigits[Int(byte & 15)])
    }
  }

  private static let hexDigits = Array("0123456789abcdef".utf8)
}
