internal import Execution
internal import Glibc

/// Paths and descriptors to nodes, with the system's error numbers.
extension DiskState {
  /// Whether a scripted end of the process has come.
  var isDead: Bool { faults.contains { $0.isKill && $0.remaining == 0 } }

  func node(
    _ path: String, _ operation: FileFailure.Operation
  ) throws(FileFailure) -> Int {
    guard let node = live.find(path)?.node else {
      throw FileFailure(operation, path, code: ENOENT)
    }
    guard case .folder = live.nodes[node] else {
      throw FileFailure(operation, path, code: ENOTDIR)
    }
    return node
  }

  func file(_ path: String, _ operation: FileFailure.Operation) throws(FileFailure) -> Int {
    guard let node = live.find(path)?.node else {
      throw FileFailure(operation, path, code: ENOENT)
    }
    switch live.nodes[node] {
    case .file: return node
    case .folder: throw FileFailure(operation, path, code: EISDIR)
    case .special, nil: throw FileFailure(operation, path, code: ELOOP)
    }
  }

  func node(
    of file: OpenFile, _ operation: FileFailure.Operation
  ) throws(FileFailure) -> Int {
    guard let node = open[file.descriptor] else {
      throw FileFailure(operation, file.path, code: EBADF)
    }
    return node
  }

  /// Where a new thing can get its name.
  func freePlace(
    _ path: String, _ operation: FileFailure.Operation
  ) throws(FileFailure) -> (folder: Int, name: String) {
    guard let place = live.find(path) else { throw FileFailure(operation, path, code: ENOENT) }
    guard place.node == nil else { throw FileFailure(operation, path, code: EEXIST) }
    try checkWritable(path, operation)
    return (place.folder, place.name)
  }

  func checkWritable(
    _ path: String, _ operation: FileFailure.Operation
  ) throws(FileFailure) {
    guard !readOnly.contains(where: { path.hasPrefix($0) }) else {
      throw FileFailure(operation, path, code: EROFS)
    }
  }

  mutating func append(_ bytes: [UInt8], _ node: Int) {
    change(.write(file: node, offset: live.content(of: node).count, bytes: bytes))
  }

  mutating func unlink(
    _ path: String, _ operation: FileFailure.Operation
  ) throws(FileFailure) {
    guard let place = live.find(path), place.node != nil else {
      throw FileFailure(operation, path, code: ENOENT)
    }
    try checkWritable(path, operation)
    change(.unlink(folder: place.folder, name: place.name))
  }
}
