/// Which shard holds a point: the ring of hashes that the real server builds for it.
struct ShardRing {
  private static let copies = 100

  private var keys: [(hash: UInt64, shard: UInt32)] = []

  init(shardCount: Int) { self.init(shards: Array(0..<UInt32(clamping: shardCount))) }

  init(shards: [UInt32]) {
    for shard in shards {
      for copy in 0..<UInt32(ShardRing.copies) {
        keys.append((SipHash.hash(ShardRing.bytes(shard) + ShardRing.bytes(copy)), shard))
      }
    }
    keys.sort { ($0.hash, $0.shard) < ($1.hash, $1.shard) }
  }

  /// The shard of a point.
  func shard(of id: PointID) -> UInt32 {
    let hash = SipHash.hash(ShardRing.bytes(id))
    var low = 0
    var high = keys.count
    while low < high {
      let middle = (low + high) / 2
      if keys[middle].hash < hash { low = middle + 1 } else { high = middle }
    }
    return keys.isEmpty ? 0 : keys[low % keys.count].shard
  }

  private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  /// The variant's number, then the value.
  private static func bytes(_ id: PointID) -> [UInt8] {
    switch id {
    case .number(let value): return bytes(UInt64(0)) + bytes(value)
    case .uuid(let text):
      let digits = text.utf8.compactMap { WireReader.hexDigit($0) }
      let pairs = stride(from: 0, to: digits.count - 1, by: 2)
      let value = pairs.map { digits[$0] << 4 | digits[$0 + 1] }
      return bytes(UInt64(1)) + bytes(UInt64(16)) + value
    }
  }
}
