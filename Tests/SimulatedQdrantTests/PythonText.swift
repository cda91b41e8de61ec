import JSON

/// Writes a body as the recorder sent it: places in error texts depend on every blank.
enum PythonText {
  /// The text that Python's `json.dumps` gives.
  static func text(of value: JSONValue) -> String {
    switch value {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .number(let value): return value.text
    case .string(let value): return quoted(value)
    case .array(let elements):
      return "[" + elements.map { text(of: $0) }.joined(separator: ", ") + "]"
    case .object(let object):
      let members = object.members.map { quoted($0.key) + ": " + text(of: $0.value) }
      return "{" + members.joined(separator: ", ") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var output = "\""
    for unit in text.utf16 {
      switch unit {
      case 0x22: output += "\\\""
      case 0x5C: output += "\\\\"
      case 0x0A: output += "\\n"
      case 0x0D: output += "\\r"
      case 0x09: output += "\\t"
      case 0x08: output += "\\b"
      case 0x0C: output += "\\f"
      case 0x20..<0x7F: output.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
      default:
        let digits = String(unit, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return output + "\""
  }

  /// The part of a query string that `urlencode` gives.
  static func queryText(_ text: String) -> String {
    var output = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."), UInt8(ascii: "~"):
        output.unicodeScalars.append(Unicode.Scalar(byte))
      case UInt8(ascii: " "): output += "+"
      default: output += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return output
  }
}
