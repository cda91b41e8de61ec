import Execution
import InProcessTransport
import LawBench
import Planning
import QdrantProvider
import ResourceModel
import SimulatedQdrant
import Testing

/// The real planner, machine and client against the peers of a simulated cluster.
@Suite struct ClusterClientTests {
  @Test(arguments: 0..<12 as Range<UInt64>)
  func `What is applied through one peer is in effect for all of them`(seed: UInt64) async throws {
    var peers = SimulatedCluster(settings: SimulatedSettings(), peers: [11, 12, 13], seed: seed)
    peers.timing.lag = 0...0
    peers.timing.longLag = 0...0
    let cluster = InMemoryCluster(peers)
    var random = RandomCollections(seed: seed)
    let wanted = [random.collection("one")]
    let identity = try await Bench(cluster.endpoint(of: 0)).provider.identify()
    let bench = Bench(cluster.endpoint(of: 0), identity: identity)
    let plan = try await bench.plan(wanted)
    let (outcome, _) = await bench.apply(plan.steps)
    #expect(outcome == .applied)
    for peer in 0..<3 {
      let next = try await Bench(cluster.endpoint(of: peer)).plan(wanted)
      #expect(next.steps.isEmpty, "peer \(peer): \(next.steps)")
    }
  }
}
