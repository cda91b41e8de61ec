import CCrypto
import Glibc

/// Serves `{file: PATH}`: a private, regular file with one line.
///
/// Every check is made on the opened file, not on the path, so that nobody can swap the file
/// between the check and the read.
package struct FileSecretSource: SecretSource {
  /// What relative paths count from.
  private let folder: String

  package init(folder: String) {
    self.folder = folder
  }

  package func secret(for reference: SecretReference) throws(SecretError) -> Secret? {
    guard case .file(let path) = reference else { return nil }
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw SecretError(.fileNotFound, in: reference)
    }
    let descriptor = open(
      path.hasPrefix("/") ? path : folder + "/" + path,
      O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw SecretError(Self.fact(ofOpenError: errno), in: reference) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw SecretError(.fileNotReadable(reason: Self.text(of: errno)), in: reference)
    }
    if let fact = Self.objection(to: FileFacts(status), reader: geteuid()) {
      throw SecretError(fact, in: reference)
    }
    var bytes = try read(descriptor, for: reference)
    defer { bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) } }
    return try SecretText.check(bytes, from: reference)
  }

  /// What `fstat` told about a file.
  struct FileFacts: Equatable {
    var mode: UInt32
    var owner: UInt32
    var size: Int

    init(mode: UInt32, owner: UInt32, size: Int) {
      self.mode = mode
      self.owner = owner
      self.size = size
    }

    init(_ status: stat) {
      self.init(mode: status.st_mode, owner: status.st_uid, size: status.st_size)
    }
  }

  /// Why a file with these facts cannot hold a secret of user `reader`; nil when it can.
  static func objection(to facts: FileFacts, reader: UInt32) -> SecretError.Fact? {
    guard facts.mode & S_IFMT == S_IFREG else { return .fileIsNotRegular }
    guard facts.owner == reader || facts.owner == 0 else {
      return .fileOwnedByOther(uid: facts.owner)
    }
    guard facts.mode & 0o077 == 0 else {
      return .filePermissionsTooOpen(mode: facts.mode & 0o7777)
    }
    guard facts.size <= SecretText.limit else { return .tooLarge(limit: SecretText.limit) }
    return nil
  }

  /// Reads to the end, one byte past the limit at most: the file may grow while it is read.
  private func read(
    _ descriptor: Int32, for reference: SecretReference
  ) throws(SecretError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: SecretText.limit + 1) { buffer, filled in
      while filled < buffer.count {
        let got = Glibc.read(
          descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
        if got > 0 {
          filled += got
        } else if got == 0 {
          return
        } else if errno != EINTR {
          failure = errno
          return
        }
      }
    }
    guard failure == 0 else {
      throw SecretError(.fileNotReadable(reason: Self.text(of: failure)), in: reference)
    }
    return bytes
  }

  private static func fact(ofOpenError code: Int32) -> SecretError.Fact {
    switch code {
    case ENOENT, ENOTDIR: .fileNotFound
    case ELOOP: .fileIsSymbolicLink
    case ENXIO: .fileIsNotRegular
    default: .fileNotReadable(reason: text(of: code))
    }
  }

  private static func text(of code: Int32) -> String {
    String(cString: strerror(code))
  }
}
