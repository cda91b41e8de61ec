internal import Glibc

/// What a journal says, verified record by record.
package struct JournalContents: Sendable, Hashable {
  package var records: [JournalRecord] = []
  /// The hash that the next record follows.
  package var lastHash = JournalLine.noHash
  /// Bytes of the verified records.
  package var validLength = 0
  /// Bytes after them: the beginning of a record whose writing was cut off.
  package var tornBytes = 0

  /// Those of a journal without a record.
  package init() {}
}

/// Reads a journal and trusts nothing in it.
///
/// A crash leaves the beginning of a line: a last line without its newline is *torn* and does not
/// count. Everything else that is not as it was written is damage, a last line with its newline
/// included, because a record that was durable must not vanish as if it had been torn. Several
/// records that were all unsynced when the power went may come back with a gap; that is damage,
/// too, and what was durable stands before it, in `intact`.
package enum JournalReader {
  /// Verifies and reads a whole journal, in time linear to its length.
  package static func read(_ bytes: [UInt8]) throws(JournalDamage) -> JournalContents {
    var contents = JournalContents()
    while contents.validLength < bytes.count {
      let start = contents.validLength
      guard let end = newline(in: bytes, from: start) else {
        try checkTorn(bytes, contents)
        contents.tornBytes = bytes.count - start
        return contents
      }
      do throws(JournalDamage.Reason) {
        let (record, hash) = try JournalLine.decode(
          Array(bytes[start..<end]), number: contents.records.count + 1, after: contents.lastHash)
        contents.records.append(record)
        contents.lastHash = hash
        contents.validLength = end + 1
      } catch {
        throw damage(error, contents)
      }
    }
    return contents
  }

  /// Refuses a rest that no cut-off writing leaves: a whole record and another byte, which was its
  /// newline, or more than a record can be long.
  private static func checkTorn(
    _ bytes: [UInt8], _ contents: JournalContents
  ) throws(JournalDamage) {
    let rest = Array(bytes[contents.validLength...])
    guard rest.count < JournalLine.longest else { throw damage(.tooLong, contents) }
    let line = Array(rest.dropLast())
    let whole = try? JournalLine.decode(
      line, number: contents.records.count + 1, after: contents.lastHash)
    if whole != nil { throw damage(.noNewline, contents) }
  }

  private static func damage(
    _ reason: JournalDamage.Reason, _ intact: JournalContents
  ) -> JournalDamage {
    JournalDamage(
      record: intact.records.count + 1, offset: intact.validLength, reason: reason, intact: intact)
  }

  /// The place of the first newline from there on; `memchr` because journals may be long.
  private static func newline(in bytes: [UInt8], from start: Int) -> Int? {
    bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress,
        let found = memchr(base + start, 0x0A, buffer.count - start)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }
}
