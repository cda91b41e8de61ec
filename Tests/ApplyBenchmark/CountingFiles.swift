import Execution
import Synchronization

/// The system's files, with what reached the disk counted.
final class CountingFiles: FileSystem {
  /// How often the disk was waited for, and for how many bytes.
  struct Count: Sendable {
    var flushes = 0
    var bytes = 0
  }

  private let files = SystemFiles()
  private let counted = Mutex(Count())

  var count: Count { counted.withLock { $0 } }

  func synchronize(_ file: OpenFile) throws(FileFailure) {
    counted.withLock { $0.flushes += 1 }
    try files.synchronize(file)
  }

  func synchronizeFolder(_ path: String) throws(FileFailure) {
    counted.withLock { $0.flushes += 1 }
    try files.synchronizeFolder(path)
  }

  func append(_ bytes: [UInt8], to file: OpenFile) throws(FileFailure) {
    counted.withLock { $0.bytes += bytes.count }
    try files.append(bytes, to: file)
  }

  func makeFolder(_ path: String) throws(FileFailure) { try files.makeFolder(path) }

  func status(of path: String) throws(FileFailure) -> FileStatus? { try files.status(of: path) }

  func names(in folder: String) throws(FileFailure) -> [String] { try files.names(in: folder) }

  func read(_ path: String) throws(FileFailure) -> [UInt8] { try files.read(path) }

  func open(_ path: String, _ mode: OpenMode) throws(FileFailure) -> OpenFile {
    try files.open(path, mode)
  }

  func rename(_ old: String, to new: String) throws(FileFailure) {
    try files.rename(old, to: new)
  }

  func truncate(_ file: OpenFile, to length: Int) throws(FileFailure) {
    try files.truncate(file, to: length)
  }

  func reserve(_ bytes: Int, after file: OpenFile) throws(FileFailure) {
    try files.reserve(bytes, after: file)
  }

  func lock(_ file: OpenFile) throws(FileFailure) -> Bool { try files.lock(file) }

  func close(_ file: OpenFile) { files.close(file) }

  func removeFile(_ path: String) throws(FileFailure) { try files.removeFile(path) }

  func removeFolder(_ path: String) throws(FileFailure) { try files.removeFolder(path) }
}
