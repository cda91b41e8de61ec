import Foundation
import ScriptedServer
import Testing

@testable import Transport

@Suite struct TLSTests {
  static func transport(
    _ server: ScriptedServer, host: String = "localhost", ca: String?,
    certificate: String? = nil, key: String? = nil
  ) throws -> CurlTransport {
    try makeTransport("https://\(host):\(server.port)") { configuration in
      configuration.tls = .init(caFile: ca, certificateFile: certificate, keyFile: key)
      configuration.proxy = .never
      configuration.pinnedAddresses = ["db.example:\(server.port):127.0.0.1"]
    }
  }

  @Test(arguments: [read, mutation])
  func `A server with a certificate of the given authority is spoken to`(
    request: HTTPRequest
  ) async throws {
    let authority = try TestAuthority()
    let identity = try authority.issue("DNS:localhost,DNS:db.example,IP:127.0.0.1")
    let server = try ScriptedServer(tls: .init(identity))
    for host in ["localhost", "127.0.0.1", "db.example"] {
      let transport = try Self.transport(server, host: host, ca: authority.certificateFile)
      #expect(try await transport.send(request).status == 200)
    }
    #expect(server.requests.count == 3)
    #expect(server.requests.allSatisfy { $0.values("api-key") == [testKey] })
  }

  @Test(arguments: [read, mutation])
  func `Certificates that do not hold are rejected before a byte of the request leaves`(
    request: HTTPRequest
  ) async throws {
    let authority = try TestAuthority()
    let stranger = try TestAuthority(name: "Stranger")
    let forger = try TestAuthority()
    let names = "DNS:localhost,IP:127.0.0.1"
    let cases: [(name: String, identity: TestIdentity, host: String, ca: String?)] = [
      ("unknown authority", try stranger.issue(names), "localhost", authority.certificateFile),
      ("known name, other key", try forger.issue(names), "localhost", authority.certificateFile),
      ("the system's authorities", try authority.issue(names), "localhost", nil),
      ("wrong host", try authority.issue("DNS:other"), "localhost", authority.certificateFile),
      (
        "wrong address", try authority.issue("DNS:localhost"), "127.0.0.1",
        authority.certificateFile
      ),
      (
        "name in place of address", try authority.issue("DNS:127.0.0.1"), "127.0.0.1",
        authority.certificateFile
      ),
      (
        "expired", try authority.issue(names, days: -3..<(-1)), "localhost",
        authority.certificateFile
      ),
      (
        "not yet valid", try authority.issue(names, days: 1..<3), "localhost",
        authority.certificateFile
      ),
    ]
    for entry in cases {
      let server = try ScriptedServer(tls: .init(entry.identity))
      let transport = try Self.transport(server, host: entry.host, ca: entry.ca)
      let error = await failure(of: request, over: transport)
      #expect(error?.reason == .certificateRejected, "\(entry.name): \(error?.message ?? "")")
      #expect(error?.neverSent == true, "\(entry.name)")
      #expect(server.byteCount == 0, "\(entry.name)")
    }
  }

  @Test func `The reason of a rejection can be read`() async throws {
    let authority = try TestAuthority()
    let expired = try authority.issue("DNS:localhost", days: -3..<(-1))
    let server = try ScriptedServer(tls: .init(expired))
    let transport = try Self.transport(server, ca: authority.certificateFile)
    let error = await failure(of: read, over: transport)
    #expect(error?.message.contains("expired") == true)
  }

  @Test func `Protocols before TLS 1.2 are not spoken, and TLS 1.2 is`() async throws {
    let authority = try TestAuthority()
    let identity = try authority.issue("DNS:localhost")
    let old = try ScriptedServer(tls: .init(identity, highestVersion: 0x0302))
    let error = await failure(
      of: mutation, over: try Self.transport(old, ca: authority.certificateFile))
    #expect(error?.reason == .tlsHandshakeFailed)
    #expect(error?.neverSent == true)
    let current = try ScriptedServer(tls: .init(identity, highestVersion: 0x0303))
    let transport = try Self.transport(current, ca: authority.certificateFile)
    #expect(try await transport.send(mutation).status == 200)
  }

  @Test func `A server without TLS fails the handshake and is sent nothing`() async throws {
    let authority = try TestAuthority()
    let server = try ScriptedServer(then: .interrupt(Array("HTTP/1.1 400 Bad\r\n\r\n".utf8)))
    let transport = try Self.transport(server, ca: authority.certificateFile)
    let error = await failure(of: mutation, over: transport)
    #expect(error?.reason == .tlsHandshakeFailed)
    #expect(error?.neverSent == true)
    #expect(server.requests.isEmpty)
  }

  @Test(arguments: [Int32(0x0303), 0x0304])
  func `A client certificate is shown where the server asks for it`(version: Int32) async throws {
    let authority = try TestAuthority()
    let server = try ScriptedServer(
      tls: .init(
        try authority.issue("DNS:localhost"), clientAuthority: authority.certificateFile,
        highestVersion: version))
    let client = try authority.issue("DNS:client")
    let ca = authority.certificateFile
    let apart = try Self.transport(
      server, ca: ca, certificate: client.certificateFile, key: client.keyFile)
    #expect(try await apart.send(mutation).status == 200)
    let joined = authority.folder + "/joined.pem"
    let parts = try [client.certificateFile, client.keyFile].map {
      try String(contentsOfFile: $0, encoding: .utf8)
    }
    try parts.joined().write(toFile: joined, atomically: true, encoding: .utf8)
    let together = try Self.transport(server, ca: ca, certificate: joined)
    #expect(try await together.send(mutation).status == 200)
    let error = await failure(of: mutation, over: try Self.transport(server, ca: ca))
    #expect(error?.reason == .tlsHandshakeFailed)
    // In TLS 1.3 a client learns of it only after its request has left.
    if version == 0x0303 { #expect(error?.neverSent == true) }
    #expect(server.requests.count == 2)
  }

  /// A key of another certificate is found by OpenSSL, before anything leaves.
  @Test func `A key that does not fit its certificate is refused`() async throws {
    let authority = try TestAuthority()
    let server = try ScriptedServer(tls: .init(try authority.issue("DNS:localhost")))
    let transport = try Self.transport(
      server, ca: authority.certificateFile,
      certificate: try authority.issue("DNS:a").certificateFile,
      key: try authority.issue("DNS:b").keyFile)
    let error = await failure(of: mutation, over: transport)
    #expect(error?.reason == .refusedLocally)
    #expect(error?.neverSent == true)
    #expect(server.byteCount == 0)
  }

  @Test(arguments: Ending.all.filter { $0.reason != nil }, [false, true])
  func `A mutation over TLS arrives once, whatever the server does then`(
    ending: Ending, isWarm: Bool
  ) async throws {
    let authority = try TestAuthority()
    let server = try ScriptedServer(
      (isWarm ? [.answer(.init())] : []) + [ending.step],
      tls: .init(try authority.issue("DNS:localhost")))
    let transport = try makeTransport("https://localhost:\(server.port)") { configuration in
      configuration.tls.caFile = authority.certificateFile
      configuration.timeouts.total = .milliseconds(700)
    }
    if isWarm { #expect(try await transport.send(read).status == 200) }
    let error = await failure(of: mutation, over: transport)
    #expect(error?.neverSent == false)
    #expect(server.requests.filter { $0.line.hasPrefix("PATCH") }.count == 1)
    #expect(server.requests.count == (isWarm ? 2 : 1))
  }
}
