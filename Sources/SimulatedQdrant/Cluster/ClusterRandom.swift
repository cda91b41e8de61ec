/// The chance of a cluster or a sample: a seeded generator (SplitMix64), so that a run can be run
/// again.
struct ClusterRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  init(_ seed: UInt64) { state = ClusterRandom.mixed(seed &+ 0xD1B5_4A32_D192_ED03) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return ClusterRandom.mixed(state)
  }

  /// An identifier of 128 bits as a text.
  mutating func uuid() -> String {
    let digits = [next(), next()].map { value in
      let text = String(value, radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }
    return UUIDText.canonical(digits.joined()) ?? ""
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var value = value
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
