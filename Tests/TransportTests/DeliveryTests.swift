import ScriptedServer
import Testing
import Transport

/// What a server does with a change after it has read it, and what the client must make of it.
struct Ending: Sendable, CustomTestStringConvertible {
  var name: String
  var step: ScriptedServer.Step
  /// Nil for an answer.
  var reason: TransportError.Reason?

  var testDescription: String { name }

  private static func write(_ text: String) -> ScriptedServer.Step { .write(Array(text.utf8)) }

  static let all = [
    Ending(name: "closes", step: .closeAfterReading, reason: .connectionLost),
    Ending(name: "resets", step: .resetAfterReading, reason: .connectionLost),
    Ending(name: "stalls", step: .stall, reason: .timedOut),
    Ending(
      name: "cuts the status line", step: write("HTTP/1.1 20"), reason: .connectionLost),
    Ending(
      name: "cuts the headers", step: write("HTTP/1.1 200 OK\r\ncontent-le"),
      reason: .answerTruncated),
    Ending(
      name: "cuts after the headers", step: write("HTTP/1.1 200 OK\r\nx: y\r\n"),
      reason: .answerTruncated),
    Ending(
      name: "cuts the body",
      step: write("HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n{\"result\":true"),
      reason: .answerTruncated),
    Ending(
      name: "sends no body", step: write("HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n"),
      reason: .answerTruncated),
    Ending(
      name: "resets in the body",
      step: .writeAndReset(Array("HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n{".utf8)),
      reason: .answerTruncated),
    Ending(
      name: "cuts a chunk",
      step: write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"a\""),
      reason: .answerTruncated),
    Ending(
      name: "forgets the last chunk",
      step: write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n"),
      reason: .answerTruncated),
    Ending(
      name: "ends the body with the connection", step: write("HTTP/1.1 200 OK\r\n\r\n{}"),
      reason: .answerTruncated),
    Ending(name: "sends garbage", step: write("<html>\r\n\r\n"), reason: .malformedAnswer),
    Ending(name: "answers 502", step: .answer(.init(502, body: "bad gateway"))),
    Ending(name: "answers 200", step: .answer(.init(200))),
  ]
}

@Suite struct DeliveryTests {
  static let short: @Sendable (inout TransportConfiguration) -> Void = { configuration in
    configuration.timeouts.total = .milliseconds(400)
  }

  @Test(arguments: Ending.all, [false, true])
  func `A mutation arrives once, whatever the server does then`(
    ending: Ending, isWarm: Bool
  ) async throws {
    let server = try ScriptedServer((isWarm ? [.answer(.init())] : []) + [ending.step])
    let transport = try makeTransport(server.address, Self.short)
    if isWarm { #expect(try await transport.send(read).status == 200) }
    do {
      let answer = try await transport.send(mutation)
      #expect(ending.reason == nil && [200, 502].contains(answer.status))
    } catch {
      #expect(error.reason == ending.reason)
      #expect(!error.neverSent)
    }
    let changes = server.requests.filter { $0.line == "PATCH /collections/a HTTP/1.1" }
    #expect(changes.count == 1)
    #expect(server.requests.count == (isWarm ? 2 : 1))
    #expect(changes.first?.body == #"{"hnsw_config":{"m":32}}"#)
    #expect(changes.first?.connection == (isWarm ? 1 : 0))
  }

  /// libcurl repeats a read when a kept connection dies under it; that is allowed, and bounded.
  @Test(arguments: Ending.all.filter { $0.reason != nil })
  func `A read that fails is an error or was asked again on a new connection`(
    ending: Ending
  ) async throws {
    let server = try ScriptedServer([.answer(.init()), ending.step])
    let transport = try makeTransport(server.address, Self.short)
    #expect(try await transport.send(read).status == 200)
    do {
      #expect(try await transport.send(read).status == 200)
      #expect(server.requests.count == 3)
      #expect(server.connectionCount == 2)
    } catch {
      #expect(error.reason == ending.reason)
      #expect(!error.neverSent)
      #expect(server.requests.count == 2)
    }
  }

  @Test(arguments: [false, true])
  func `A mutation that the server never read still counts as sent`(isWarm: Bool) async throws {
    let server = try ScriptedServer(
      (isWarm ? [.answer(.init())] : []) + [.closeBeforeReading], then: .answer(.init()))
    let transport = try makeTransport(server.address)
    if isWarm { _ = try await transport.send(read) }
    let error = await failure(of: mutation, over: transport)
    #expect(error?.reason == .connectionLost)
    #expect(error?.neverSent == false)
    #expect(server.requests.count == (isWarm ? 1 : 0))
    #expect(server.connectionCount == (isWarm ? 2 : 1))
  }

  @Test func `Mutations never share a connection, reads do`() async throws {
    let server = try ScriptedServer()
    let transport = try makeTransport(server.address)
    for request in [read, read, mutation, read, mutation, mutation, read] {
      #expect(try await transport.send(request).status == 200)
    }
    #expect(server.requests.map(\.connection) == [0, 0, 1, 0, 2, 3, 0])
  }

  @Test func `A read outlives a kept connection that the server closed while it was idle`()
    async throws
  {
    let server = try ScriptedServer(idle: .milliseconds(60))
    let transport = try makeTransport(server.address)
    for _ in 0..<3 {
      #expect(try await transport.send(read).status == 200)
      try await Task.sleep(for: .milliseconds(150))
    }
    #expect(server.requests.count == 3)
    #expect(server.connectionCount == 3)
  }

  /// Qdrant closes after five seconds of silence, measured 4.7.
  @Test func `A connection that was idle for more than four seconds is not used again`()
    async throws
  {
    let server = try ScriptedServer()
    let transport = try makeTransport(server.address)
    let clock = ContinuousClock()
    #expect(try await transport.send(read).status == 200)
    let start = clock.now
    try await Task.sleep(for: .seconds(2))
    #expect(try await transport.send(read).status == 200)
    let firstPause = start.duration(to: clock.now)
    try await Task.sleep(for: .milliseconds(4_200))
    #expect(try await transport.send(read).status == 200)
    let connections = server.requests.map(\.connection)
    try #require(connections.count == 3)
    // A loaded machine may sleep longer than it was told; then the first pause was too long, too.
    #expect((connections[0] == connections[1]) == (firstPause < .seconds(4)), "\(firstPause)")
    #expect(connections[1] != connections[2])
  }

  @Test func `The request on the wire is the request that was given`() async throws {
    let server = try ScriptedServer()
    let transport = try makeTransport(server.address + "/base/")
    let name = "/collections/a%2F..%2Fb/../c?x=%20&y=1"
    _ = try await transport.send(HTTPRequest(method: "GET", target: name, effect: .read))
    _ = try await transport.send(mutation)
    _ = try await transport.send(
      HTTPRequest(method: "DELETE", target: "/collections/a", effect: .mutation))
    _ = try await transport.send(
      HTTPRequest(method: "POST", target: "/collections/a/snapshots", effect: .mutation))
    _ = try await transport.send(
      HTTPRequest(
        method: "PUT", target: "/x", headers: [.init("content-type", "a/b"), .init("x-e", "")],
        body: [], effect: .mutation))
    let requests = server.requests
    try #require(requests.count == 5)
    #expect(requests[0].line == "GET /base\(name) HTTP/1.1")
    #expect(requests[0].values("content-type").isEmpty)
    #expect(requests[1].line == "PATCH /base/collections/a HTTP/1.1")
    #expect(requests[1].values("content-type") == ["application/json"])
    #expect(requests[1].values("x-request-id") == ["run/7"])
    #expect(requests[2].line == "DELETE /base/collections/a HTTP/1.1")
    #expect(requests[3].line == "POST /base/collections/a/snapshots HTTP/1.1")
    #expect(requests[3].values("content-length") == ["0"])
    #expect(requests[3].values("content-type").isEmpty)
    #expect(requests[4].values("content-type") == ["a/b"])
    #expect(requests[4].values("x-e") == [""])
    for request in requests {
      #expect(request.values("api-key") == [testKey])
      #expect(request.values("host") == ["127.0.0.1:\(server.port)"])
      #expect(request.values("user-agent") == ["qdrant-reconciler"])
      #expect(request.values("accept-encoding").isEmpty && request.values("expect").isEmpty)
    }
  }

  @Test func `A body of two megabytes goes out and comes back whole`() async throws {
    let text = String(repeating: "0123456789abcdef", count: 1 << 17)
    let server = try ScriptedServer(then: .answer(.init(body: text)))
    let transport = try makeTransport(server.address)
    let answer = try await transport.send(
      HTTPRequest(method: "PUT", target: "/x", body: Array(text.utf8), effect: .mutation))
    #expect(answer.body == Array(text.utf8))
    #expect(server.requests.first?.body.utf8.count == text.utf8.count)
    #expect(server.requests.first?.values("expect") == [])
  }

  @Test func `The answer's status, headers and body are handed on`() async throws {
    let server = try ScriptedServer([
      .answer(.init(404, headers: ["X-A:  one ", "x-a: two", "vary:"], body: "{\"a\":\"é\"}")),
      .write(Array("HTTP/1.1 100 Continue\r\nx: 1\r\n\r\nHTTP/1.1 204 No\r\ny: 2\r\n\r\n".utf8)),
    ])
    let transport = try makeTransport(server.address)
    let answer = try await transport.send(read)
    #expect(answer.status == 404)
    #expect(answer.header("x-a") == "one")
    #expect(answer.headers.filter { $0.name == "x-a" }.map(\.value) == ["two"])
    #expect(answer.header("vary") == "")
    #expect(answer.body == Array("{\"a\":\"é\"}".utf8))
    let empty = try await transport.send(read)
    #expect(empty == HTTPResponse(status: 204, headers: [HTTPHeader("y", "2")]))
  }
}
