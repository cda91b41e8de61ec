import InProcessTransport
import SimulatedQdrant
import Synchronization

/// A simulated server as a process sees it that may be killed at any instant.
package final class KillableEndpoint: SimulatedEndpoint {
  /// What outlives the process.
  package struct Remains: Sendable {
    package var server: SimulatedServer
    /// A request that was sent and that the server applies later.
    package var late: SimulatedRequest?

    package init(server: SimulatedServer) { self.server = server }
  }

  private let remains: Mutex<(remains: Remains, requests: Int)>
  private let kill: KillSwitch

  package init(_ remains: Remains, _ kill: KillSwitch) {
    self.remains = Mutex((remains, 0))
    self.kill = kill
  }

  /// What is there now.
  package var left: Remains { remains.withLock { $0.remains } }

  package func exchange(_ request: SimulatedRequest, now: Double) -> FaultedExchange {
    remains.withLock { state in
      if kill.isDead { return FaultedExchange(outcome: .refused) }
      state.requests += 1
      // What is applied late comes between two requests of the next process.
      if state.requests == 4, let late = state.remains.late {
        _ = state.remains.server.handle(late, now: now)
        state.remains.late = nil
      }
      guard KillableEndpoint.mayChange(request) else {
        return FaultedExchange(
          outcome: .answered(state.remains.server.handle(request, now: now), .whole))
      }
      guard kill.pass() else { return FaultedExchange(outcome: .refused) }
      guard kill.pass() else { return FaultedExchange(outcome: .closed) }
      guard kill.pass() else {
        state.remains.late = request
        return FaultedExchange(outcome: .closed)
      }
      let answer = state.remains.server.handle(request, now: now)
      guard kill.pass() else { return FaultedExchange(outcome: .closed) }
      _ = kill.pass()
      return FaultedExchange(outcome: .answered(answer, .whole))
    }
  }

  private static func mayChange(_ request: SimulatedRequest) -> Bool {
    request.method != "GET" && !request.target.hasSuffix("/points/count")
  }
}
