import JSON

/// Texts as Rust prints them.
enum RustText {
  /// A number as `{}` prints it: never with an exponent, whole ones without a point.
  static func display(_ number: JSONNumber) -> String {
    let text = number.text
    if !text.utf8.contains(where: { $0 == 0x2E || $0 == 0x65 || $0 == 0x45 }) { return text }
    let shortest = number.double.description
    let parts = shortest.split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]), abs(exponent) < 400 else {
      return shortest.hasSuffix(".0") ? String(shortest.dropLast(2)) : shortest
    }
    let sign = parts[0].hasPrefix("-") ? "-" : ""
    let mantissa = parts[0].split(separator: ".")
    var digits = parts[0].filter(\.isNumber)
    if mantissa.count == 2, mantissa[1] == "0" { digits.removeLast() }
    if exponent < 0 {
      return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits
    }
    let padding = max(0, exponent + 1 - digits.count)
    return sign + digits + String(repeating: "0", count: padding)
  }

  /// A string in quotes with escapes, as `{:?}` prints it.
  static func debug(_ text: String) -> String {
    var output = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      case "\0": output += "\\0"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          output += "\\u{" + String(scalar.value, radix: 16) + "}"
        } else {
          output.unicodeScalars.append(scalar)
        }
      }
    }
    return output + "\""
  }
}
