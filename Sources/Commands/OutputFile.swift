import Foundation
import OptionParsing

/// Writes results to files that were not there before, unless they are to be replaced.
///
/// An existing file, a link or a folder is refused: nothing of anybody's is overwritten unasked.
enum OutputFile {
  /// Why a file was not written.
  struct Problem: Error, Sendable {
    var message: String
  }

  /// What keeps the files that a command line names from being written, as far as it can be told
  /// before the work is done; nil for nothing.
  static func obstacle(_ paths: [String]) -> Problem? {
    var info = stat()
    for path in paths {
      do throws(Problem) { try expectFile(path) } catch { return error }
      if lstat(path, &info) == 0 { return existing(path) }
    }
    return nil
  }

  /// The files of `--report`, and of other options.
  static func paths(_ command: ParsedCommand, _ options: String...) -> [String] {
    command.pairs("--report").map(\.value) + options.compactMap { command.text($0) }
  }

  private static func expectFile(_ path: String) throws(Problem) {
    guard path == "-" else { return }
    throw Problem(
      message: "'-' is no file to write to; standard output gets what --format says (write ./- for "
        + "a file of that name)")
  }

  private static func existing(_ path: String) -> Problem {
    Problem(message: "\(path) exists already; remove it first, or choose another name")
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

  /// Puts a file in the place of one that may be there: a reader sees the old or the new, whole.
  ///
  /// - Parameter mode: the rights of the new file; nil for those of any new one.
  static func replace(
    _ path: String, with bytes: [UInt8], mode: mode_t? = nil
  ) throws(Problem) {
    let draft = path + ".qdrant-plan-new"
    // What an earlier process left there when it was killed is nobody's.
    unlink(draft)
    do throws(Problem) {
      try write(bytes, to: draft)
      guard mode.map({ chmod(draft, $0) == 0 }) ?? true, rename(draft, path) == 0 else {
        throw Problem(message: "\(path) cannot be written: \(String(cString: strerror(errno)))")
      }
    } catch {
      unlink(draft)
      throw error
    }
  }

  /// A new file to write to.
  static func create(_ path: String) throws(Problem) -> Int32 {
    try expectFile(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      if errno == EEXIST || errno == ELOOP { throw existing(path) }
      throw Problem(message: "\(path) cannot be written: \(String(cString: strerror(errno)))")
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
