import Execution
import InProcessTransport
import JSON
import Planning
import ResourceModel
import SimulatedQdrant
import Synchronization

/// Somebody else, who sends one request once a step of the run is over.
final class Interloper: Sendable {
  let request: SimulatedRequest
  private let step: StepID
  private let seen = Mutex<(before: SimulatedServer, after: SimulatedServer)?>(nil)

  init(_ request: SimulatedRequest, after step: StepID) {
    self.request = request
    self.step = step
  }

  /// The server right before and right after the request; nil when it was not sent.
  var meanwhile: (before: SimulatedServer, after: SimulatedServer)? { seen.withLock { $0 } }

  func act(after entry: JournalEntry, _ endpoint: InMemoryEndpoint, now: Double) {
    guard entry == .done(step, .forward) || entry == .skipped(step, .forward) else { return }
    seen.withLock { seen in
      guard seen == nil else { return }
      let before = endpoint.server
      _ = endpoint.exchange(request, now: now)
      seen = (before, endpoint.server)
    }
  }
}
