import SimulatedStore

/// What a server proves itself with: certificates and the key of the first, PEM.
package struct TLSIdentity: Sendable, Equatable {
  package var certificate: String
  package var key: String

  package init(certificate: String, key: String) {
    self.certificate = certificate
    self.key = key
  }

  /// Reads both files.
  init(certificateFile: String, keyFile: String) throws(SandboxError) {
    certificate = try TLSIdentity.read(certificateFile)
    key = try TLSIdentity.read(keyFile)
  }

  private static func read(_ path: String) throws(SandboxError) -> String {
    let bytes: [UInt8]?
    do throws(StoreError) { bytes = try Files.read(path) } catch {
      throw .tlsFile(path, message: error.message)
    }
    guard let bytes else { throw .tlsFile(path, message: "there is no such file") }
    return String(decoding: bytes, as: UTF8.self)
  }
}
