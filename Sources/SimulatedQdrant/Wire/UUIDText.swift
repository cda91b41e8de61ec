/// Identifiers of 128 bits as texts.
enum UUIDText {
  /// The lower-case form with hyphens of what the server accepts: with or without hyphens, in
  /// braces, or as a `urn:uuid:`.
  static func canonical(_ text: String) -> String? {
    var bytes = Array(text.utf8)
    if bytes.count == 45, text.hasPrefix("urn:uuid:") { bytes.removeFirst(9) }
    if bytes.count == 38, bytes.first == UInt8(ascii: "{"), bytes.last == UInt8(ascii: "}") {
      bytes = Array(bytes[1..<37])
    }
    if bytes.count == 36 {
      let hyphen = UInt8(ascii: "-")
      guard [8, 13, 18, 23].allSatisfy({ bytes[$0] == hyphen }) else { return nil }
      for place in [23, 18, 13, 8] { bytes.remove(at: place) }
    }
    guard bytes.count == 32, bytes.allSatisfy({ WireReader.hexDigit($0) != nil }) else {
      return nil
    }
    var digits = Array(String(decoding: bytes, as: UTF8.self).lowercased().utf8)
    for place in [20, 16, 12, 8] { digits.insert(UInt8(ascii: "-"), at: place) }
    return String(decoding: digits, as: UTF8.self)
  }
}
