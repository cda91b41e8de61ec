import Foundation
import ScriptedServer
import Testing

@testable import Transport

@Suite struct TLSFileTests {
  typealias Files = TransportConfiguration.TLSFiles

  /// An authority's folder with a client identity and some files that are not what they seem.
  struct Setup {
    let authority: TestAuthority
    let client: TestIdentity

    init() throws {
      authority = try TestAuthority()
      client = try authority.issue("DNS:client")
      try write("not a certificate\n", "text.pem")
      try write("", "empty.pem")
      try write("-----BEGIN CERTIFICATE-----\nMIIB\n", "open.pem")
      try write(
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n",
        "encrypted.key")
      try write(
        "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIB\n"
          + "-----END EC PRIVATE KEY-----\n", "old.key")
    }

    func path(_ name: String) -> String { authority.folder + "/" + name }

    private func write(_ text: String, _ name: String) throws {
      try text.write(toFile: path(name), atomically: true, encoding: .utf8)
    }
  }

  static func fact(_ files: Files) -> TLSFileProblem.Fact? { files.problem()?.fact }

  @Test func `Files that are what they should be pass`() throws {
    let setup = try Setup()
    let files = Files(
      caFile: setup.authority.certificateFile, certificateFile: setup.client.certificateFile,
      keyFile: setup.client.keyFile)
    #expect(files.problem() == nil)
    #expect(Files().problem() == nil)
    #expect(
      Files(caFile: "/etc/ssl/certs/ca-certificates.crt").problem()?.fact != .tooLarge(limit: 0))
  }

  @Test(
    arguments: [
      ("none.pem", .notFound), (".", .notRegular), ("text.pem", .notPEM), ("empty.pem", .notPEM),
      ("open.pem", .notPEM), ("encrypted.key", .noCertificate), ("1.key", .noCertificate),
    ] as [(String, TLSFileProblem.Fact)])
  func `A CA file that is none is told apart`(name: String, fact: TLSFileProblem.Fact) throws {
    let setup = try Setup()
    let problem = Files(caFile: setup.path(name)).problem()
    #expect(problem == TLSFileProblem(role: .authority, path: setup.path(name), fact: fact))
  }

  @Test func `A certificate needs its key, readable`() throws {
    let setup = try Setup()
    let certificate = setup.client.certificateFile
    #expect(Self.fact(Files(certificateFile: certificate)) == .certificateWithoutKey)
    for (name, fact) in [
      ("none.key", TLSFileProblem.Fact.notFound), ("1.pem", .noKey), ("text.pem", .notPEM),
      ("encrypted.key", .encryptedKey), ("old.key", .encryptedKey),
    ] {
      let files = Files(certificateFile: certificate, keyFile: setup.path(name))
      #expect(files.problem() == TLSFileProblem(role: .key, path: setup.path(name), fact: fact))
    }
  }

  @Test func `A pipe and a device are refused without reading them`() throws {
    let setup = try Setup()
    #expect(mkfifo(setup.path("pipe"), 0o600) == 0)
    #expect(Self.fact(Files(caFile: setup.path("pipe"))) == .notRegular)
    #expect(Self.fact(Files(caFile: "/dev/zero")) == .notRegular)
    #expect(Self.fact(Files(caFile: "a\0b")) == .notFound)
  }

  @Test func `A transport says what is wrong before it connects`() throws {
    let setup = try Setup()
    let missing = setup.path("none.pem")
    #expect(
      LocalRefusalTests.problem("https://localhost:1") { $0.tls.caFile = missing }
        == .file(TLSFileProblem(role: .authority, path: missing, fact: .notFound)))
    #expect(
      LocalRefusalTests.problem("https://localhost:1") { $0.tls.keyFile = missing }
        == .keyFileWithoutCertificate)
    #expect(
      LocalRefusalTests.problem("http://localhost:1") { $0.tls.caFile = missing }
        == .certificatesWithoutTLS)
  }
}
