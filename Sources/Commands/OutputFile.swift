import Foundation

/// Writes results to files that were not there before.
///
/// An existing file, a link or a folder is refused: nothing of anybody's is overwritten.
enum OutputFile {
  /// Why a file was not written.
  struct Problem: Error, Sendable {
    var message: String
  }

  static func write(_ bytes: [UInt8], to path: String) throws(Problem) {
    let descriptor = try create(path)
    guard write(bytes, to: descriptor) else {
      let reason = String(cString: strerror(errno))
      close(descriptor)
      throw Problem(message: "\(path) cannot be written: \(reason)")
    }
    guard fsync(descriptor) == 0 || errno == EINVAL, close(descriptor) == 0 else {
      throw Problem(message: "\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
  }

  /// A new file to write to.
  static func create(_ path: String) throws(Problem) -> Int32 {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      let isThere = errno == EEXIST || errno == ELOOP
      throw Problem(
        message: isThere
          ? "\(path) exists already; remove it first, or choose another name"
          : "\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
    return descriptor
  }

  /// Writes all of it; false when that is not possible.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
