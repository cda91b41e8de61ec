import InProcessTransport
import JSON
import SimulatedQdrant
import Synchronization
import Testing
import Transport

@Suite struct SimulatedTransportTests {
  private let put = HTTPRequest(
    method: "PUT", target: "/collections/a",
    body: Array("{\"vectors\":{\"size\":4,\"distance\":\"Dot\"}}".utf8), effect: .mutation,
    timeout: .seconds(5))

  private func endpoint(_ faults: (FaultMatcher, Fault)...) -> InMemoryEndpoint {
    InMemoryEndpoint(
      SimulatedServer(settings: .init()),
      faults: FaultScript(faults.map { FaultRule($0.0, $0.1) }))
  }

  private func exists(_ endpoint: InMemoryEndpoint, at now: Double = start) throws -> Bool {
    var server = endpoint.server
    return try names(server.handle(get("/collections"), now: now)) == ["a"]
  }

  static let lost: [(fault: Fault, reason: TransportError.Reason, neverSent: Bool, applied: Bool)] =
    [
      (.refuse, .connectionRefused, true, false), (.dropBeforeRead, .connectionLost, true, false),
      (.dropMidRequest(after: 3), .connectionLost, false, false),
      (.dropBeforeApply, .connectionLost, false, false),
      (.dropAfterApply, .connectionLost, false, true), (.delay(seconds: 5), .timedOut, false, true),
      (.truncate(after: 10), .answerTruncated, false, true),
      (.notHTTP([1]), .malformedAnswer, false, true),
      (.slowloris(bytesPerSecond: 1), .timedOut, false, true),
      (.blackhole(applied: false), .timedOut, false, false),
      (.blackhole(applied: true), .timedOut, false, true),
      (.hugeBody(bytes: 101), .answerTooLarge, false, false),
      (.restart(keepingStorage: true), .connectionLost, false, false),
    ]

  @Test(arguments: lost)
  func `A fault that leaves no answer is the error that it is, applied or not`(
    fault: Fault, reason: TransportError.Reason, neverSent: Bool, applied: Bool
  ) async throws {
    let endpoint = endpoint((FaultMatcher(), fault))
    let transport = SimulatedTransport(endpoint, limits: .init(answerBytes: 100))
    do throws(TransportError) {
      _ = try await transport.send(put)
      Issue.record("an answer came")
    } catch {
      #expect(error.reason == reason)
      #expect(error.neverSent == neverSent)
    }
    #expect(try exists(endpoint) == applied)
    #expect(transport.exchanges.map(\.fault) == [fault])
  }

  static let answered: [(fault: Fault, status: Int, part: String, applied: Bool)] = [
    (.delay(seconds: 4), 200, "true", true), (.applyThenStatus(504), 504, "error", true),
    (.status(503, body: [0x78], headers: []), 503, "x", false),
    (.neverApply, 500, "Waiting for consensus operation commit failed", false),
    (.lateApply(seconds: 9), 500, "Waiting for consensus operation commit failed", false),
    (.duplicate(times: 2), 409, "already exists", true),
    (.garbage(Array("<html>".utf8)), 200, "<html>", true),
    (.wrongSchema(.nullResult), 200, "\"result\":null", true),
    (.wrongSchema(.textResult), 200, "surprise", true),
    (.wrongSchema(.listResult), 200, "[true]", true),
    (.wrongSchema(.emptyObject), 200, "{}", true),
    (.wrongSchema(.extraMembers), 200, "never_heard_of", true),
    (.wrongSchema(.without(["time"])), 200, "\"status\":\"ok\"}", true),
    (.wrongSchema(.deepResult(levels: 20)), 200, "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]", true),
    (.redirect(to: "http://evil/", status: 307), 307, "", false),
    (.rate(perSecond: 0, retryAfter: 7), 429, "Retry after 7s", false),
    (.authFlip, 401, "Invalid API key or JWT", false), (.version(.v1_18_3), 200, "true", true),
  ]

  @Test(arguments: answered)
  func `A fault of the answer is answered, applied or not`(
    fault: Fault, status: Int, part: String, applied: Bool
  ) async throws {
    let endpoint = endpoint((FaultMatcher(), fault))
    let response = try await SimulatedTransport(endpoint).send(put)
    let text = String(decoding: response.body, as: UTF8.self)
    #expect(response.status == status)
    #expect(text.contains(part), "\(text)")
    #expect(try exists(endpoint) == applied)
    if case .redirect = fault { #expect(response.header("Location") == "http://evil/") }
    if case .rate = fault { #expect(response.header("retry-after") == "7") }
  }

  @Test func `What is applied late is there once its time has come, and not before`() async throws {
    let endpoint = endpoint((FaultMatcher(), .lateApply(seconds: 10)))
    let now = Mutex(start)
    let time = TransportTime(now: { now.withLock { $0 } }, sleep: { _ in })
    let transport = SimulatedTransport(endpoint, time: time)
    let read = HTTPRequest(method: "GET", target: "/collections", effect: .read)
    _ = try await transport.send(put)
    now.withLock { $0 = start + 9.9 }
    #expect(!String(decoding: try await transport.send(read).body, as: UTF8.self).contains("\"a\""))
    now.withLock { $0 = start + 10 }
    #expect(String(decoding: try await transport.send(read).body, as: UTF8.self).contains("\"a\""))
  }

  @Test func `A PATCH that is applied in part changes its first sections only`() async throws {
    let endpoint = endpoint((FaultMatcher(methods: ["PATCH"]), .partialApply(1)))
    let transport = SimulatedTransport(endpoint)
    _ = try await transport.send(put)
    let change = patch("a", m: 33)
    let response = try await transport.send(
      HTTPRequest(
        method: "PATCH", target: change.target, body: change.body, effect: .mutation))
    #expect(response.status == 500)
    var server = endpoint.server
    let body = server.handle(get("/collections/a"), now: start).body
    let config = try JSONParser.parse(body)[path: ["result", "config"]]
    #expect(config?[path: ["optimizer_config", "max_segment_size"]]?.integer == 33)
    #expect(config?[path: ["hnsw_config", "m"]]?.integer == 16)
  }

  @Test
  func `A collection reads as empty, an answer can be another's, and a restart loses or keeps`()
    async throws
  {
    let endpoint = endpoint(
      (FaultMatcher(methods: ["GET"], path: "/collections/a"), .emptyInfo),
      (FaultMatcher(methods: ["GET"], path: "/collections/other"), .previousAnswer),
      (FaultMatcher(path: "/keep"), .restart(keepingStorage: true)),
      (FaultMatcher(path: "/lose"), .restart(keepingStorage: false)))
    let transport = SimulatedTransport(endpoint)
    func read(_ target: String) async throws -> HTTPResponse {
      try await transport.send(HTTPRequest(method: "GET", target: target, effect: .read))
    }
    _ = try await transport.send(put)
    let empty = try await read("/collections/a")
    let document = try JSONParser.parse(empty.body)
    #expect(document[path: ["result", "payload_schema"]] == [:])
    #expect(document[path: ["result", "points_count"]] == 0)
    #expect(document[path: ["result", "segments_count"]] == 0)
    #expect(document[path: ["result", "config", "hnsw_config", "m"]]?.integer == 16)
    #expect(try await read("/collections/other").body == empty.body)
    #expect(try await read("/collections/other").status == 404)
    await #expect(throws: TransportError.self) { try await read("/keep") }
    #expect(try exists(endpoint))
    await #expect(throws: TransportError.self) { try await read("/lose") }
    #expect(try !exists(endpoint))
  }

  @Test func `Everything is recorded without the credential, which the server gets`() async throws {
    let endpoint = CapturingEndpoint()
    let transport = SimulatedTransport(endpoint, credential: [HTTPHeader("Api-Key", "hunter2")])
    #expect(try await transport.send(put).status == 200)
    _ = try await transport.send(HTTPRequest(method: "GET", target: "/", effect: .read))
    let received = endpoint.requests.withLock { $0 }
    #expect(received.map(\.target) == ["/collections/a", "/"])
    for request in received {
      #expect(request.headers.contains { $0 == ("api-key", "hunter2") })
    }
    #expect(received.map { $0.headers.contains { $0.name == "content-type" } } == [true, false])
    #expect(transport.exchanges.map(\.line) == ["PUT /collections/a", "GET /"])
    #expect(transport.mutations.map(\.request) == [put])
    #expect(!String(describing: transport.exchanges).contains("hunter2"))
    transport.forgetExchanges()
    #expect(transport.exchanges.isEmpty)
  }

  @Test func `A cancelled task sends nothing, and one that waits ends as cancelled`() async throws {
    let endpoint = endpoint((FaultMatcher(), .delay(seconds: 100)))
    let patient = SimulatedTransport(
      endpoint,
      time: TransportTime(
        now: { start },
        sleep: { _ in try await Task.sleep(for: .seconds(100)) }),
      limits: .init(timeout: .seconds(200)))
    let result = await withTaskGroup(of: TransportError?.self) { group in
      group.addTask {
        do throws(TransportError) {
          _ = try await patient.send(HTTPRequest(method: "GET", target: "/", effect: .read))
          return nil
        } catch { return error }
      }
      group.cancelAll()
      return await group.next() ?? nil
    }
    #expect(result?.reason == .cancelled)
  }
}

/// Answers everything with an empty 200 and keeps what came.
private final class CapturingEndpoint: SimulatedEndpoint {
  let requests = Mutex<[SimulatedRequest]>([])

  func exchange(_ request: SimulatedRequest, now: Double) -> FaultedExchange {
    requests.withLock { $0.append(request) }
    return FaultedExchange(outcome: .answered(SimulatedResponse(status: 200), .whole))
  }
}
