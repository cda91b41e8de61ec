internal import Synchronization

/// The state folder, held by this process alone.
///
/// It is held until `release` or the end of the process, however that comes about. It is not
/// released when the last reference goes: Swift may drop a value right after its last use, which
/// for a lock is long before its end.
package final class StateLock: Sendable {
  private let files: any FileSystem
  /// Nil once released: the descriptor may be another file's by then.
  private let file: Mutex<OpenFile?>

  init(_ file: OpenFile, in files: any FileSystem) {
    self.file = Mutex(file)
    self.files = files
  }

  /// Gives the folder back; append to no journal afterwards.
  package func release() {
    file.withLock { file in
      if let held = file { files.close(held) }
      file = nil
    }
  }
}
