import Diagnostics
package import JSON

/// Writes values as YAML that every reader understands alike.
///
/// Blocks of two columns; a text stands plain only when it is one word that no version of YAML
/// takes for anything else, and in double quotes otherwise. What is not to be seen is escaped.
package enum YAMLWriter {
  /// A mapping as the lines of a document.
  package static func document(_ object: JSONObject) -> String {
    object.members.map { member($0, indent: "") }.joined()
  }

  /// A text as a scalar of one line.
  package static func scalar(_ text: String) -> String {
    isWord(text) ? text : quoted(text)
  }

  /// A longer key needs `?` before it; readers look only so far for the colon.
  private static let longestKey = 512

  private static func member(_ member: JSONObject.Member, indent: String) -> String {
    let key = scalar(member.key)
    let isLong = key.utf8.count > longestKey
    let opening = isLong ? "\(indent)? \(key)\n\(indent):" : "\(indent)\(key):"
    return opening + value(member.value, indent: indent)
  }

  /// What follows a key, or the dash of an item, up to the end of its last line.
  private static func value(_ value: JSONValue, indent: String) -> String {
    let inner = indent + "  "
    switch value {
    case .object(let object) where !object.isEmpty:
      return "\n" + object.members.map { member($0, indent: inner) }.joined()
    case .array(let items) where !items.isEmpty:
      return "\n" + items.map { "\(inner)-" + self.value($0, indent: inner) }.joined()
    case .string(let text): return " \(scalar(text))\n"
    default: return " \(value.text())\n"
    }
  }

  /// Words that some reader of YAML takes for a boolean or for nothing.
  private static let meaning: Set<String> = [
    "true", "false", "null", "yes", "no", "on", "off", "y", "n",
  ]

  private static func isWord(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLetter(first) else { return false }
    let isPlain = text.utf8.allSatisfy {
      isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
        || $0 == UInt8(ascii: ".")
    }
    return isPlain && text.utf8.count <= longestKey && !meaning.contains(text.lowercased())
  }

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
