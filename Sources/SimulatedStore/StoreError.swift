/// Why a folder cannot hold a simulated server, or no longer.
package enum StoreError: Error, Sendable, Equatable {
  /// Another process has the folder.
  case locked(folder: String)
  /// There is something in the folder that no store put there.
  case foreign(folder: String, entry: String)
  /// A file is not what was written; `offset` in bytes where one is known.
  case damaged(file: String, offset: Int?, detail: String)
  /// The folder holds a server of another release.
  case otherVersion(folder: String, stored: String, asked: String)
  /// The folder was written by a later form of this program.
  case otherFormat(file: String, format: Int)
  /// The system refused something; `code` is its `errno`.
  case system(operation: String, path: String, code: Int32)
  /// The store was closed.
  case closed

  /// One sentence for a person, without a full stop.
  package var message: String {
    switch self {
    case .locked(let folder): "another process uses the storage '\(folder)'"
    case .foreign(let folder, let entry):
      "'\(folder)' is no storage of a simulated Qdrant: it holds '\(entry)'"
    case .damaged(let file, let offset, let detail):
      "'\(file)' is damaged" + (offset.map { " at byte \($0)" } ?? "") + ": \(detail)"
    case .otherVersion(let folder, let stored, let asked):
      "the storage '\(folder)' belongs to a server \(stored), not \(asked)"
    case .otherFormat(let file, let format):
      "'\(file)' has the format \(format), which this program does not know"
    case .system(let operation, let path, let code):
      "cannot \(operation) '\(path)': \(systemMessage(code))"
    case .closed: "the storage is closed"
    }
  }
}
