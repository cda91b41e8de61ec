import FoundationEssentials

/// The short hashes of what was last applied, as they stand in a mark.
///
/// 32 bits of SHA-256 for each managed `path = value`, and for the path alone: enough to tell drift
/// from a pending change, and small enough for metadata. They decide nothing but a word in a
/// report.
package struct AppliedHashes: Sendable, Hashable {
  /// Sorted, each once.
  private var hashes: [UInt32]

  /// The hashes of pairs.
  package init(_ pairs: some Sequence<String>) {
    var memo = HashMemo()
    self.init(pairs, memo: &memo)
  }

  /// The hashes of pairs, most of which many collections share.
  package init(_ pairs: some Sequence<String>, memo: inout HashMemo) {
    var all: [UInt32] = []
    for pair in pairs { all.append(memo.hash(pair)) }
    hashes = AppliedHashes.unique(all)
  }

  /// What a mark carries; nil when it is not base64 of whole hashes.
  package init?(base64: String) {
    guard let data = Data(base64Encoded: base64), data.count.isMultiple(of: 4) else { return nil }
    let bytes = Array(data)
    var all: [UInt32] = []
    for start in stride(from: 0, to: bytes.count, by: 4) {
      all.append(bytes[start..<(start + 4)].reduce(0) { $0 << 8 | UInt32($1) })
    }
    hashes = AppliedHashes.unique(all)
  }

  private static func unique(_ hashes: [UInt32]) -> [UInt32] {
    var unique: [UInt32] = []
    for hash in hashes.sorted() where unique.last != hash { unique.append(hash) }
    return unique
  }

  /// Whether that pair was applied.
  package func contains(_ pair: String) -> Bool { hashes.contains(HashMemo.sha(pair)) }

  /// Base64 of the sorted list.
  package var base64: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(hashes.count * 4)
    for hash in hashes {
      bytes.append(UInt8(truncatingIfNeeded: hash >> 24))
      bytes.append(UInt8(truncatingIfNeeded: hash >> 16))
      bytes.append(UInt8(truncatingIfNeeded: hash >> 8))
      bytes.append(UInt8(truncatingIfNeeded: hash))
    }
    return Data(bytes).base64EncodedString()
  }
}

/// Hashes that were made already: ten thousand collections say `hnsw_config.m=16`.
package struct HashMemo: Sendable {
  private var known: [String: UInt32] = [:]

  package init() {}

  mutating func hash(_ pair: String) -> UInt32 {
    if let hash = known[pair] { return hash }
    let hash = HashMemo.sha(pair)
    known[pair] = hash
    return hash
  }

  static func sha(_ pair: String) -> UInt32 {
    Digest.sha256(Array(pair.utf8)).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }
}
