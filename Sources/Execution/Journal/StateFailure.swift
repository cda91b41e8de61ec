/// Why the state folder, or a run in it, cannot be used.
package enum StateFailure: Error, Sendable, Equatable {
  /// A link could lead the journal to where somebody else writes.
  case symbolicLink(String)
  case notAFolder(String)
  /// Another user owns it.
  case notOurs(String)
  /// Its group, or everybody, may write in it; with its permission bits.
  case writableByOthers(String, permissions: UInt32)
  case readOnly(FileFailure)
  case noSpace(FileFailure)
  /// The disk refused for another reason.
  case disk(FileFailure)
  /// Another process holds the lock; `holder` is the text that it left, not cleaned, perhaps empty.
  case locked(String, holder: String)
  case badRunID(String)
  case runExists(String)
  case noRun(String)
  /// A writer has the journal of the run; in this process, too.
  case runInUse(String)
  /// The journal of a run does not verify.
  case damaged(run: String, JournalDamage)

  init(_ failure: FileFailure) {
    self =
      failure.isNoSpace
      ? .noSpace(failure) : failure.isReadOnly ? .readOnly(failure) : .disk(failure)
  }
}

extension StateFailure: CustomStringConvertible {
  /// One sentence without its period.
  package var description: String {
    switch self {
    case .symbolicLink(let path):
      "'\(path)' is a symbolic link, and the state must be in a folder of its own"
    case .notAFolder(let path): "'\(path)' is not a folder"
    case .notOurs(let path): "'\(path)' belongs to another user"
    case .writableByOthers(let path, let permissions):
      "others may write in '\(path)' (its mode is 0\(String(permissions, radix: 8)))"
    case .readOnly(let failure), .noSpace(let failure), .disk(let failure): "\(failure)"
    case .locked(let path, let holder):
      holder.isEmpty ? "another process holds '\(path)'" : "'\(path)' is held by \(holder)"
    case .badRunID(let id): "'\(id)' is no name of a run: a-z, 0-9 and '-', 64 at most"
    case .runExists(let id): "there is a run '\(id)' already"
    case .noRun(let id): "there is no run '\(id)'"
    case .runInUse(let id): "the journal of run '\(id)' is being written"
    case .damaged(let run, let damage): "run '\(run)': \(damage)"
    }
  }
}
