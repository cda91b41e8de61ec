import JSON

/// A request target, taken apart: decoded path segments and query parameters.
struct Target {
  /// Without empty ones: the server merges slashes and drops one at the end.
  var segments: [String]
  /// In order, decoded.
  var query: [(name: String, value: String)]

  init(_ target: String) {
    let whole = target.utf8.prefix { $0 != UInt8(ascii: "#") }
    let parts = whole.split(
      separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
    let path = parts.first ?? whole
    segments = path.split(separator: UInt8(ascii: "/")).map {
      Target.decode($0, plusIsBlank: false)
    }
    guard parts.count > 1 else {
      query = []
      return
    }
    query = parts[1].split(separator: UInt8(ascii: "&")).map { pair in
      let sides = pair.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      return (
        Target.decode(sides[0], plusIsBlank: true),
        sides.count > 1 ? Target.decode(sides[1], plusIsBlank: true) : ""
      )
    }
  }

  /// Decodes percent escapes leniently; what is no UTF-8 becomes U+FFFD.
  private static func decode(_ text: Substring.UTF8View, plusIsBlank: Bool) -> String {
    let bytes = Array(text)
    guard bytes.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
      return String(decoding: bytes, as: UTF8.self)
    }
    var output: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "%"), index + 2 < bytes.count,
        let high = WireReader.hexDigit(bytes[index + 1]),
        let low = WireReader.hexDigit(bytes[index + 2])
      {
        output.append(high << 4 | low)
        index += 3
      } else {
        output.append(plusIsBlank && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        index += 1
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// The last value of a parameter.
  func value(_ name: String) -> String? { query.last { $0.name == name }?.value }
}
