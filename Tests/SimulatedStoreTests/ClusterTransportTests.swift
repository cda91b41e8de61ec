import InProcessTransport
import JSON
import SimulatedQdrant
import Testing
import Transport

/// The transport against the peers of a simulated cluster.
@Suite struct ClusterTransportTests {
  private let time = TransportTime.virtual()
  private let cluster = InMemoryCluster(
    SimulatedCluster(settings: .init(), peers: [11, 12, 13], seed: 3))

  private func transport(_ peer: Int) -> SimulatedTransport {
    SimulatedTransport(cluster.endpoint(of: peer), time: time)
  }

  private func put(_ name: String, timeout: Int = 10) -> HTTPRequest {
    HTTPRequest(
      method: "PUT", target: "/collections/\(name)?timeout=\(timeout)",
      body: Array("{\"vectors\":{\"size\":4,\"distance\":\"Dot\"}}".utf8), effect: .mutation,
      timeout: .seconds(60))
  }

  private func names(_ peer: Int) async throws -> [String?] {
    let request = HTTPRequest(
      method: "GET", target: "/collections", effect: .read, timeout: .seconds(5))
    let body = try await transport(peer).send(request).body
    let listed = try JSONParser.parse(body)["result"]?["collections"]?.array ?? []
    return listed.map { $0["name"]?.string }
  }

  @Test func `Any peer takes a request, and the answer moves the time`() async throws {
    let before = time.now()
    #expect(try await transport(1).send(put("a")).status == 200)
    #expect(time.now() > before)
    for peer in 0..<3 { #expect(try await names(peer) == ["a"]) }
  }

  @Test func `A killed peer refuses connections until it is back, and then has caught up`()
    async throws
  {
    cluster.kill(2, now: time.now())
    let error = await #expect(throws: TransportError.self) { try await names(2) }
    #expect(error?.reason == .connectionRefused)
    #expect(try await transport(0).send(put("a", timeout: 2)).status == 200)
    cluster.restart(2, now: time.now())
    #expect(try await names(2) == ["a"])
  }

  @Test func `Without a quorum a request fails after its timeout and happens when that is back`()
    async throws
  {
    cluster.setLateApplication(.always)
    let lost = cluster.loseQuorum(keeping: 0, now: time.now())
    let before = time.now()
    #expect(try await transport(0).send(put("a", timeout: 2)).status == 500)
    #expect(time.now() - before >= 2)
    #expect(try await names(0) == [])
    for peer in lost { cluster.restart(peer, now: time.now()) }
    cluster.settle(now: time.now() + 3)
    for peer in 0..<3 { #expect(try await names(peer) == ["a"]) }
  }

  @Test func `Faults happen at the peer that they are set for`() async throws {
    cluster.setFaults(FaultScript([FaultRule(FaultMatcher(), .dropAfterApply)]), at: 1)
    let error = await #expect(throws: TransportError.self) {
      try await transport(1).send(put("a"))
    }
    #expect(error?.reason == .connectionLost)
    #expect(try await names(0) == ["a"])
  }
}
