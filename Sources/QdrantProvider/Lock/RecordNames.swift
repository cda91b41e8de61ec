import JSON
import ResourceModel

/// An epoch's record as names of empty collections, for servers that drop metadata (before 1.15.5).
///
/// A write is a group of names `_qr_own.<workspace>.<n>.<write>.<sum>.<k>-<of>.<hexadecimal>`, each
/// with a piece of the record's JSON. A group counts when all of its pieces are there and its sum
/// is right; of several the one with the highest write does. So a write takes effect at once, with
/// its last piece, and one that broke off, or whose pieces come late, leaves the record before it
/// in force. Two complete groups with the same write and different records are no record: the lock
/// is then held by nobody knows whom, which is the safe side.
struct RecordNames: Sendable {
  /// Longer names make snapshots fail (measured).
  static let longestName = 200
  static let mostPieces = 24

  let prefix: String

  init(_ names: LockNames, epoch: Int) { prefix = "_qr_own.\(names.workspace).\(epoch)." }

  /// Every name of this epoch's records among the names of a cluster.
  func all(in names: Set<ExactString>) -> [ExactString] {
    names.filter { $0.string.utf8.starts(with: prefix.utf8) }.sorted()
  }

  /// The record that the names say; nil when they say none.
  func record(in names: Set<ExactString>) -> LockRecord? {
    var groups: [Group: [Int: ArraySlice<UInt8>]] = [:]
    for piece in all(in: names).compactMap(parse) {
      groups[piece.group, default: [:]][piece.place] = piece.digits
    }
    var latest: (write: Int, records: Set<LockRecord>) = (0, [])
    for (group, pieces) in groups where group.write >= latest.write {
      guard let record = record(of: group, pieces) else { continue }
      if group.write > latest.write { latest = (group.write, []) }
      latest.records.insert(record)
    }
    return latest.records.count == 1 ? latest.records.first : nil
  }

  /// The names that say a record, as a write above all that are there.
  ///
  /// Throws `rejected` when the record is too long to be said.
  func names(
    of record: LockRecord, after existing: Set<ExactString>
  ) throws(ProviderError) -> [ExactString] {
    let write = (all(in: existing).compactMap(parse).map(\.group.write).max() ?? 0) + 1
    let bytes = record.json.bytes()
    let head = prefix + "\(write).\(RecordNames.sum(bytes))."
    let room = (RecordNames.longestName - head.utf8.count - "24-24.".utf8.count) / 2
    let count = (bytes.count + room - 1) / room
    guard count <= RecordNames.mostPieces else {
      throw ProviderError(
        .rejected,
        "this server keeps no metadata, and the lock's record of \(bytes.count) bytes is too long "
          + "to stand in names")
    }
    return (1...count).map { place in
      let piece = bytes[((place - 1) * room)..<min(place * room, bytes.count)]
      return ExactString(head + "\(place)-\(count)." + RecordNames.hexadecimal(piece))
    }
  }

  private struct Group: Hashable {
    var write: Int
    var sum: String
    var count: Int
  }

  private func parse(
    _ name: ExactString
  ) -> (group: Group, place: Int, digits: ArraySlice<UInt8>)? {
    let bytes = Array(name.string.utf8.dropFirst(prefix.utf8.count))
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    let numbers = ([parts[0]] + parts[2].split(separator: UInt8(ascii: "-"))).compactMap {
      Int(String(decoding: $0, as: UTF8.self))
    }
    // Bounds, so that no sum below overflows whatever stands in a name.
    guard numbers.count == 3, (1...999_999_999).contains(numbers[0]),
      (1...RecordNames.mostPieces).contains(numbers[2]), (1...numbers[2]).contains(numbers[1])
    else { return nil }
    let sum = String(decoding: parts[1], as: UTF8.self)
    return (Group(write: numbers[0], sum: sum, count: numbers[2]), numbers[1], parts[3])
  }

  private func record(of group: Group, _ pieces: [Int: ArraySlice<UInt8>]) -> LockRecord? {
    guard pieces.count == group.count else { return nil }
    let digits = (1...group.count).flatMap { pieces[$0] ?? [] }
    guard let bytes = RecordNames.bytes(digits), RecordNames.sum(bytes) == group.sum else {
      return nil
    }
    return LockRecord(try? JSONParser.parse(bytes))
  }

  /// FNV-1a with 64 bits: tells the pieces of one record from those of another, no more.
  private static func sum(_ bytes: [UInt8]) -> String {
    var sum: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return String(sum, radix: 16)
  }

  private static let digits = Array("0123456789abcdef".utf8)

  private static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
    String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  private static func bytes(_ text: [UInt8]) -> [UInt8]? {
    let values = text.compactMap { digits.firstIndex(of: $0) }
    guard values.count == text.count, text.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: values.count, by: 2).map {
      UInt8(values[$0] << 4 | values[$0 + 1])
    }
  }
}
