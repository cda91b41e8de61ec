import Diagnostics

#if canImport(Glibc)
  import Glibc
#endif

/// One text that a source gives, or why it gives none.
package struct ManifestText: Sendable {
  /// As shown to people.
  package var path: String
  /// What it holds.
  package var content: Content

  /// The bytes, or the reason why there are none.
  package enum Content: Sendable {
    case bytes([UInt8])
    case unreadable(String)
    case tooLarge
  }

  package init(path: String, content: Content) {
    self.path = path
    self.content = content
  }
}

/// Where manifests come from.
package protocol ManifestSource: Sendable {
  /// The texts, sorted by the bytes of their paths.
  func texts() -> [ManifestText]
}

/// Manifests in memory: for tests, and for what other parts of the tools make.
package struct MemorySource: ManifestSource {
  private let files: [(path: String, bytes: [UInt8])]

  package init(_ files: [(path: String, bytes: [UInt8])]) { self.files = files }

  /// One text.
  package init(_ text: String, path: String = "manifests/test.yaml") {
    files = [(path, Array(text.utf8))]
  }

  package func texts() -> [ManifestText] {
    files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }.map {
      ManifestText(path: $0.path, content: .bytes($0.bytes))
    }
  }
}

/// A path as given on the command line: a file, a folder, or `-` for standard input.
///
/// Of a folder every `*.yaml` and `*.yml` below it is read; what is hidden is skipped, links to
/// folders are not followed. Only regular files are read, and never more than 8 MiB of one.
package struct DiskSource: ManifestSource {
  private let path: String
  private let standardInput: [UInt8]

  /// - Parameter standardInput: what `-` stands for.
  package init(path: String, standardInput: [UInt8] = []) {
    self.path = path
    self.standardInput = standardInput
  }

  package func texts() -> [ManifestText] {
    if path == "-" {
      let isTooLarge = standardInput.count > YAMLLimits.file
      return [
        ManifestText(path: "<stdin>", content: isTooLarge ? .tooLarge : .bytes(standardInput))
      ]
    }
    var status = stat()
    guard stat(path, &status) == 0 else {
      return [ManifestText(path: path, content: .unreadable(DiskSource.reason(errno)))]
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { return [DiskSource.read(path)] }
    return DiskSource.files(below: path).map(DiskSource.read)
  }

  /// The manifest files below a folder that are not hidden, sorted by bytes.
  private static func files(below root: String) -> [String] {
    var found: [String] = []
    var folders = [root]
    while let folder = folders.popLast(), found.count <= YAMLLimits.files {
      guard let stream = opendir(folder) else {
        // Read later, so that it is told and not passed over.
        found.append(folder)
        continue
      }
      while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        // What editors and volumes leave there is hidden; a file that links to it is not.
        if name.hasPrefix(".") { continue }
        let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
        var status = stat()
        guard lstat(path, &status) == 0 else { continue }
        if status.st_mode & S_IFMT == S_IFDIR {
          folders.append(path)
        } else if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
          found.append(path)
        }
      }
      closedir(stream)
    }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Reads a regular file; a pipe or device is never waited for.
  private static func read(_ path: String) -> ManifestText {
    func failed(_ reason: String) -> ManifestText {
      ManifestText(path: path, content: .unreadable(reason))
    }
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return failed(reason(errno)) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { return failed(reason(errno)) }
    guard status.st_mode & S_IFMT == S_IFREG else { return failed("not a regular file") }
    if status.st_size > YAMLLimits.file { return ManifestText(path: path, content: .tooLarge) }
    var bytes = [UInt8](repeating: 0, count: max(0, Int(status.st_size)) + 1)
    var count = 0
    while count < bytes.count {
      let read = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(file, buffer.baseAddress.map { $0 + count }, buffer.count - count)
      }
      if read < 0 {
        if errno == EINTR { continue }
        return failed(reason(errno))
      }
      if read == 0 { break }
      count += read
    }
    // The file has grown while it was read.
    if count == bytes.count { return failed("it changed while it was read") }
    bytes.removeLast(bytes.count - count)
    return ManifestText(path: path, content: .bytes(bytes))
  }

  private static func reason(_ code: Int32) -> String {
    switch code {
    case ENOENT: "there is no such file or folder"
    case EACCES, EPERM: "permission denied"
    case EISDIR: "it is a folder"
    case ELOOP: "too many symbolic links"
    default: "error \(code) of the operating system"
    }
  }
}
