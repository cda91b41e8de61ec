import Foundation
import SimulatedQdrant
import Testing

@Suite struct SocketFaultTests {
  private let put = requestText("PUT", "/collections/a", body: collection)

  private func sandbox(_ fault: Fault) throws -> LocalSandbox {
    try LocalSandbox([FaultRule(FaultMatcher(methods: ["PUT"]), fault)])
  }

  static let ends: [(fault: Fault, end: SocketClient.End, applied: Bool)] = [
    (.refuse, .reset, false), (.dropBeforeRead, .reset, false),
    (.dropMidRequest(after: 5), .reset, false), (.dropBeforeApply, .closed, false),
    (.dropAfterApply, .closed, true), (.blackhole(applied: false), .open, false),
    (.blackhole(applied: true), .open, true), (.restart(keepingStorage: true), .closed, false),
  ]

  @Test(arguments: ends)
  func `A connection ends as the fault says, and the next request is answered`(
    fault: Fault, end: SocketClient.End, applied: Bool
  ) throws {
    let sandbox = try sandbox(fault)
    let client = try sandbox.connect()
    client.send(put)
    let result = client.readAll(idle: 0.3)
    #expect(result.text.isEmpty)
    #expect(result.end == end)
    #expect(sandbox.has("a") == applied)
    let again = try sandbox.connect().exchange("PUT", "/collections/a", body: collection)
    #expect(again?.status == (applied ? 409 : 200))
  }

  @Test func `A request is dropped in the middle of its body while more is to come`() throws {
    let sandbox = try sandbox(.dropMidRequest(after: 10))
    let client = try sandbox.connect()
    client.send("PUT /collections/a HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n")
    client.send(String(repeating: " ", count: 9))
    #expect(client.readAll(idle: 0.2).end == .open)
    client.send(" ")
    #expect(client.readAll(idle: 2).end == .reset)
    #expect(
      try sandbox.connect().exchange("PUT", "/collections/a", body: collection)?.status == 200)
  }

  @Test(arguments: [0, 1, 20])
  func `An answer is cut short after so many bytes of its body`(count: Int) throws {
    let sandbox = try sandbox(.truncate(after: count))
    let client = try sandbox.connect()
    client.send(put)
    let (text, end) = client.readAll()
    let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
    #expect(text.hasPrefix("HTTP/1.1 200"), "\(text)")
    #expect(parts.last?.utf8.count == count)
    #expect(end != .open)
    #expect(sandbox.has("a"))
  }

  @Test func `A cut beyond the end of the body cuts nothing`() throws {
    let client = try sandbox(.truncate(after: 1 << 20))
    #expect(try client.connect().exchange("PUT", "/collections/a", body: collection)?.status == 200)
  }

  @Test func `Bytes that are no HTTP come as they are`() throws {
    let sandbox = try sandbox(.notHTTP(Array("SSH-2.0-OpenSSH\r\n".utf8)))
    let client = try sandbox.connect()
    client.send(put)
    let result = client.readAll()
    #expect(result.text == "SSH-2.0-OpenSSH\r\n")
    #expect(result.end == .closed)
    #expect(sandbox.has("a"))
  }

  @Test func `A late answer comes late and whole`() throws {
    let sandbox = try sandbox(.delay(seconds: 0.4))
    let client = try sandbox.connect()
    let began = Date()
    client.send(put)
    #expect(client.readAll(idle: 0.2).end == .open)
    #expect(sandbox.has("a"), "it is applied at once")
    #expect(client.readAnswer()?.status == 200)
    #expect(Date().timeIntervalSince(began) >= 0.4)
  }

  @Test func `A delay longer than the idle limit is kept`() throws {
    let sandbox = try LocalSandbox(
      [FaultRule(FaultMatcher(methods: ["PUT"]), .delay(seconds: 2.2))], idleSeconds: 1)
    #expect(
      try sandbox.connect().exchange("PUT", "/collections/a", body: collection)?.status == 200)
  }

  @Test func `An answer trickles at its rate`() throws {
    let sandbox = try sandbox(.slowloris(bytesPerSecond: 100))
    let client = try sandbox.connect()
    let began = Date()
    let answer = try #require(client.exchange("PUT", "/collections/a", body: collection))
    let seconds = Double(answer.body.utf8.count) / 100
    #expect(answer.status == 200)
    #expect(answer.body.contains("\"status\":\"ok\""))
    #expect(Date().timeIntervalSince(began) >= 0.8 * seconds)
  }

  static let answers: [(fault: Fault, status: Int, part: String, applied: Bool)] = [
    (.status(503, body: [0x78], headers: [FaultHeader("retry-after", "9")]), 503, "x", false),
    (.garbage(Array("<html>".utf8)), 200, "<html>", true),
    (.redirect(to: "http://127.0.0.1:1/", status: 308), 308, "", false),
    (.hugeBody(bytes: 3_000_000), 200, "   ", false), (.duplicate(times: 2), 409, "exists", true),
    (.wrongSchema(.deepResult(levels: 100_000)), 200, "[[[[", true),
    (.authFlip, 401, "Invalid API key", false),
    (.status(200, body: [], headers: [FaultHeader("x", "a\r\nset-cookie: b")]), 200, "", false),
  ]

  @Test(arguments: answers)
  func `An answer is replaced`(fault: Fault, status: Int, part: String, applied: Bool) throws {
    let sandbox = try sandbox(fault)
    let answer = try sandbox.connect().exchange("PUT", "/collections/a", body: collection)
    #expect(answer?.status == status)
    #expect(answer?.body.contains(part) == true || part.isEmpty)
    #expect(sandbox.has("a") == applied)
    #expect(answer?.head.lowercased().contains("set-cookie") == false)
    if case .redirect(let address, _) = fault {
      #expect(answer?.head.lowercased().contains("location: \(address)") == true)
    }
    if case .hugeBody(let count) = fault { #expect(answer?.body.utf8.count == count) }
  }
}
