/// Which shard holds a point: the ring of hashes that the real server builds for it.
struct ShardRing {
  private static let copies = 100

  private var keys: [(hash: UInt64, shard: UInt32)] = []

  init(shardCount: Int) {
    for shard in 0..<UInt32(clamping: shardCount) {
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

/// SipHash-2-4 with a key of zeroes.
enum SipHash {
  static func hash(_ bytes: [UInt8]) -> UInt64 {
    var state = State()
    let whole = bytes.count - bytes.count % 8
    for start in stride(from: 0, to: whole, by: 8) {
      state.absorb(word(bytes[start..<(start + 8)]))
    }
    state.absorb(word(bytes[whole...]) | UInt64(bytes.count & 0xFF) << 56)
    return state.finish()
  }

  private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private struct State {
    var a: UInt64 = 0x736f_6d65_7073_6575
    var b: UInt64 = 0x646f_7261_6e64_6f6d
    var c: UInt64 = 0x6c79_6765_6e65_7261
    var d: UInt64 = 0x7465_6462_7974_6573

    mutating func absorb(_ word: UInt64) {
      d ^= word
      mix()
      mix()
      a ^= word
    }

    mutating func finish() -> UInt64 {
      c ^= 0xFF
      for _ in 0..<4 { mix() }
      return a ^ b ^ c ^ d
    }

    private mutating func mix() {
      a &+= b
      b = (b << 13 | b >> 51) ^ a
      a = a << 32 | a >> 32
      c &+= d
      d = (d << 16 | d >> 48) ^ c
      a &+= d
      d = (d << 21 | d >> 43) ^ a
      c &+= b
      b = (b << 17 | b >> 47) ^ c
      c = c << 32 | c >> 32
    }
  }
}
