import FoundationEssentials
import Glibc

/// The system's words for an error number.
package func systemMessage(_ code: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  guard strerror_r(code, &buffer, buffer.count) == 0, buffer[0] != 0 else {
    return "error \(code)"
  }
  let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
  return String(decoding: bytes, as: UTF8.self)
}

/// Files by descriptors; every failure names the operation and the path.
package enum Files {
  static func open(_ path: String, _ flags: Int32) throws(StoreError) -> Int32 {
    let descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .system(operation: "open", path: path, code: errno)
    }
    return descriptor
  }

  /// Writes all of it, however often that takes.
  static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(StoreError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(operation: "write", path: path, code: errno)
      }
      done += count
    }
  }

  /// The whole file; nil when there is none.
  package static func read(_ path: String) throws(StoreError) -> [UInt8]? {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw .system(operation: "open", path: path, code: errno)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .system(operation: "look at", path: path, code: errno)
    }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(operation: "read", path: path, code: errno)
      }
      if count == 0 { break }
      done += count
    }
    bytes.removeSubrange(done...)
    return bytes
  }

  static func sync(_ descriptor: Int32, _ path: String) throws(StoreError) {
    guard fsync(descriptor) == 0 else {
      throw .system(operation: "flush", path: path, code: errno)
    }
  }

  /// Makes renames and new names in a folder last over a loss of power, where the system can.
  static func syncFolder(_ path: String) {
    let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  static func truncate(_ descriptor: Int32, to size: Int, _ path: String) throws(StoreError) {
    guard ftruncate(descriptor, size) == 0 else {
      throw .system(operation: "cut", path: path, code: errno)
    }
  }

  static func rename(_ old: String, to new: String) throws(StoreError) {
    guard Glibc.rename(old, new) == 0 else {
      throw .system(operation: "rename", path: old, code: errno)
    }
  }

  /// Writes a file that is either there as a whole or not at all.
  static func replace(_ path: String, with bytes: [UInt8]) throws(StoreError) {
    let temporary = path + ".tmp"
    let descriptor = try open(temporary, O_WRONLY | O_CREAT | O_TRUNC)
    defer { close(descriptor) }
    try write(bytes, to: descriptor, temporary)
    try sync(descriptor, temporary)
    try rename(temporary, to: path)
  }

  /// Makes a folder for this user alone, and those above it, when it is not there.
  static func makeFolder(_ path: String) throws(StoreError) {
    var end = path.utf8.startIndex
    while end < path.utf8.endIndex {
      let next = path.utf8.index(after: end)
      end = path.utf8[next...].firstIndex(of: UInt8(ascii: "/")) ?? path.utf8.endIndex
      let part = String(path[..<end])
      guard mkdir(part, 0o700) == 0 || errno == EEXIST else {
        throw .system(operation: "make the folder", path: part, code: errno)
      }
    }
    close(try open(path, O_RDONLY | O_DIRECTORY))
  }

  /// The names in a folder, sorted.
  static func names(in folder: String) throws(StoreError) -> [String] {
    do { return try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } catch {
      throw .system(operation: "list", path: folder, code: errno)
    }
  }
}
