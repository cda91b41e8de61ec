import Diagnostics
package import JSON

/// Writes values as YAML that every reader understands alike.
///
/// Blocks of two columns; a text stands plain only when it is one word, path, address or amount
/// (`30m`) that no version of YAML takes for anything else, and in double quotes otherwise. What is
/// not to be seen is escaped.
package enum YAMLWriter {
  /// A mapping as the lines of a document.
  package static func document(_ object: JSONObject) -> String {
    object.members.map { member($0, indent: "") }.joined()
  }

  /// A text as a scalar of one line.
  package static func scalar(_ text: String) -> String {
    isPlain(text) ? text : quoted(text)
  }

  /// A longer key needs `?` before it; readers look only so far for the colon.
  private static let longestKey = 512

  /// Whether a key needs `?` before it.
  static func isLongKey(_ key: String) -> Bool { scalar(key).utf8.count > longestKey }

  private static func member(_ member: JSONObject.Member, indent: String) -> String {
    let key = scalar(member.key)
    let opening = isLongKey(member.key) ? "\(indent)? \(key)\n\(indent):" : "\(indent)\(key):"
    return opening + value(member.value, indent: indent)
  }

  /// What follows a key, or the dash of an item, up to the end of its last line.
  private static func value(_ value: JSONValue, indent: String) -> String {
    let inner = indent + "  "
    switch value {
    case .object(let object) where !object.isEmpty:
      return "\n" + object.members.map { member($0, indent: inner) }.joined()
    case .array(let items) where !items.isEmpty:
      return "\n" + items.map { "\(inner)-" + item($0, indent: inner) }.joined()
    case .string(let text): return " \(scalar(text))\n"
    default: return " \(value.text())\n"
    }
  }

  /// What follows a dash: the first line of a block stands beside it.
  private static func item(_ item: JSONValue, indent: String) -> String {
    let text: String
    switch item {
    case .object(let object) where !object.isEmpty:
      text = object.members.map { member($0, indent: indent + "  ") }.joined()
    case .array(let items) where !items.isEmpty:
      text = items.map { "\(indent)  -" + self.item($0, indent: indent + "  ") }.joined()
    default: return value(item, indent: indent)
    }
    return " " + text.dropFirst(indent.utf8.count + 2)
  }

  /// Words that some reader of YAML takes for a boolean or for nothing.
  private static let meaning: Set<String> = [
    "true", "false", "null", "yes", "no", "on", "off", "y", "n",
  ]

  private static let units: Set<String> = ["ms", "s", "m", "h", "d", "%"]

  private static func isPlain(_ text: String) -> Bool {
    if text.utf8.count > longestKey || meaning.contains(text.lowercased()) { return false }
    let unit = text.utf8.drop(while: isDigit)
    if unit.count < text.utf8.count { return units.contains(String(Substring(unit))) }
    for root in ["/", "./", "../", "."] where text.hasPrefix(root) {
      let path = text.dropFirst(root.count)
      return isWord(path) && !(root == "." && ["inf", "nan"].contains(path.lowercased()))
    }
    return isWord(text[...])
  }

  /// A letter, then letters, digits and signs that mean nothing inside a word; a colon as in an
  /// address.
  private static func isWord(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, isLetter(first) else { return false }
    return text.utf8.indices.allSatisfy { index in
      let byte = text.utf8[index]
      if byte == UInt8(ascii: ":") {
        let next = text.utf8[index...].dropFirst().first ?? 0
        return next == UInt8(ascii: "/") || isDigit(next)
      }
      return isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/")
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_")
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case let scalar where Sanitizer.isHarmless(scalar) && scalar.value < 0x1_0000:
        result.unicodeScalars.append(scalar)
      default: result += escaped(scalar)
      }
    }
    return result + "\""
  }

  /// `\u0085`, `\U0001F600`: by its number.
  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let (letter, width) = scalar.value < 0x1_0000 ? ("u", 4) : ("U", 8)
    return "\\\(letter)" + String(repeating: "0", count: width - digits.count) + digits
  }
}
