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
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      let isThere = errno == EEXIST || errno == ELOOP
      throw Problem(
        message: isThere
          ? "\(path) exists already; remove it first, or choose another name"
          : "\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let reason = String(cString: strerror(errno))
        close(descriptor)
        throw Problem(message: "\(path) cannot be written: \(reason)")
      }
      rest = rest.dropFirst(count)
    }
    guard fsync(descriptor) == 0 || errno == EINVAL, close(descriptor) == 0 else {
      throw Problem(message: "\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
  }
}
