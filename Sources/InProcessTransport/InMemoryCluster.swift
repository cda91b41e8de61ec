package import SimulatedQdrant
import Synchronization

/// A simulated cluster in memory for many callers: one endpoint for each peer, each with a script
/// of faults.
///
///     let cluster = InMemoryCluster(SimulatedCluster(settings: …, peers: [1, 2, 3], seed: 7))
///     let transport = SimulatedTransport(cluster.endpoint(of: 0), time: time)
///     cluster.kill(1, now: time.now())
package final class InMemoryCluster: Sendable {
  private let state: Mutex<State>

  private struct State {
    var cluster: SimulatedCluster
    var faults: [Int: FaultScript] = [:]
  }

  package init(_ cluster: SimulatedCluster) { state = Mutex(State(cluster: cluster)) }

  /// Where requests for a peer are answered.
  package func endpoint(of peer: Int) -> some SimulatedEndpoint {
    PeerEndpoint(cluster: self, peer: peer)
  }

  /// A copy of the cluster as it is now.
  package var cluster: SimulatedCluster {
    get { state.withLock { $0.cluster } }
    set { state.withLock { $0.cluster = newValue } }
  }

  /// Begins with other faults at a peer; the counting starts again.
  package func setFaults(_ faults: FaultScript, at peer: Int) {
    state.withLock { $0.faults[peer] = faults }
  }

  package func kill(_ peer: Int, now: Double) {
    state.withLock { $0.cluster.kill(peer, now: now) }
  }

  package func pause(_ peer: Int, now: Double) {
    state.withLock { $0.cluster.pause(peer, now: now) }
  }

  package func resume(_ peer: Int, now: Double) {
    state.withLock { $0.cluster.resume(peer, now: now) }
  }

  package func restart(_ peer: Int, now: Double) {
    state.withLock { $0.cluster.restart(peer, now: now) }
  }

  /// Kills all peers but one; their places.
  package func loseQuorum(keeping peer: Int, now: Double) -> [Int] {
    state.withLock { $0.cluster.loseQuorum(keeping: peer, now: now) }
  }

  /// Lets pass what time brings.
  package func settle(now: Double) { state.withLock { $0.cluster.settle(now: now) } }

  /// What becomes of operations that are proposed without a quorum.
  package func setLateApplication(_ rule: LateApplication) {
    state.withLock { $0.cluster.lateApplication = rule }
  }

  fileprivate func exchange(
    _ request: SimulatedRequest, at peer: Int, now: Double
  ) -> FaultedExchange {
    state.withLock { state in
      var faults = state.faults[peer] ?? FaultScript()
      var target = ClusterMember(cluster: state.cluster, peer: peer, now: now)
      defer {
        state.faults[peer] = faults
        state.cluster = target.cluster
      }
      return faults.exchange(request, now: now, with: &target)
    }
  }
}

/// A peer as what faults happen to.
private struct ClusterMember: FaultTarget {
  var cluster: SimulatedCluster
  var peer: Int
  var now: Double

  mutating func handle(
    _ request: SimulatedRequest, now: Double, partialLimit: Int?
  ) -> SimulatedResponse {
    cluster.handle(request, at: peer, now: now, partialLimit: partialLimit).response
  }

  mutating func exchange(
    _ request: SimulatedRequest, now: Double, partialLimit: Int?
  ) -> FaultedExchange {
    cluster.exchange(request, at: peer, now: now, partialLimit: partialLimit)
  }

  /// A peer of a cluster never loses its storage here.
  mutating func restart(keepingStorage: Bool) {
    cluster.kill(peer, now: now)
    cluster.restart(peer, now: now)
  }

  mutating func change(to version: ServerLine) -> Bool { cluster.settings.version == version }
}

/// Where requests for a peer are answered.
private struct PeerEndpoint: SimulatedEndpoint {
  let cluster: InMemoryCluster
  let peer: Int

  func exchange(_ request: SimulatedRequest, now: Double) -> FaultedExchange {
    cluster.exchange(request, at: peer, now: now)
  }
}
