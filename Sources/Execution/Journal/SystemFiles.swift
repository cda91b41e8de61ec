internal import CLinux
internal import Glibc
internal import Synchronization

/// The system's files.
///
/// Descriptors are not inherited, a symbolic link at the end of a path is refused, a call that a
/// signal interrupts is made again, and nothing is waited for when a pipe stands in a file's place.
package final class SystemFiles: FileSystem {
  private let flushes = Atomic<Int>(0)

  package init() {}

  /// How many times files and folders were flushed, for measuring what durability costs.
  package var flushCount: Int { flushes.load(ordering: .relaxed) }

  package func makeFolder(_ path: String) throws(FileFailure) {
    try check(mkdir(path, 0o700), .makeFolder, path)
  }

  package func status(of path: String) throws(FileFailure) -> FileStatus? {
    var found = stat()
    guard lstat(path, &found) == 0 else {
      if errno == ENOENT { return nil }
      throw FileFailure(.look, path, code: errno)
    }
    let kind: FileStatus.Kind =
      switch found.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .symbolicLink
      default: .other
      }
    return FileStatus(
      kind: kind, permissions: found.st_mode & 0o7777, isOurs: found.st_uid == geteuid())
  }

  package func names(in folder: String) throws(FileFailure) -> [String] {
    let descriptor = try open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, .list)
    guard let stream = fdopendir(descriptor) else {
      let code = errno
      close(descriptor)
      throw FileFailure(.list, folder, code: code)
    }
    defer { closedir(stream) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { buffer in
        String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw FileFailure(.list, folder, code: errno) }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  package func read(_ path: String) throws(FileFailure) -> [UInt8] {
    let descriptor = try open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, .read)
    defer { close(descriptor) }
    var found = stat()
    try check(fstat(descriptor, &found), .read, path)
    guard found.st_mode & S_IFMT == S_IFREG else {
      throw FileFailure(.read, path, code: found.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Int(found.st_size))
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = retried { Glibc.read(descriptor, &chunk, chunk.count) }
      guard count >= 0 else { throw FileFailure(.read, path, code: errno) }
      if count == 0 { return bytes }
      bytes += chunk.prefix(count)
    }
  }

  package func open(_ path: String, _ mode: OpenMode) throws(FileFailure) -> OpenFile {
    let making =
      switch mode {
      case .new: O_CREAT | O_EXCL
      case .existing: Int32(0)
      case .any: O_CREAT
      }
    let flags = O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | making
    return OpenFile(descriptor: try open(path, flags, .open), path: path)
  }

  package func append(_ bytes: [UInt8], to file: OpenFile) throws(FileFailure) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        retried {
          write(file.descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
        }
      }
      guard count > 0 else {
        throw FileFailure(.append, file.path, code: count == 0 ? EIO : errno)
      }
      done += count
    }
  }

  package func synchronize(_ file: OpenFile) throws(FileFailure) {
    flushes.add(1, ordering: .relaxed)
    try check(retried { Int(fsync(file.descriptor)) }, .synchronize, file.path)
  }

  /// Follows a link, because the folder above the state may be reached by one; nothing is written.
  /// A file system that cannot flush a folder at all says `EINVAL`, and that is no failure.
  package func synchronizeFolder(_ path: String) throws(FileFailure) {
    let descriptor = try open(path, O_RDONLY | O_DIRECTORY, .synchronizeFolder)
    defer { close(descriptor) }
    flushes.add(1, ordering: .relaxed)
    guard retried({ Int(fsync(descriptor)) }) == 0 || errno == EINVAL else {
      throw FileFailure(.synchronizeFolder, path, code: errno)
    }
  }

  package func rename(_ old: String, to new: String) throws(FileFailure) {
    try check(Glibc.rename(old, new), .rename, old)
  }

  package func truncate(_ file: OpenFile, to length: Int) throws(FileFailure) {
    try check(retried { Int(ftruncate(file.descriptor, length)) }, .truncate, file.path)
  }

  package func reserve(_ bytes: Int, after file: OpenFile) throws(FileFailure) {
    var found = stat()
    try check(fstat(file.descriptor, &found), .reserve, file.path)
    let result = retried {
      Int(fallocate(file.descriptor, FALLOC_FL_KEEP_SIZE, found.st_size, bytes))
    }
    guard result == 0 || errno == EOPNOTSUPP || errno == ENOSYS else {
      throw FileFailure(.reserve, file.path, code: errno)
    }
  }

  package func lock(_ file: OpenFile) throws(FileFailure) -> Bool {
    if retried({ Int(flock(file.descriptor, LOCK_EX | LOCK_NB)) }) == 0 { return true }
    guard errno == EWOULDBLOCK else { throw FileFailure(.lock, file.path, code: errno) }
    return false
  }

  /// Unlocks first: a child that another thread is just starting shares the open file for a moment.
  package func close(_ file: OpenFile) {
    flock(file.descriptor, LOCK_UN)
    close(file.descriptor)
  }

  package func removeFile(_ path: String) throws(FileFailure) {
    try check(unlink(path), .removeFile, path)
  }

  package func removeFolder(_ path: String) throws(FileFailure) {
    try check(rmdir(path), .removeFolder, path)
  }

  private func open(
    _ path: String, _ flags: Int32, _ operation: FileFailure.Operation
  ) throws(FileFailure) -> Int32 {
    let descriptor = retried { Int(Glibc.open(path, flags | O_CLOEXEC, 0o600)) }
    try check(descriptor, operation, path)
    return Int32(descriptor)
  }

  private func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

  /// The result of a system call, made again while signals interrupt it.
  private func retried(_ call: () -> Int) -> Int {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }

  private func check(
    _ result: some BinaryInteger, _ operation: FileFailure.Operation, _ path: String
  ) throws(FileFailure) {
    guard result >= 0 else { throw FileFailure(operation, path, code: errno) }
  }
}
