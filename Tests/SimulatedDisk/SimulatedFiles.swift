package import Execution
internal import Glibc
internal import Synchronization

/// A disk in memory that tells what was written from what lasts, and fails by script.
package final class SimulatedFiles: FileSystem {
  private let state = Mutex(DiskState())

  package init() {}

  package func makeFolder(_ path: String) throws(FileFailure) {
    try state.withLock { state throws(FileFailure) in
      try state.begin(.makeFolder, path)
      try state.makeFolder(path)
      let isOvertaken = state.isOvertaken
      state.isOvertaken = false
      if isOvertaken { throw FileFailure(.makeFolder, path, code: EEXIST) }
    }
  }

  package func status(of path: String) throws(FileFailure) -> FileStatus? {
    try state.withLock { state throws(FileFailure) in
      try state.begin(.look, path)
      let found: Int?
      do throws(FileFailure) { found = try state.find(path, .look).node } catch {
        guard error.code == ENOENT else { throw error }
        return nil
      }
      guard let node = found else { return nil }
      return state.statuses[node] ?? .own(.folder, 0o700)
    }
  }

  package func names(in folder: String) throws(FileFailure) -> [String] {
    try state.withLock { state throws(FileFailure) in
      try state.begin(.list, folder)
      let node = try state.folder(folder, .list)
      return state.live.entries(of: node).keys.sorted {
        $0.utf8.lexicographicallyPrecedes($1.utf8)
      }
    }
  }

  package func read(_ path: String) throws(FileFailure) -> [UInt8] {
    try state.withLock { state throws(FileFailure) in
      try state.begin(.read, path)
      return state.live.content(of: try state.file(path, .read))
    }
  }

  package func open(_ path: String, _ mode: OpenMode) throws(FileFailure) -> OpenFile {
    try state.withLock { state throws(FileFailure) in
      try state.begin(.open, path)
      let isThere = try state.find(path, .open).node != nil
      if mode == .existing || (mode == .any && isThere) {
        try state.checkWritable(path, .open)
        let node = try state.file(path, .open)
        return OpenFile(descriptor: state.openDescriptor(node), path: path)
      }
      let (folder, name) = try state.freePlace(path, .open)
      let node = state.makeNode(.file([]), .own(.file, 0o600))
      state.change(.link(folder: folder, name: name, node: node))
      return OpenFile(descriptor: state.openDescriptor(node), path: path)
    }
  }

  package func append(_ bytes: [UInt8], to file: OpenFile) throws(FileFailure) {
    try state.withLock { state throws(FileFailure) in
      let node = try state.node(of: file, .append)
      try state.begin(.append, file.path) { state, count in
        state.append(Array(bytes.prefix(count)), node)
      }
      state.append(bytes, node)
    }
  }

  package func synchronize(_ file: OpenFile) throws(FileFailure) {
    try state.withLock { state throws(FileFailure) in
      let node = try state.node(of: file, .synchronize)
      do throws(FileFailure) { try state.begin(.synchronize, file.path) } catch {
        if !state.isDead { state.forget(node) }
        throw error
      }
      state.flush(node)
    }
  }

  package func synchronizeFolder(_ path: String) throws(FileFailure) {
    try state.withLock { state throws(FileFailure) in
      try state.begin(.synchronizeFolder, path)
      state.flush(try state.folder(path, .synchronizeFolder))
    }
  }

  package func rename(_ old: String, to new: String) throws(FileFailure) {
    try state.withLock { state throws(FileFailure) in
      try state.begin(.rename, old)
      try state.checkWritable(new, .rename)
      let from = try state.existing(old, .rename)
      let to = try state.find(new, .rename)
      guard to.folder == from.folder else { throw FileFailure(.rename, old, code: EXDEV) }
      if let target = to.node, !state.live.entries(of: target).isEmpty {
        throw FileFailure(.rename, old, code: ENOTEMPTY)
      }
      state.change(.rename(folder: from.folder, from: from.name, to: to.name, node: from.node))
    }
  }

  package func truncate(_ file: OpenFile, to length: Int) throws(FileFailure) {
    try state.withLock { state throws(FileFailure) in
      let node = try state.node(of: file, .truncate)
      try state.begin(.truncate, file.path)
      state.change(.cut(file: node, length: length))
    }
  }

  package func reserve(_ bytes: Int, after file: OpenFile) throws(FileFailure) {
    try state.withLock { state throws(FileFailure) in
      _ = try state.node(of: file, .reserve)
      try state.begin(.reserve, file.path)
    }
  }

  package func lock(_ file: OpenFile) throws(FileFailure) -> Bool {
    try state.withLock { state throws(FileFailure) in
      let node = try state.node(of: file, .lock)
      try state.begin(.lock, file.path)
      if let holder = state.locks[node], holder != file.descriptor { return false }
      state.locks[node] = file.descriptor
      return true
    }
  }

  package func close(_ file: OpenFile) {
    state.withLock { state in
      guard let node = state.open.removeValue(forKey: file.descriptor) else { return }
      if state.locks[node] == file.descriptor { state.locks[node] = nil }
    }
  }

  package func removeFile(_ path: String) throws(FileFailure) {
    try state.withLock { state throws(FileFailure) in
      try state.begin(.removeFile, path)
      try state.unlink(path, .removeFile)
    }
  }

  package func removeFolder(_ path: String) throws(FileFailure) {
    try state.withLock { state throws(FileFailure) in
      try state.begin(.removeFolder, path)
      guard state.live.entries(of: try state.folder(path, .removeFolder)).isEmpty else {
        throw FileFailure(.removeFolder, path, code: ENOTEMPTY)
      }
      try state.unlink(path, .removeFolder)
    }
  }
}

/// The script: what is to go wrong, and what has happened.
extension SimulatedFiles {
  /// Every operation that was tried, in order; giving a file back is none.
  package var operations: [FileFailure.Operation] { state.withLock { $0.operations } }

  /// How many changes a loss of power could take, in the order of `losePower`'s fates.
  package var unsyncedCount: Int { state.withLock { $0.pending.count } }

  /// Fails one operation of a kind, the `count`-th from now (from 1).
  ///
  /// `writing` bytes of a failing write are there all the same. A flush that fails loses what it
  /// was to flush: a later one succeeds without it.
  package func fail(
    _ operation: FileFailure.Operation, at count: Int, code: Int32, writing written: Int = 0
  ) {
    state.withLock { state in
      state.faults.append(
        .init(
          operation: operation, remaining: count - 1, code: code, written: written, isKill: false))
    }
  }

  /// Ends the process at its `count`-th operation from now (from 1): that one and all after it
  /// fail, and have no effect but the first `writing` bytes of a write.
  package func kill(at count: Int, writing written: Int = 0) {
    state.withLock { state in
      state.faults.append(
        .init(operation: nil, remaining: count - 1, code: EIO, written: written, isKill: true))
    }
  }

  /// Lets nothing be made, renamed or removed below a folder any more.
  package func makeReadOnly(_ folder: String) {
    state.withLock { $0.readOnly.append(folder + "/") }
  }

  /// Lets another process make the next folder just before this one does.
  package func overtake() { state.withLock { $0.isOvertaken = true } }

  /// Makes every rename from now one that a loss of power undoes, flushed or not.
  package func loseRenames() { state.withLock { $0.losesRenames = true } }

  /// Starts again after the end of the process: open files, locks and the script are gone.
  package func restart() { state.withLock { $0.endProcesses() } }

  /// Starts again after a loss of power; changes without a fate are dropped.
  package func losePower(_ fates: [Fate] = []) { state.withLock { $0.losePower(fates) } }

  /// Puts a durable file, or anything else with that status, at a path.
  package func place(
    _ path: String, _ bytes: [UInt8] = [], as status: FileStatus = .own(.file, 0o600)
  ) {
    state.withLock { state in
      guard let place = try? state.find(path, .look) else { return }
      let content: DiskTree.Node =
        switch status.kind {
        case .file: .file(bytes)
        case .folder: .folder(place.node.map { state.live.entries(of: $0) } ?? [:])
        case .symbolicLink, .other: .special
        }
      let node = state.makeNode(content, status)
      let change = DiskTree.Change.link(folder: place.folder, name: place.name, node: node)
      state.live.apply(change)
      state.durable.apply(change)
    }
  }
}

extension FileStatus {
  /// The status of something that is ours.
  package static func own(_ kind: Kind, _ permissions: UInt32) -> FileStatus {
    FileStatus(kind: kind, permissions: permissions, isOurs: true)
  }
}
