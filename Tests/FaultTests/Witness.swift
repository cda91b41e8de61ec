import Execution
import InProcessTransport
import Synchronization
import Transport

/// What was recorded and what was sent, in one order.
enum Happening: Sendable {
  case entry(JournalEntry)
  /// A request that changes something leaves, with the id that it bears.
  case mutation(line: String, id: String)

  var entry: JournalEntry? { if case .entry(let entry) = self { entry } else { nil } }
}

/// Sees every mutation before it is sent, and can keep it from leaving.
final class Witness: HTTPTransport {
  private struct State {
    var happenings: [Happening] = []
    var failure: TransportError?
    var remaining = 0
  }

  private let inner: SimulatedTransport
  private let state = Mutex(State())

  init(_ inner: SimulatedTransport) { self.inner = inner }

  var happenings: [Happening] { state.withLock { $0.happenings } }

  func record(_ entry: JournalEntry) { state.withLock { $0.happenings.append(.entry(entry)) } }

  /// So many of the next mutations fail on the way, as no simulated server can make them.
  func fail(_ failure: TransportError, times: Int) {
    state.withLock { ($0.failure, $0.remaining) = (failure, times) }
  }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    guard request.effect == .mutation else { return try await inner.send(request) }
    let failure = state.withLock { state -> TransportError? in
      let id = request.headers.first { $0.name == "x-request-id" }?.value ?? ""
      state.happenings.append(.mutation(line: "\(request.method) \(request.target)", id: id))
      guard state.remaining > 0 else { return nil }
      state.remaining -= 1
      return state.failure
    }
    if let failure { throw failure }
    return try await inner.send(request)
  }
}
