import ScriptedServer
import Testing

@testable import Transport

@Suite struct ProxyTests {
  static func transport(
    through proxy: ScriptedServer, to address: String, ca: String? = nil
  ) throws -> CurlTransport {
    let proxyAddress = try EndpointURL(proxy.address)
    return try makeTransport(address) { configuration in
      configuration.proxy = .address(proxyAddress)
      configuration.allowPlainHTTP = true
      configuration.tls.caFile = ca
    }
  }

  @Test func `A proxy carries a TLS connection and sees nothing in it`() async throws {
    let authority = try TestAuthority()
    let server = try ScriptedServer(tls: .init(try authority.issue("DNS:db.example")))
    let proxy = try ScriptedServer(then: .tunnel(to: server.port))
    let transport = try Self.transport(
      through: proxy, to: "https://db.example:6333", ca: authority.certificateFile)
    for request in [read, mutation, read] {
      #expect(try await transport.send(request).status == 200)
    }
    #expect(server.requests.map { $0.values("api-key") } == [[testKey], [testKey], [testKey]])
    #expect(proxy.requests.count == 2)
    for request in proxy.requests {
      #expect(request.line == "CONNECT db.example:6333 HTTP/1.1")
      #expect(!request.text.contains(testKey) && request.values("x-request-id").isEmpty)
    }
  }

  @Test(arguments: [403, 407, 502])
  func `A proxy that refuses has let nothing through`(status: Int) async throws {
    let proxy = try ScriptedServer(then: .answer(.init(status)))
    let transport = try Self.transport(through: proxy, to: "https://db.example:6333")
    let error = await failure(of: mutation, over: transport)
    #expect(error?.reason == .connectionRefused)
    #expect(error?.neverSent == true)
    #expect(error?.message.contains("\(status)") == true)
  }

  @Test func `A certificate that is rejected behind a proxy has let nothing through`() async throws
  {
    let authority = try TestAuthority()
    let server = try ScriptedServer(tls: .init(try authority.issue("DNS:other")))
    let proxy = try ScriptedServer(then: .tunnel(to: server.port))
    let transport = try Self.transport(
      through: proxy, to: "https://db.example:6333", ca: authority.certificateFile)
    let error = await failure(of: mutation, over: transport)
    #expect(error?.reason == .certificateRejected)
    #expect(error?.neverSent == true)
    #expect(server.byteCount == 0)
  }

  @Test func `Loopback addresses and plain HTTP take no proxy`() async throws {
    let proxy = try ScriptedServer()
    let server = try ScriptedServer()
    let local = try Self.transport(through: proxy, to: server.address)
    #expect(try await local.send(read).status == 200)
    let nobody = try await FailureTests.deadAddress().replacing("http:", with: "https:")
    let dead = try Self.transport(through: proxy, to: nobody)
    #expect(await failure(of: read, over: dead)?.reason == .connectionRefused)
    let plain = try Self.transport(through: proxy, to: "http://no-such-host.invalid")
    #expect(await failure(of: read, over: plain)?.reason == .nameNotResolved)
    #expect(proxy.connectionCount == 0)
  }

  @Test(arguments: [
    ("https://db.example", TransportConfiguration.Proxy.environment, nil),
    ("https://db.example", .never, ""), ("http://db.example", .environment, ""),
    ("https://localhost", .environment, ""), ("https://127.0.0.2", .environment, ""),
    ("https://[::1]", .environment, ""),
  ])
  func `Variables of the process count for other machines over TLS only`(
    address: String, proxy: TransportConfiguration.Proxy, expected: String?
  ) throws {
    var configuration = TransportConfiguration(endpoint: try EndpointURL(address))
    configuration.proxy = proxy
    #expect(try CurlSettings(configuration).proxy == expected)
  }
}
