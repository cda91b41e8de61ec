import Foundation
import ScriptedServer
import Secrets
import Testing

@testable import Transport

@Suite struct LocalRefusalTests {
  @Test(arguments: [
    HTTPRequest(method: "GET", target: "/a\r\nx: y", effect: .read),
    HTTPRequest(method: "GET", target: "/a b", effect: .read),
    HTTPRequest(method: "GET", target: "/a\0", effect: .read),
    HTTPRequest(method: "GET", target: "/a\u{7f}", effect: .read),
    HTTPRequest(method: "GET", target: "/\u{e9}", effect: .read),
    HTTPRequest(method: "GET", target: "/a#b", effect: .read),
    HTTPRequest(method: "GET", target: "", effect: .read),
    HTTPRequest(method: "GET", target: "a", effect: .read),
    HTTPRequest(method: "GET", target: "http://other/", effect: .read),
    HTTPRequest(method: "GET x HTTP/1.1\r\n", target: "/", effect: .read),
    HTTPRequest(method: "", target: "/", effect: .read),
    HTTPRequest(method: "CONNECT", target: "/", effect: .read),
    header("x-request-id", "a\r\nx: y"), header("x-request-id", "a\nb"),
    header("x-request-id", "a\rb"), header("x-request-id", "a\0b"), header("x\r\ny", "a"),
    header("x y", "a"), header("x:", "a"), header("", "a"), header("x\u{e9}", "a"),
    header("api-key", "other"), header("API-Key", "other"), header("Authorization", "Bearer x"),
    header("host", "other"), header("Content-Length", "0"), header("Transfer-Encoding", "chunked"),
    header("connection", "close"), header("cookie", "a=b"),
  ])
  func `A request that could mean two things is refused before any connection`(
    request: HTTPRequest
  ) async throws {
    let server = try ScriptedServer()
    let error = await failure(of: request, over: try makeTransport(server.address))
    #expect(error?.reason == .refusedLocally)
    #expect(error?.neverSent == true)
    #expect(server.connectionCount == 0)
  }

  static func header(_ name: String, _ value: String) -> HTTPRequest {
    HTTPRequest(
      method: "GET", target: "/", headers: [HTTPHeader(name, value)], effect: .read)
  }

  static func problem(
    _ address: String, key: String? = testKey,
    _ configure: (inout TransportConfiguration) -> Void = { _ in }
  ) -> TransportConfigurationError? {
    do {
      _ = try makeTransport(address, key: key, configure)
      return nil
    } catch {
      #expect(!"\(error)".contains(testKey))
      return error as? TransportConfigurationError
    }
  }

  @Test func `A key goes in clear text to this machine only`() {
    let address = "http://192.0.2.1:6333"
    #expect(Self.problem(address) == .keyInClearText(host: "192.0.2.1"))
    #expect(Self.problem(address, key: nil) == nil)
    #expect(Self.problem(address) { $0.allowPlainHTTP = true } == nil)
    #expect(Self.problem("https://192.0.2.1:6333") == nil)
    for local in ["http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1"] {
      #expect(Self.problem(local) == nil)
    }
  }

  @Test func `A key goes to its own host only`() {
    let other = BoundSecret(Secret(copying: testKey.utf8), host: "a.example")
    let problem = Self.problem("https://b.example") { $0.apiKey = other }
    #expect(problem == .keyBoundToOtherHost(bound: "a.example", endpoint: "b.example"))
    #expect(Self.problem("https://A.example.") { $0.apiKey = other } == nil)
  }

  @Test(arguments: ["", "a\nb", "a\r\nx: y", "a\0b", "\u{e9}", " a", "a ", "a\tb"])
  func `A key that cannot stand in a header is refused`(key: String) {
    #expect(Self.problem("http://localhost:1", key: key) == .keyNotSendable)
  }

  @Test func `Limits have bounds`() {
    let changes: [(inout TransportConfiguration) -> Void] = [
      { $0.maxConcurrentRequests = 0 }, { $0.maxConcurrentRequests = 1025 }, { $0.bodyLimit = 0 },
      { $0.timeouts.total = .zero }, { $0.timeouts.connect = .seconds(-1) },
      { $0.timeouts.slow = .zero }, { $0.timeouts.slowestRate = -1 }, { $0.userAgent = "a\r\nb" },
    ]
    for change in changes {
      guard case .limitOutOfBounds? = Self.problem("http://localhost:1", change) else {
        Issue.record("accepted")
        continue
      }
    }
  }

  /// The name passes the parser; where it leads is known when the connection is made only.
  @Test(arguments: [
    "169.254.169.254", "169.254.0.1", "100.100.100.200", "fe80::1", "febf::1", "fd00:ec2::254",
    "::ffff:169.254.169.254",
  ])
  func `A name that leads to a metadata service is not connected to`(address: String) async throws {
    let transport = try makeTransport("https://db.example:6333") { configuration in
      configuration.proxy = .never
      configuration.pinnedAddresses = ["db.example:6333:\(address)"]
    }
    let error = await failure(of: mutation, over: transport)
    #expect(error?.reason == .refusedLocally)
    #expect(error?.neverSent == true)
    #expect(error?.message.contains("db.example") == true)
  }

  @Test func `A name that leads to a server is connected to`() async throws {
    let server = try ScriptedServer()
    let transport = try makeTransport("http://db.example:\(server.port)") { configuration in
      configuration.allowPlainHTTP = true
      configuration.proxy = .never
      configuration.pinnedAddresses = ["db.example:\(server.port):127.0.0.1"]
    }
    #expect(try await transport.send(read).status == 200)
  }

  @Test func `The key is in no description of anything`() async throws {
    let server = try ScriptedServer()
    let transport = try makeTransport(server.address)
    let endpoint = transport.endpoint
    let configuration = TransportConfiguration(
      endpoint: endpoint,
      apiKey: BoundSecret(Secret(copying: testKey.utf8), host: endpoint.host))
    let answer = try await transport.send(mutation)
    let values: [Any] = [transport, configuration, mutation, answer, endpoint]
    for value in values {
      var text = String(describing: value) + String(reflecting: value)
      dump(value, to: &text)
      #expect(!text.contains(testKey))
      #expect(!text.contains(Array(testKey.utf8).map(String.init).joined(separator: ", ")))
    }
    #expect(server.requests.first?.values("api-key") == [testKey])
  }
}
