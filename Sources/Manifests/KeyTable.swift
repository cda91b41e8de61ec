import Diagnostics
import JSON

/// Every key of all manifests once, as a number.
///
/// Keys repeat: ten thousand collections have the same thirty. A number makes looking up a row and
/// finding a duplicate an array access, and lets names share one string.
struct KeyTable {
  /// What is known of a key's characters.
  struct Traits: OptionSet {
    let rawValue: UInt8
    static let ascii = Traits(rawValue: 1)
    /// A control, invisible or bidirectional character is in it.
    static let deceptive = Traits(rawValue: 2)
  }

  private(set) var strings: [ExactString] = []
  private(set) var traits: [Traits] = []
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]
  private var hashes: [Int] = []
  /// Open addressing; -1 is free. The count is a power of two.
  private var slots = [Int32](repeating: -1, count: 1024)

  /// How many keys there are; numbers are below it.
  var count: Int { strings.count }

  /// The text of a key.
  subscript(symbol: Int32) -> ExactString { strings[Int(symbol)] }

  /// The number of a key given as text.
  mutating func intern(_ text: String) -> Int32 {
    var text = text
    return text.withUTF8 { intern($0) }
  }

  /// The number of a key that is there, or -1.
  func number(of text: String) -> Int32 {
    var text = text
    return text.withUTF8 { key in
      slots[slot(of: key, KeyTable.hash(key))]
    }
  }

  /// The number of a key given as valid UTF-8.
  mutating func intern(_ key: UnsafeBufferPointer<UInt8>) -> Int32 {
    let hash = KeyTable.hash(key)
    let slot = slot(of: key, hash)
    if slots[slot] >= 0 { return slots[slot] }
    let symbol = Int32(truncatingIfNeeded: strings.count)
    append(key, hash)
    slots[slot] = symbol
    if strings.count * 2 > slots.count { grow() }
    return symbol
  }

  private static func hash(_ key: UnsafeBufferPointer<UInt8>) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(key))
    return hasher.finalize()
  }

  /// The slot that has a key, or the free one where it would go.
  private func slot(of key: UnsafeBufferPointer<UInt8>, _ hash: Int) -> Int {
    var slot = hash & (slots.count - 1)
    while slots[slot] >= 0 {
      let symbol = slots[slot]
      if hashes[Int(symbol)] == hash, equals(symbol, key) { break }
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private func equals(_ symbol: Int32, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = starts[Int(symbol)]
    guard starts[Int(symbol) + 1] - start == key.count else { return false }
    return bytes.withUnsafeBufferPointer { all in
      for index in 0..<key.count where all[start + index] != key[index] { return false }
      return true
    }
  }

  private mutating func append(_ key: UnsafeBufferPointer<UInt8>, _ hash: Int) {
    let string = String(decoding: key, as: UTF8.self)
    var trait: Traits = []
    if key.allSatisfy({ $0 < 0x80 }) { trait.insert(.ascii) }
    if !string.unicodeScalars.allSatisfy(Sanitizer.isHarmless) { trait.insert(.deceptive) }
    strings.append(ExactString(string))
    traits.append(trait)
    bytes.append(contentsOf: key)
    starts.append(bytes.count)
    hashes.append(hash)
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 4)
    for (symbol, hash) in hashes.enumerated() {
      var slot = hash & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(truncatingIfNeeded: symbol)
    }
  }
}
