package import JSON
internal import Synchronization

/// Why a record is not, or not certainly, in the journal: whatever it was to precede must not
/// happen.
package enum JournalFailure: Error, Sendable, Equatable {
  /// The disk refused.
  case disk(FileFailure)
  /// The entry makes a line that a reader would refuse.
  case unreadable(JournalDamage.Reason)
  /// An earlier append failed, or the journal was closed.
  case stopped
}

extension JournalFailure: CustomStringConvertible {
  /// One sentence without its period.
  package var description: String {
    switch self {
    case .disk(let failure): "the journal could not be written: \(failure)"
    case .unreadable(let reason): "an entry cannot stand in the journal: \(reason)"
    case .stopped: "the journal takes no more records: an earlier one failed, or it was closed"
    }
  }
}

/// Appends records to the journal of a run; there is one writer, which the state's lock sees to.
///
/// After the first failure it is broken for good: what is on the disk is then uncertain, and a
/// second `fsync` would say yes without having written what the first one lost.
package final class JournalWriter: Sendable {
  private struct State {
    /// Nil once broken or closed.
    var file: OpenFile?
    var count: Int
    var lastHash: String
  }

  private let files: any FileSystem
  private let state: Mutex<State>

  /// Goes on after what an open file contains, which must end with a newline or be empty.
  init(_ file: OpenFile, after contents: JournalContents, in files: any FileSystem) {
    self.files = files
    state = Mutex(
      State(file: file, count: contents.records.count, lastHash: contents.lastHash))
  }

  deinit { close() }

  /// Appends a record.
  ///
  /// `durably` returns when it is on the disk together with all before it; otherwise it outlives
  /// this process, but perhaps not a loss of power. `time` (ISO 8601) is an annotation.
  package func append(
    entry: JSONObject, time: String, durably: Bool
  ) throws(JournalFailure) {
    try state.withLock { state throws(JournalFailure) in
      guard let file = state.file else { throw .stopped }
      do throws(JournalFailure) {
        try append(entry, time, to: file, &state)
        if durably { try disk { () throws(FileFailure) in try files.synchronize(file) } }
      } catch {
        state.file = nil
        files.close(file)
        throw error
      }
    }
  }

  /// Takes no more records.
  package func close() {
    state.withLock { state in
      if let file = state.file { files.close(file) }
      state.file = nil
    }
  }

  /// Reads every line back before it is written: a journal that its reader refuses is worth
  /// nothing.
  private func append(
    _ entry: JSONObject, _ time: String, to file: OpenFile, _ state: inout State
  ) throws(JournalFailure) {
    let record = JournalRecord(number: state.count + 1, time: time, entry: entry)
    let (line, hash) = JournalLine.encode(record, after: state.lastHash)
    do throws(JournalDamage.Reason) {
      _ = try JournalLine.decode(
        Array(line.dropLast()), number: record.number, after: state.lastHash)
    } catch {
      throw .unreadable(error)
    }
    try disk { () throws(FileFailure) in try files.append(line, to: file) }
    state.count = record.number
    state.lastHash = hash
  }

  private func disk(_ operation: () throws(FileFailure) -> Void) throws(JournalFailure) {
    do throws(FileFailure) { try operation() } catch { throw .disk(error) }
  }
}
