import CSSL
import Foundation

/// A certificate with its key, as files.
package struct TestIdentity: Sendable {
  package var certificateFile: String
  package var keyFile: String
}

/// A certificate authority that lives as long as a test, in a folder of its own.
package final class TestAuthority {
  struct Failure: Error {
    var call: String
  }

  package let folder: String
  /// The authority's own certificate.
  package let certificateFile: String
  private let certificate: OpaquePointer
  private let key: OpaquePointer
  private var count = 0

  package init(name: String = "Test authority") throws {
    folder = NSTemporaryDirectory() + "authority-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    certificateFile = folder + "/ca.pem"
    key = try Self.required(cssl_make_key(), "EVP_EC_gen")
    certificate = try Self.makeCertificate(
      name: name, key: key, serial: 1, days: -1..<30)
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate))
    cssl_add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE")
    cssl_add_extension(certificate, NID_key_usage, "critical,keyCertSign,cRLSign")
    cssl_add_extension(certificate, NID_subject_key_identifier, "hash")
    guard X509_sign(certificate, key, EVP_sha256()) > 0 else { throw Failure(call: "X509_sign") }
    try Self.write(certificate, to: certificateFile)
  }

  deinit {
    X509_free(certificate)
    EVP_PKEY_free(key)
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// A certificate for the names (`DNS:localhost,IP:127.0.0.1`), valid for days from today.
  package func issue(_ names: String, days: Range<Int> = -1..<30) throws -> TestIdentity {
    count += 1
    let identity = TestIdentity(
      certificateFile: "\(folder)/\(count).pem", keyFile: "\(folder)/\(count).key")
    let ownKey = try Self.required(cssl_make_key(), "EVP_EC_gen")
    defer { EVP_PKEY_free(ownKey) }
    let leaf = try Self.makeCertificate(
      name: "Test \(count)", key: ownKey, serial: count + 1, days: days)
    defer { X509_free(leaf) }
    X509_set_issuer_name(leaf, X509_get_subject_name(certificate))
    cssl_add_extension(leaf, NID_subject_alt_name, names)
    guard X509_sign(leaf, key, EVP_sha256()) > 0 else { throw Failure(call: "X509_sign") }
    try Self.write(leaf, to: identity.certificateFile)
    guard let file = fopen(identity.keyFile, "w") else { throw Failure(call: "fopen") }
    defer { fclose(file) }
    guard PEM_write_PrivateKey(file, ownKey, nil, nil, 0, nil, nil) == 1 else {
      throw Failure(call: "PEM_write_PrivateKey")
    }
    return identity
  }

  private static func makeCertificate(
    name: String, key: OpaquePointer, serial: Int, days: Range<Int>
  ) throws -> OpaquePointer {
    let certificate = try required(X509_new(), "X509_new")
    X509_set_version(certificate, 2)
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial)
    X509_gmtime_adj(X509_getm_notBefore(certificate), days.lowerBound * 86_400)
    X509_gmtime_adj(X509_getm_notAfter(certificate), days.upperBound * 86_400)
    X509_set_pubkey(certificate, key)
    X509_NAME_add_entry_by_txt(
      X509_get_subject_name(certificate), "CN", MBSTRING_ASC, Array(name.utf8),
      Int32(name.utf8.count), -1, 0)
    return certificate
  }

  private static func write(_ certificate: OpaquePointer, to path: String) throws {
    guard let file = fopen(path, "w") else { throw Failure(call: "fopen") }
    defer { fclose(file) }
    guard PEM_write_X509(file, certificate) == 1 else { throw Failure(call: "PEM_write_X509") }
  }

  private static func required<Value>(_ value: Value?, _ call: String) throws -> Value {
    guard let value else { throw Failure(call: call) }
    return value
  }
}
