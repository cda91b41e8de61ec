import JSON
import ResourceModel

/// The names of what a run itself puts on a cluster for one workspace.
///
/// `_qr_lock.<workspace>.<n>` is an epoch of the lock, `_qr_own.<workspace>.<n>.…` a piece of its
/// record on servers without metadata. A workspace's name has no dot, so that a name belongs to one
/// workspace only; with at most 40 bytes of it and 15 digits every name stays below the 200 bytes
/// above which snapshots fail.
struct LockNames: Sendable {
  let workspace: String

  /// Throws `rejected` for a name that no manifest can have: the caller made it.
  init(workspace: String) throws(ProviderError) {
    let isPlain = workspace.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    guard isPlain, (1...40).contains(workspace.utf8.count) else {
      throw ProviderError(
        .rejected,
        "a workspace name is 1 to 40 lower-case letters, digits and '-', because the lock bears it")
    }
    self.workspace = workspace
  }

  /// Whether a name is the lock's or the barrier's, of any workspace: such things are never
  /// observed, planned or reported.
  static func isControl(_ name: ExactString) -> Bool {
    ["_qr_lock.", "_qr_own.", "_qr_barrier."].contains { name.string.utf8.starts(with: $0.utf8) }
  }

  /// The collection of an epoch.
  func epoch(_ number: Int) throws(ProviderError) -> ExactString {
    guard ControlOperation.epochNumbers.contains(number) else {
      throw ProviderError(.rejected, "\(number) is no epoch of a lock")
    }
    return ExactString(epochPrefix + String(number))
  }

  /// The number of an epoch's collection; nil for any other name, other writings of a number among
  /// them, which nobody's creation can meet.
  func number(of name: ExactString) -> Int? {
    guard name.string.utf8.starts(with: epochPrefix.utf8) else { return nil }
    let digits = name.string.utf8.dropFirst(epochPrefix.utf8.count)
    guard let number = Int(String(decoding: digits, as: UTF8.self)),
      ControlOperation.epochNumbers.contains(number),
      String(number).utf8.elementsEqual(digits)
    else { return nil }
    return number
  }

  /// The alias that a barrier deletes; throws `rejected` for a nonce that is no plain word.
  static func barrier(_ nonce: String) throws(ProviderError) -> String {
    let isPlain = nonce.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    guard isPlain, (1...200).contains(nonce.utf8.count) else {
      throw ProviderError(
        .rejected, "the nonce of a barrier is 1 to 200 letters, digits, '.', '_' and '-'")
    }
    return "_qr_barrier." + nonce
  }

  private var epochPrefix: String { "_qr_lock.\(workspace)." }
}
