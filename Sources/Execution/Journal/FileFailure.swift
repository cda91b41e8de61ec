internal import Glibc

/// A file operation that the system refused: what was tried, on what, and the system's reason.
package struct FileFailure: Error, Sendable, Hashable {
  /// What was tried; the text is the verb of the sentence.
  package enum Operation: String, Sendable, Hashable, CaseIterable {
    case makeFolder = "make the folder"
    case look = "look at"
    case list = "list"
    case read = "read"
    case open = "open"
    case append = "write"
    case synchronize = "flush"
    case synchronizeFolder = "flush the folder"
    case rename = "rename"
    case truncate = "cut"
    case reserve = "reserve space for"
    case lock = "lock"
    case removeFile = "remove"
    case removeFolder = "remove the folder"
  }

  package var operation: Operation
  package var path: String
  /// The system's `errno`.
  package var code: Int32

  package init(_ operation: Operation, _ path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// Whether the disk, or this user's share of it, is full.
  package var isNoSpace: Bool { code == ENOSPC || code == EDQUOT }

  /// Whether the disk is mounted for reading only.
  package var isReadOnly: Bool { code == EROFS }

  /// Whether there is something of that name already.
  package var isExisting: Bool { code == EEXIST }
}

extension FileFailure: CustomStringConvertible {
  /// One sentence without its period: `cannot write 'x/journal.jsonl': No space left on device`.
  package var description: String {
    "cannot \(operation.rawValue) '\(path)': \(FileFailure.words(code))"
  }

  /// The system's words for an error number.
  private static func words(_ code: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard strerror_r(code, &buffer, buffer.count) == 0, buffer[0] != 0 else {
      return "error \(code)"
    }
    let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
