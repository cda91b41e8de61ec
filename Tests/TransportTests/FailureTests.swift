import ScriptedServer
import Secrets
import Testing
import Transport

@Suite struct FailureTests {
  /// A port on which nothing listens: a server that has just stopped had it.
  static func deadAddress() async throws -> String {
    let server = try ScriptedServer()
    let address = server.address
    let transport = try makeTransport(address)
    _ = try await transport.send(read)
    server.stop()
    return address
  }

  @Test(arguments: [read, mutation])
  func `A refused connection has sent nothing`(request: HTTPRequest) async throws {
    let address = try await Self.deadAddress()
    let transport = try makeTransport(address)
    let error = await failure(of: request, over: transport)
    #expect(error?.reason == .connectionRefused)
    #expect(error?.neverSent == true)
    #expect(error?.message.contains(transport.endpoint.authority) == true)
  }

  @Test(arguments: [read, mutation])
  func `A name that is not found has sent nothing`(request: HTTPRequest) async throws {
    let transport = try makeTransport("https://no-such-host.invalid:6333") { $0.proxy = .never }
    let error = await failure(of: request, over: transport)
    #expect(error?.reason == .nameNotResolved)
    #expect(error?.neverSent == true)
    #expect(error?.message.contains("no-such-host.invalid") == true)
  }

  @Test(arguments: [301, 302, 303, 307, 308], [read, mutation])
  func `A redirect is an answer, and where it points hears nothing`(
    status: Int, request: HTTPRequest
  ) async throws {
    let other = try ScriptedServer()
    let server = try ScriptedServer([
      .answer(.init(status, headers: ["location: \(other.address)/x"]))
    ])
    let transport = try makeTransport(server.address)
    let answer = try await transport.send(request)
    #expect(answer.status == status)
    #expect(answer.header("location") == other.address + "/x")
    #expect(server.requests.count == 1)
    #expect(other.connectionCount == 0 && other.byteCount == 0)
  }

  @Test(arguments: [nil, 1 << 20, 1 << 40])
  func `An answer above the limit is given up`(announced: Int?) async throws {
    let server = try ScriptedServer([.endless(announced: announced)])
    let transport = try makeTransport(server.address) { $0.bodyLimit = 100_000 }
    let error = await failure(of: read, over: transport)
    #expect(error?.reason == .answerTooLarge)
    #expect(error?.neverSent == false)
  }

  @Test func `An answer of exactly the limit is taken`() async throws {
    let body = String(repeating: "x", count: 50_000)
    let server = try ScriptedServer(then: .answer(.init(body: body)))
    let exact = try makeTransport(server.address) { $0.bodyLimit = 50_000 }
    #expect(try await exact.send(read).body.count == 50_000)
    let smaller = try makeTransport(server.address) { $0.bodyLimit = 49_999 }
    #expect(await failure(of: read, over: smaller)?.reason == .answerTooLarge)
  }

  @Test func `Headers without an end are given up`() async throws {
    let line = "x-filler: " + String(repeating: "y", count: 990) + "\r\n"
    let head = "HTTP/1.1 200 OK\r\n" + String(repeating: line, count: 200)
    let server = try ScriptedServer([.write(Array((head + "\r\n").utf8))])
    let error = await failure(of: read, over: try makeTransport(server.address))
    #expect(error?.reason == .answerTooLarge)
  }

  @Test(arguments: [
    "HTTP/1.1 200 OK\r\ncontent-length: abc\r\n\r\n{}",
    "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}",
    "HTTP/1.1 2 OK\r\n\r\n", "HTTP/1.1 999 OK\r\ncontent-length: 0\r\n\r\n", "SSH-2.0-OpenSSH\r\n",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", "\0\0\0\0\0\0",
    "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999999\r\n\r\n{}", "\r\n\r\n",
    "HTTP/0.9 200 OK\r\n\r\n",
  ])
  func `Garbage is an error and not an answer`(text: String) async throws {
    let server = try ScriptedServer(then: .write(Array(text.utf8)))
    let transport = try makeTransport(server.address)
    let error = await failure(of: mutation, over: transport)
    #expect(error?.neverSent == false)
    let reasons: [TransportError.Reason] = [
      .malformedAnswer, .connectionLost, .answerTruncated, .answerTooLarge,
    ]
    #expect(error.map { reasons.contains($0.reason) } == true)
    #expect(server.requests.count == 1)
  }

  /// Cut at every byte: there is an answer only when all of it is there. (The very last byte of a
  /// chunked answer, a line feed after the last chunk, libcurl does not wait for.)
  @Test func `No prefix of an answer is an answer`() async throws {
    let chunked =
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n7\r\n{\"a\":1}\r\n0\r\n\r"
    let plain = ScriptedServer.Answer(body: "{\"a\":1}")
    for answer in [Array(chunked.utf8), plain.head + plain.body] {
      let server = try ScriptedServer((0...answer.count).map { .write(Array(answer[..<$0])) })
      let transport = try makeTransport(server.address)
      for length in 0..<answer.count {
        let error = await failure(of: mutation, over: transport)
        #expect(error?.neverSent == false, "cut after \(length) bytes")
      }
      #expect(try await transport.send(mutation).body == plain.body)
      #expect(server.requests.count == answer.count + 1)
    }
  }

  @Test func `The deadline of a request goes before that of the transport`() async throws {
    let server = try ScriptedServer(then: .stall)
    let transport = try makeTransport(server.address) { $0.timeouts.total = .seconds(60) }
    var request = read
    request.timeout = .milliseconds(100)
    let clock = ContinuousClock()
    let start = clock.now
    let error = await failure(of: request, over: transport)
    #expect(error?.reason == .timedOut)
    #expect(error?.neverSent == false)
    #expect(clock.now - start < .seconds(2))
    request.timeout = .zero
    #expect(await failure(of: request, over: transport)?.reason == .timedOut)
  }

  @Test func `An answer that drips is cut by the total and by the rate`() async throws {
    let answer = ScriptedServer.Answer(body: String(repeating: "x", count: 1000))
    let server = try ScriptedServer(then: .drip(answer, pause: .milliseconds(20)))
    let total = try makeTransport(server.address) { $0.timeouts.total = .milliseconds(300) }
    #expect(await failure(of: read, over: total)?.reason == .timedOut)
    let rate = try makeTransport(server.address) { configuration in
      configuration.timeouts.total = .seconds(60)
      configuration.timeouts.slow = .seconds(1)
      configuration.timeouts.slowestRate = 100_000
    }
    let clock = ContinuousClock()
    let start = clock.now
    #expect(await failure(of: read, over: rate)?.reason == .timedOut)
    #expect(clock.now - start < .seconds(6))
  }

  @Test func `Waiting for an answer to begin is not slow`() async throws {
    let server = try ScriptedServer(then: .late(.init(), after: .milliseconds(1600)))
    let transport = try makeTransport(server.address) { configuration in
      configuration.timeouts.slow = .seconds(1)
      configuration.timeouts.slowestRate = 100_000
    }
    #expect(try await transport.send(read).status == 200)
  }
}
