/// The short hashes of what was last applied, as they stand in a mark.
///
/// 32 bits of SHA-256 for each managed `path = value`: enough to tell drift from a pending change,
/// and small enough for metadata. They decide nothing but a word in a report.
package struct AppliedHashes: Sendable, Hashable {
  private var hashes: Set<UInt32>

  /// The hashes of pairs.
  package init(_ pairs: some Sequence<String>) {
    hashes = Set(pairs.map(AppliedHashes.hash))
  }

  /// What a mark carries; nil when it is not base64 of whole hashes.
  package init?(base64: String) {
    guard let bytes = Base64.decode(base64), bytes.count.isMultiple(of: 4) else { return nil }
    hashes = []
    for start in stride(from: 0, to: bytes.count, by: 4) {
      hashes.insert(bytes[start..<(start + 4)].reduce(0) { $0 << 8 | UInt32($1) })
    }
  }

  /// Whether that pair was applied.
  package func contains(_ pair: String) -> Bool { hashes.contains(AppliedHashes.hash(pair)) }

  /// Base64 of the sorted list.
  package var base64: String {
    Base64.encode(
      hashes.sorted().flatMap { hash in
        [UInt8(hash >> 24), UInt8(hash >> 16 & 255), UInt8(hash >> 8 & 255), UInt8(hash & 255)]
      })
  }

  private static func hash(_ pair: String) -> UInt32 {
    Digest.sha256(Array(pair.utf8)).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }
}

/// Base64 with padding (RFC 4648 §4).
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
      for position in 0..<4 {
        let isUsed = position <= group.count
        text.append(
          isUsed ? alphabet[Int(bits >> UInt32(18 - 6 * position) & 63)] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  static func decode(_ text: String) -> [UInt8]? {
    let digits = text.utf8.filter { $0 != UInt8(ascii: "=") }
    guard text.utf8.count.isMultiple(of: 4), digits.count % 4 != 1 else { return nil }
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for digit in digits {
      guard let value = alphabet.firstIndex(of: digit) else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(bits >> UInt32(count) & 255))
      }
    }
    return bytes
  }
}
