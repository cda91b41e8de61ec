import Foundation

/// A file as it is before it is edited.
struct EditedFile {
  let bytes: [UInt8]
  let mode: mode_t

  /// A regular file; nil for a link, a folder, or what cannot be read.
  init?(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      let data = FileManager.default.contents(atPath: path)
    else { return nil }
    bytes = Array(data)
    mode = status.st_mode & 0o7777
  }
}
