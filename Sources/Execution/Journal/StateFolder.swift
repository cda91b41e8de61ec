/// The folder that keeps the journals of a workspace: `lock` and `runs/<id>/`.
///
/// A value of this type is a folder that was looked at: it is a real folder (no link), ours, and
/// nobody else may write in it. What makes or goes on with a run is to be called under `lock`.
package struct StateFolder: Sendable {
  /// Its name beside the manifests, unless another is asked for.
  package static let defaultName = ".qdrant-reconciler"

  /// Where it is, without a slash at the end.
  package let path: String
  let files: any FileSystem

  var runsPath: String { path + "/runs" }

  private init(_ path: String, in files: any FileSystem) {
    self.path = path
    self.files = files
  }

  /// The folder at that path, which is made when it is not there.
  ///
  /// Folders above are flushed even when it is there: the process that made it may have been killed
  /// before it could do that.
  package static func open(
    _ path: String, in files: any FileSystem
  ) throws(StateFailure) -> StateFolder {
    let state = StateFolder(withoutSlashes(path), in: files)
    try state.make(state.path)
    try state.disk { () throws(FileFailure) in
      try files.synchronizeFolder(parent(of: state.path))
    }
    try state.make(state.runsPath)
    try state.disk { () throws(FileFailure) in try files.synchronizeFolder(state.path) }
    return state
  }

  /// The folder at that path, for reading; nil when there is none. Nothing is made.
  package static func openIfPresent(
    _ path: String, in files: any FileSystem
  ) throws(StateFailure) -> StateFolder? {
    let state = StateFolder(withoutSlashes(path), in: files)
    guard try state.isSound(state.path) else { return nil }
    return state
  }

  /// Takes the lock, or says who has it. `holder` (process, run, since when) is one line for those
  /// who come meanwhile; it is not cleaned.
  package func lock(holder: String) throws(StateFailure) -> StateLock {
    let lockPath = path + "/lock"
    let file = try disk { () throws(FileFailure) in try files.open(lockPath, .any) }
    do throws(StateFailure) {
      guard try disk({ () throws(FileFailure) in try files.lock(file) }) else {
        throw .locked(lockPath, holder: try text(of: lockPath))
      }
      try disk { () throws(FileFailure) in
        try files.truncate(file, to: 0)
        try files.append(Array((holder + "\n").utf8), to: file)
      }
    } catch {
      files.close(file)
      throw error
    }
    return StateLock(file, in: files)
  }

  /// The first line of the lock file.
  private func text(of path: String) throws(StateFailure) -> String {
    let bytes = try disk { () throws(FileFailure) in try files.read(path) }
    return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }

  private func make(_ folder: String) throws(StateFailure) {
    if try isSound(folder) { return }
    do throws(FileFailure) { try files.makeFolder(folder) } catch {
      guard error.isExisting else { throw StateFailure(error) }
    }
    _ = try isSound(folder)
  }

  /// False when nothing is there; a failure when what is there is no folder to trust.
  func isSound(_ folder: String) throws(StateFailure) -> Bool {
    let found = try disk { () throws(FileFailure) in try files.status(of: folder) }
    guard let status = found else { return false }
    guard status.kind != .symbolicLink else { throw .symbolicLink(folder) }
    guard status.kind == .folder else { throw .notAFolder(folder) }
    guard status.isOurs else { throw .notOurs(folder) }
    guard status.permissions & 0o022 == 0 else {
      throw .writableByOthers(folder, permissions: status.permissions)
    }
    return true
  }

  func disk<T>(_ operation: () throws(FileFailure) -> T) throws(StateFailure) -> T {
    do throws(FileFailure) { return try operation() } catch { throw StateFailure(error) }
  }

  /// A slash at the end would make the system follow a symbolic link there.
  private static func withoutSlashes(_ path: String) -> String {
    var path = path
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
    return path
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : withoutSlashes(String(path[..<slash]))
  }
}
