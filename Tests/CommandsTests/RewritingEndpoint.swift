import SimulatedQdrant
import Synchronization

/// A server whose answers are altered on their way, once that is switched on.
final class RewritingEndpoint: SimulatedEndpoint {
  /// Makes another answer of one.
  typealias Rewrite = @Sendable (SimulatedRequest, inout SimulatedResponse) -> Void

  private let inner: any SimulatedEndpoint
  private let rewrite = Mutex<Rewrite?>(nil)

  init(_ inner: any SimulatedEndpoint) { self.inner = inner }

  /// From now on answers are altered.
  func alter(_ rewrite: @escaping Rewrite) { self.rewrite.withLock { $0 = rewrite } }

  func exchange(_ request: SimulatedRequest, now: Double) -> FaultedExchange {
    var exchange = inner.exchange(request, now: now)
    guard case .answered(var response, let delivery) = exchange.outcome,
      let rewrite = rewrite.withLock({ $0 })
    else { return exchange }
    rewrite(request, &response)
    exchange.outcome = .answered(response, delivery)
    return exchange
  }
}

extension CommandBench {
  /// A bench with a server whose answers can be altered.
  static func rewriting() throws -> (bench: CommandBench, endpoint: RewritingEndpoint) {
    let held = Mutex<RewritingEndpoint?>(nil)
    let bench = try CommandBench { inner in
      let endpoint = RewritingEndpoint(inner)
      held.withLock { $0 = endpoint }
      return endpoint
    }
    guard let endpoint = held.withLock({ $0 }) else { throw Missing() }
    return (bench, endpoint)
  }

  private struct Missing: Error {}
}

extension SimulatedResponse {
  /// The same answer with another body.
  mutating func say(_ status: Int, _ text: String) {
    self.status = status
    contentType = "application/json"
    body = Array(text.utf8)
  }
}
