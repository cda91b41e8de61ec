/// The state folder, held by this process alone.
///
/// It is held until `release` or the end of the process, however that comes about. It is not
/// released when the last reference goes: Swift may drop a value right after its last use, which
/// for a lock is long before its end.
package final class StateLock: Sendable {
  private let files: any FileSystem
  private let file: OpenFile

  init(_ file: OpenFile, in files: any FileSystem) {
    self.file = file
    self.files = files
  }

  /// Gives the folder back; call it once, and append to no journal afterwards.
  package func release() { files.close(file) }
}
