/// Names as segments of a request's path (RFC 3986 §2.3: everything but unreserved is escaped).
enum PercentEncoding {
  /// One segment; a slash, a dot pair or a question mark in a name cannot change the route.
  static func segment(_ name: String) -> String {
    if name == "." { return "%2E" }
    if name == ".." { return "%2E%2E" }
    var text: [UInt8] = []
    for byte in name.utf8 {
      if isUnreserved(byte) {
        text.append(byte)
      } else {
        text.append(UInt8(ascii: "%"))
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static let digits = Array("0123456789ABCDEF".utf8)

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "~"):
      true
    default: false
    }
  }
}
