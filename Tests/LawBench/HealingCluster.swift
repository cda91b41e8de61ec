import InProcessTransport
import SimulatedQdrant
import Synchronization

/// Three peers of which one may be lost for a while, also in the middle of a run.
package struct HealingCluster {
  package let base: ClusterBench
  package var bench: Bench { base.bench }
  private let healing: Healing

  package init(seed: UInt64, asked: Int) {
    let healing = Healing()
    self.healing = healing
    base = ClusterBench(seed: seed, asked: asked) { inner, cluster in
      HealingEndpoint(inner: inner, cluster: cluster, healing: healing)
    }
  }

  /// Kills a peer, and starts it again with the first request after that time.
  package func lose(_ peer: Int, until end: Double) {
    base.cluster.kill(peer, now: base.now)
    healing.due.withLock { $0 = (peer, end) }
  }
}

/// The lost peer and when it comes back.
private final class Healing: Sendable {
  let due = Mutex<(peer: Int, end: Double)?>(nil)
}

private struct HealingEndpoint: SimulatedEndpoint {
  let inner: any SimulatedEndpoint
  let cluster: InMemoryCluster
  let healing: Healing

  func exchange(_ request: SimulatedRequest, now: Double) -> FaultedExchange {
    let back = healing.due.withLock { due -> Int? in
      guard let (peer, end) = due, now >= end else { return nil }
      due = nil
      return peer
    }
    if let back { cluster.restart(back, now: now) }
    return inner.exchange(request, now: now)
  }
}
