import Foundation
import Sandbox
import ScriptedServer
import SimulatedQdrant
import SimulatedStore
import Testing
import Transport

@Suite struct TLSTests {
  private let folder = TemporaryFolder()
  private let authority: TestAuthority
  private let identity: TestIdentity

  init() throws {
    authority = try TestAuthority()
    identity = try authority.issue("DNS:localhost,IP:127.0.0.1")
  }

  private func transport(_ port: Int) throws -> CurlTransport {
    var configuration = TransportConfiguration(
      endpoint: try EndpointURL("https://localhost:\(port)"))
    configuration.tls = .init(caFile: authority.certificateFile)
    configuration.proxy = .never
    return try CurlTransport(configuration: configuration)
  }

  private let create = HTTPRequest(
    method: "PUT", target: "/collections/a",
    headers: [HTTPHeader("content-type", "application/json")], body: Array(collection.utf8),
    effect: .mutation)
  private let list = HTTPRequest(method: "GET", target: "/collections", effect: .read)

  /// With a fault that may wait, each connection has a thread of its own.
  @Test(arguments: [[], [FaultRule(FaultMatcher(path: "/never"), .refuse)]])
  func `It is spoken to over TLS`(rules: [FaultRule]) async throws {
    let store = try SimulatedStore(
      folder: folder.path + "/s", settings: .init(), faults: FaultScript(rules))
    let server = try SandboxServer(
      store: store,
      identity: TLSIdentity(
        certificate: try String(contentsOfFile: identity.certificateFile, encoding: .utf8),
        key: try String(contentsOfFile: identity.keyFile, encoding: .utf8)))
    defer { server.stop() }
    let transport = try transport(server.port)
    #expect(try await transport.send(create).status == 200)
    for _ in 0..<20 {
      let answer = try await transport.send(list)
      #expect(String(decoding: answer.body, as: UTF8.self).contains("\"a\""))
    }
    let plain = try #require(SocketClient(port: server.port))
    #expect(plain.exchange("GET", "/collections")?.status != 200)
  }

  @Test func `A certificate that is none is said, with status 64`() throws {
    let process = try SandboxProcess(
      ["--storage", folder.path + "/s", "--port", "0"],
      environment: [
        "QDRANT__SERVICE__ENABLE_TLS": "true", "QDRANT__TLS__CERT": identity.keyFile,
        "QDRANT__TLS__KEY": identity.certificateFile,
      ])
    #expect(process.wait() == 64)
    #expect(process.errorText().contains("TLS does not start"))
  }

  @Test func `The program takes the variables of a real server, and says https`() async throws {
    let process = try SandboxProcess(
      ["--storage", folder.path + "/s", "--port", "0"],
      environment: [
        "QDRANT__SERVICE__ENABLE_TLS": "true", "QDRANT__TLS__CERT": identity.certificateFile,
        "QDRANT__TLS__KEY": identity.keyFile,
      ])
    let line = process.firstLine()
    let start = try #require(line.range(of: "https://127.0.0.1:"), "\(line)")
    let port = try #require(Int(line[start.upperBound...].prefix { $0.isNumber }))
    #expect(try await transport(port).send(create).status == 200)
    process.kill(SIGTERM)
    #expect(process.wait() == 0)
  }
}
