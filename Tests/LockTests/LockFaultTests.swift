import InProcessTransport
import JSON
import ResourceModel
import SimulatedQdrant
import Synchronization
import Testing
import Transport

/// What the client says of the lock when the server or the way to it fails.
@Suite struct LockFaultTests {
  private func rule(
    _ method: String, _ path: String, _ fault: Fault, times: Int? = nil
  ) -> FaultRule {
    FaultRule(FaultMatcher(methods: [method], path: path, nth: 1, times: times), fault)
  }

  @Test(
    arguments: ["/collections", "/collections/*"],
    [
      Fault.refuse, .applyThenStatus(500), .status(403, body: [], headers: []),
      .garbage(Array("<html>".utf8)), .wrongSchema(.nullResult), .wrongSchema(.emptyObject),
      .status(404, body: [], headers: []), .wrongSchema(.listResult),
    ])
  func `A lock that cannot be read is an error, never free`(path: String, fault: Fault)
    async throws
  {
    let bench = LockBench(rules: [rule("GET", path, fault)])
    try await bench.perform(.createEpoch(1, LockBench.record(.free)))
    await #expect(throws: ProviderError.self) { try await bench.state() }
  }

  @Test func `An epoch that goes away between the list and the read is looked for again`()
    async throws
  {
    let bench = LockBench(wrapped: { VanishingEpoch(inner: $0, keepsOn: false) })
    try await bench.perform(.createEpoch(1, LockBench.record(.free)))
    let expected = LockState(epochs: [2], record: LockBench.record(nonce: "next"))
    #expect(try await bench.state() == expected)
  }

  @Test func `An epoch that is gone whenever it is read is an error after some attempts`()
    async throws
  {
    let bench = LockBench(wrapped: { VanishingEpoch(inner: $0, keepsOn: true) })
    try await bench.perform(.createEpoch(1, LockBench.record(.free)))
    await #expect(throws: ProviderError.self) { try await bench.state() }
    #expect(bench.transport.exchanges.count < 20)
  }

  @Test(arguments: [
    Fault.dropAfterApply, .dropBeforeApply, .applyThenStatus(500), .neverApply, .truncate(after: 9),
    .wrongSchema(.noResult), .wrongSchema(.nullResult), .lateApply(seconds: 1),
  ])
  func `A creation without a good answer is unknown`(fault: Fault) async {
    let bench = LockBench(rules: [rule("PUT", "/collections/_qr_lock.w.1", fault)])
    #expect(await bench.error(.createEpoch(1, LockBench.record()))?.outcome == .unknown)
    #expect(bench.mutations.count == 1)
  }

  @Test(arguments: [Fault.dropAfterApply, .applyThenStatus(500), .wrongSchema(.nullResult)])
  func `A barrier counts only when it was confirmed`(fault: Fault) async {
    let bench = LockBench(rules: [rule("POST", "/collections/aliases", fault)])
    #expect(await bench.error(.barrier(nonce: "n"))?.outcome == .unknown)
  }

  /// The k-th name of the record does not come about: whose the epoch is stays unsaid.
  @Test(
    arguments: 1...3,
    [Fault.refuse, .dropBeforeApply, .rate(perSecond: 0, retryAfter: nil)])
  func `A record that breaks off in names is unknown, and says no owner`(
    piece: Int, fault: Fault
  ) async throws {
    let matcher = FaultMatcher(methods: ["PUT"], path: "/collections/_qr_own.**", nth: piece)
    let bench = LockBench(.names, rules: [FaultRule(matcher, fault)])
    let record = LockBench.record()
    #expect(await bench.error(.createEpoch(1, record))?.outcome == .unknown)
    #expect(try await bench.state() == LockState(epochs: [1]))
    let again = await bench.error(.createEpoch(1, record))
    #expect(again?.status == 409)
    #expect(try await bench.state() == LockState(epochs: [1]))
  }

  @Test(arguments: 1...3)
  func `A second record that breaks off in names leaves the first in force until it is whole`(
    piece: Int
  ) async throws {
    let bench = LockBench(.names)
    try await bench.perform(.createEpoch(1, LockBench.record()))
    let matcher = FaultMatcher(methods: ["PUT"], path: "/collections/_qr_own.**", nth: piece)
    bench.endpoint.setFaults(FaultScript([FaultRule(matcher, .refuse)]))
    #expect(await bench.error(.writeEpoch(1, LockBench.record(.open)))?.outcome == .unknown)
    #expect(try await bench.state().record == LockBench.record())
    try await bench.perform(.writeEpoch(1, LockBench.record(.free)))
    #expect(try await bench.state().record == LockBench.record(.free))
  }

  @Test func `Names say no record when two whole ones contradict each other, or one is damaged`()
    async throws
  {
    let one = LockBench(.names)
    let other = LockBench(.names)
    try await one.perform(.createEpoch(1, LockBench.record(.held)))
    try await other.perform(.createEpoch(1, LockBench.record(.free)))
    let pieces = other.mutations.filter { $0.contains("_qr_own") }
      .map { String($0.dropFirst("PUT ".count)) }
    for piece in pieces.dropLast() { one.foreign("PUT", piece, #"{"vectors":{}}"#) }
    #expect(try await one.state().record == LockBench.record(.held))
    try one.foreign("PUT", #require(pieces.last), #"{"vectors":{}}"#)
    #expect(try await one.state() == LockState(epochs: [1]))
    other.foreign("DELETE", try #require(pieces.first))
    #expect(try await other.state() == LockState(epochs: [1]))
  }

  @Test func `A record that is too long for names is refused before the epoch exists`()
    async throws
  {
    let bench = LockBench(.names)
    var record = LockBench.record()
    record.holder = String(repeating: "h", count: 4000)
    #expect(await bench.error(.createEpoch(1, record))?.outcome == .rejected)
    #expect(bench.mutations.isEmpty)
  }
}

/// A server on which the epoch that is read has just been followed by another and deleted.
private final class VanishingEpoch: SimulatedEndpoint {
  private let inner: any SimulatedEndpoint
  private let keepsOn: Bool
  private let reads = Mutex(0)

  init(inner: any SimulatedEndpoint, keepsOn: Bool) {
    self.inner = inner
    self.keepsOn = keepsOn
  }

  func exchange(_ request: SimulatedRequest, now: Double) -> FaultedExchange {
    guard request.method == "GET", request.target.hasPrefix("/collections/_qr_lock.w.") else {
      return inner.exchange(request, now: now)
    }
    let read = reads.withLock { count in
      count += 1
      return count
    }
    if keepsOn || read == 1 {
      let metadata: JSONObject = [LockRecord.key: LockBench.record(nonce: "next").json]
      let body: JSONValue = ["vectors": [:], "metadata": .object(metadata)]
      let next = "/collections/_qr_lock.w.\(read + 1)"
      for (method, target, bytes) in [("PUT", next, body.bytes()), ("DELETE", request.target, [])] {
        _ = inner.exchange(
          SimulatedRequest(method: method, target: target, body: bytes), now: now)
      }
    }
    return inner.exchange(request, now: now)
  }
}
