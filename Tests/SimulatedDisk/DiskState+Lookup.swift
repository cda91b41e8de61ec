internal import Execution
internal import Glibc

/// Paths and descriptors to nodes, with the system's error numbers, and changes by path.
extension DiskState {
  /// Whether a scripted end of the process has come.
  var isDead: Bool { faults.contains { $0.isKill && $0.remaining == 0 } }

  /// The folder of a path, with the last name of it and the node there, when there is one.
  func find(
    _ path: String, _ operation: FileFailure.Operation
  ) throws(FileFailure) -> (folder: Int, name: String, node: Int?) {
    var names = path.split(separator: "/").map(String.init)
    names.removeAll { $0 == "." }
    guard let last = names.popLast() else { return (DiskTree.root, "", DiskTree.root) }
    var folder = DiskTree.root
    for name in names {
      guard let next = live.entries(of: folder)[name] else {
        throw FileFailure(operation, path, code: ENOENT)
      }
      guard case .folder = live.nodes[next] else {
        throw FileFailure(operation, path, code: ENOTDIR)
      }
      folder = next
    }
    return (folder, last, live.entries(of: folder)[last])
  }

  /// What is at a path, which must be something.
  func existing(
    _ path: String, _ operation: FileFailure.Operation
  ) throws(FileFailure) -> (folder: Int, name: String, node: Int) {
    let place = try find(path, operation)
    guard let node = place.node else { throw FileFailure(operation, path, code: ENOENT) }
    return (place.folder, place.name, node)
  }

  func folder(_ path: String, _ operation: FileFailure.Operation) throws(FileFailure) -> Int {
    let node = try existing(path, operation).node
    guard case .folder = live.nodes[node] else {
      throw FileFailure(operation, path, code: ENOTDIR)
    }
    return node
  }

  func file(_ path: String, _ operation: FileFailure.Operation) throws(FileFailure) -> Int {
    let node = try existing(path, operation).node
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
    let place = try find(path, operation)
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

  mutating func makeFolder(_ path: String) throws(FileFailure) {
    let (folder, name) = try freePlace(path, .makeFolder)
    let node = makeNode(.folder([:]), .own(.folder, 0o700))
    change(.link(folder: folder, name: name, node: node))
  }

  mutating func append(_ bytes: [UInt8], _ node: Int) {
    change(.write(file: node, offset: live.content(of: node).count, bytes: bytes))
  }

  mutating func unlink(
    _ path: String, _ operation: FileFailure.Operation
  ) throws(FileFailure) {
    let place = try existing(path, operation)
    try checkWritable(path, operation)
    change(.unlink(folder: place.folder, name: place.name))
  }
}
