package import SimulatedQdrant
import Synchronization

/// A simulated server in memory, with a script of faults, for many callers.
package final class InMemoryEndpoint: SimulatedEndpoint {
  private let state: Mutex<(server: SimulatedServer, faults: FaultScript)>

  package init(_ server: SimulatedServer, faults: FaultScript = FaultScript()) {
    state = Mutex((server, faults))
  }

  package func exchange(_ request: SimulatedRequest, now: Double) -> FaultedExchange {
    state.withLock { $0.faults.exchange(request, now: now, with: &$0.server) }
  }

  /// A copy of the server as it is now.
  package var server: SimulatedServer {
    get { state.withLock { $0.server } }
    set { state.withLock { $0.server = newValue } }
  }

  /// Begins with other faults; the counting starts again, and what was to be applied later is not.
  package func setFaults(_ faults: FaultScript) { state.withLock { $0.faults = faults } }
}
