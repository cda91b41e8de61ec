/// Whether opening makes the file.
package enum OpenMode: Sendable {
  /// It must not be there yet.
  case new
  /// It must be there.
  case existing
  /// Made when it is not there.
  case any
}

/// A file that is open for appending.
package struct OpenFile: Sendable, Hashable {
  /// The file system's number for it.
  package var descriptor: Int32
  /// Its path, for messages.
  package var path: String

  package init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }
}

/// What stands at a path.
package struct FileStatus: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case file, folder, symbolicLink, other
  }

  package var kind: Kind
  /// The permission bits, such as 0o700.
  package var permissions: UInt32
  /// Whether the user that this process acts as owns it.
  package var isOurs: Bool

  package init(kind: Kind, permissions: UInt32, isOurs: Bool) {
    self.kind = kind
    self.permissions = permissions
    self.isOurs = isOurs
  }
}
