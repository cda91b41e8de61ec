/// SipHash with a key of zeroes.
enum SipHash {
  /// SipHash-2-4, by which shards are chosen, or with other numbers of rounds.
  static func hash(_ bytes: [UInt8], rounds: Int = 2, atEnd: Int = 4) -> UInt64 {
    var state = State(rounds: rounds)
    let whole = bytes.count - bytes.count % 8
    for start in stride(from: 0, to: whole, by: 8) {
      state.absorb(word(bytes[start..<(start + 8)]))
    }
    state.absorb(word(bytes[whole...]) | UInt64(bytes.count & 0xFF) << 56)
    return state.finish(atEnd)
  }

  /// The number that stands for a name in anonymous reports: SipHash-1-3 of it and a full byte.
  static func anonymous(_ name: String) -> String {
    String(hash(Array(name.utf8) + [0xFF], rounds: 1, atEnd: 3))
  }

  private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private struct State {
    let rounds: Int
    var a: UInt64 = 0x736f_6d65_7073_6575
    var b: UInt64 = 0x646f_7261_6e64_6f6d
    var c: UInt64 = 0x6c79_6765_6e65_7261
    var d: UInt64 = 0x7465_6462_7974_6573

    init(rounds: Int) { self.rounds = rounds }

    mutating func absorb(_ word: UInt64) {
      d ^= word
      for _ in 0..<rounds { mix() }
      a ^= word
    }

    mutating func finish(_ rounds: Int) -> UInt64 {
      c ^= 0xFF
      for _ in 0..<rounds { mix() }
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
