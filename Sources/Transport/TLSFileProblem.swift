internal import Glibc

/// What is wrong with a file of certificates or keys.
///
/// Found before the first connection, because OpenSSL's own words for it are hard to read, and
/// because it asks on the terminal for the passphrase of an encrypted key.
package struct TLSFileProblem: Sendable, Equatable {
  package enum Role: String, Sendable, Equatable {
    case authority = "CA file"
    case certificate = "client certificate"
    case key = "client key"
  }

  package enum Fact: Sendable, Equatable {
    case notFound
    case notReadable(reason: String)
    case notRegular
    case tooLarge(limit: Int)
    case notPEM
    case noCertificate
    case noKey
    /// A certificate file without a key in it, and no key file.
    case certificateWithoutKey
    case encryptedKey
  }

  package var role: Role
  package var path: String
  package var fact: Fact
}

extension TLSFileProblem: CustomStringConvertible {
  package var description: String {
    let text =
      switch fact {
      case .notFound: "there is no such file"
      case .notReadable(let reason): "cannot be read: \(reason)"
      case .notRegular: "is not a regular file"
      case .tooLarge(let limit): "is larger than \(limit) bytes"
      case .notPEM: "is not a PEM file"
      case .noCertificate: "has no certificate in it"
      case .noKey: "has no private key in it"
      case .certificateWithoutKey: "has no private key in it, and no key file is given"
      case .encryptedKey: "is encrypted; passphrases are not supported"
      }
    return "\(role.rawValue) \(path): \(text)"
  }
}

extension TransportConfiguration.TLSFiles {
  /// The largest file that is read; a bundle of all public authorities is a quarter of a megabyte.
  static let sizeLimit = 8 << 20

  /// The first problem, in the order CA, certificate, key; nil when there is none.
  func problem() -> TLSFileProblem? {
    if let caFile, let fact = Self.objection(toFile: caFile, needing: [.certificate]) {
      return TLSFileProblem(role: .authority, path: caFile, fact: fact)
    }
    guard let certificateFile else { return nil }
    let needed: [PEM.Label] = keyFile == nil ? [.certificate, .key] : [.certificate]
    if var fact = Self.objection(toFile: certificateFile, needing: needed) {
      if fact == .noKey { fact = .certificateWithoutKey }
      return TLSFileProblem(role: .certificate, path: certificateFile, fact: fact)
    }
    if let keyFile, let fact = Self.objection(toFile: keyFile, needing: [.key]) {
      return TLSFileProblem(role: .key, path: keyFile, fact: fact)
    }
    return nil
  }

  private static func objection(
    toFile path: String, needing labels: [PEM.Label]
  ) -> TLSFileProblem.Fact? {
    switch read(path) {
    case .failure(let failure): return failure.fact
    case .success(let bytes):
      let content = PEM(bytes)
      guard content.hasBlocks else { return .notPEM }
      if labels.contains(.certificate), !content.hasCertificate { return .noCertificate }
      if labels.contains(.key) {
        guard content.hasKey else { return .noKey }
        if content.hasEncryptedKey { return .encryptedKey }
      }
      return nil
    }
  }

  private struct ReadFailure: Error {
    var fact: TLSFileProblem.Fact
  }

  private static func read(_ path: String) -> Result<[UInt8], ReadFailure> {
    func failure(_ fact: TLSFileProblem.Fact) -> Result<[UInt8], ReadFailure> {
      .failure(ReadFailure(fact: fact))
    }
    guard !path.utf8.contains(0) else { return failure(.notFound) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else {
      let isMissing = errno == ENOENT || errno == ENOTDIR
      return failure(
        isMissing ? .notFound : .notReadable(reason: String(cString: strerror(errno))))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return failure(.notRegular)
    }
    guard status.st_size <= sizeLimit else { return failure(.tooLarge(limit: sizeLimit)) }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var filled = 0
    while filled < bytes.count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
      }
      if got == 0 { break }
      guard got > 0 else {
        return failure(.notReadable(reason: String(cString: strerror(errno))))
      }
      filled += got
    }
    return .success(Array(bytes.prefix(filled)))
  }
}

/// The blocks of a PEM file, by label; their contents are left to OpenSSL.
struct PEM {
  enum Label {
    case certificate
    case key
  }

  private(set) var hasBlocks = false
  private(set) var hasCertificate = false
  private(set) var hasKey = false
  private(set) var hasEncryptedKey = false

  /// A block counts when it has its end line; text around blocks is allowed, as OpenSSL does.
  init(_ bytes: [UInt8]) {
    var open: String?
    for line in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      let text = String(decoding: line, as: UTF8.self)
      if let label = Self.label(of: text, after: "-----BEGIN ") {
        open = label
      } else if let label = Self.label(of: text, after: "-----END "), label == open {
        hasBlocks = true
        hasCertificate = hasCertificate || label.hasSuffix("CERTIFICATE")
        hasKey = hasKey || label.hasSuffix("PRIVATE KEY")
        hasEncryptedKey = hasEncryptedKey || label == "ENCRYPTED PRIVATE KEY"
        open = nil
      } else if open?.hasSuffix("PRIVATE KEY") == true, text.contains("ENCRYPTED") {
        hasEncryptedKey = true
      }
    }
  }

  private static func label(of line: String, after prefix: String) -> String? {
    guard line.hasPrefix(prefix) else {
      return nil
    }
    let rest = line.dropFirst(prefix.count)
    return rest.firstIndex(of: "-").map { String(rest[..<$0]) }
  }
}
