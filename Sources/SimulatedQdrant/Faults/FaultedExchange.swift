/// What became of one request, for whoever carries it: in process or over a socket.
package struct FaultedExchange: Sendable, Equatable {
  /// What the client gets.
  package enum Outcome: Sendable, Equatable {
    case answered(SimulatedResponse, Delivery)
    /// No connection came about.
    case refused
    /// A reset before anything was read.
    case closedUnread
    /// A reset after so many bytes of the body.
    case closedWhileReading(after: Int)
    /// The connection was closed after the whole request.
    case closed
    /// The connection stays open and nothing comes.
    case silence
    /// These bytes, which are no HTTP, then the end.
    case notHTTP([UInt8])
  }

  /// How the answer travels.
  package enum Delivery: Sendable, Equatable {
    case whole
    /// The body breaks off there, though its length was announced.
    case truncated(after: Int)
    case slow(bytesPerSecond: Double)
  }

  package var outcome: Outcome
  /// Seconds before the outcome.
  package var delay: Double
  package var fault: Fault?

  package init(outcome: Outcome, delay: Double = 0, fault: Fault? = nil) {
    self.outcome = outcome
    self.delay = delay
    self.fault = fault
  }
}

/// Where requests are answered and faults happen: a simulated server by itself or in a folder.
package protocol SimulatedEndpoint: Sendable {
  /// Answers a request, or says what else became of it.
  func exchange(_ request: SimulatedRequest, now: Double) -> FaultedExchange
}

/// A server that a fault script can work on.
package protocol FaultTarget {
  mutating func handle(
    _ request: SimulatedRequest, now: Double, partialLimit: Int?
  ) -> SimulatedResponse
  /// The same for a server that may answer late or not at all.
  mutating func exchange(
    _ request: SimulatedRequest, now: Double, partialLimit: Int?
  ) -> FaultedExchange
  /// Starts again on the storage, or without it.
  mutating func restart(keepingStorage: Bool)
  /// Goes on as another release; false when that is not possible.
  mutating func change(to version: ServerLine) -> Bool
}

extension FaultTarget {
  package mutating func exchange(
    _ request: SimulatedRequest, now: Double, partialLimit: Int?
  ) -> FaultedExchange {
    let response = handle(request, now: now, partialLimit: partialLimit)
    return FaultedExchange(
      outcome: response.status == 0 ? .closed : .answered(response, .whole))
  }
}

extension SimulatedServer: FaultTarget {
  package mutating func restart(keepingStorage: Bool) {
    let fresh = SimulatedServer(settings: settings)
    guard keepingStorage else {
      self = fresh
      return
    }
    do { self = try SimulatedServer(settings: settings, state: exportState()) } catch {
      preconditionFailure("an exported state was refused at \(error.path)")
    }
  }

  package mutating func change(to version: ServerLine) -> Bool {
    var next = settings
    next.version = version
    guard let server = try? SimulatedServer(settings: next, state: exportState()) else {
      return false
    }
    self = server
    return true
  }
}

extension FaultScript {
  /// Lets a server answer a request, with what this script has for it.
  package mutating func exchange(
    _ request: SimulatedRequest, now: Double, with target: inout some FaultTarget
  ) -> FaultedExchange {
    if isEmpty { return target.exchange(request, now: now, partialLimit: nil) }
    for late in takeDue(now: now) {
      _ = target.handle(late.request, now: late.due, partialLimit: nil)
    }
    let decision = decide(request, now: now)
    var exchange = exchange(of: decision, request, now: now, with: &target)
    if case .answered(let response, _) = exchange.outcome { previous = response }
    exchange.delay += decision.delay
    exchange.fault = decision.fault
    return exchange
  }

  private mutating func exchange(
    of decision: FaultDecision, _ request: SimulatedRequest, now: Double,
    with target: inout some FaultTarget
  ) -> FaultedExchange {
    switch decision.change {
    case nil: break
    case .restart(let keeping): target.restart(keepingStorage: keeping)
    case .version(let line):
      guard target.change(to: line) else {
        return FaultedExchange(
          outcome: .answered(
            .error(503, "the fault script asks for an unknown release"), .whole))
      }
    }
    switch decision.reception {
    case .whole: break
    case .refused: return FaultedExchange(outcome: .refused)
    case .droppedUnread: return FaultedExchange(outcome: .closedUnread)
    case .droppedAfter(let bytes):
      return FaultedExchange(outcome: .closedWhileReading(after: bytes))
    }
    var genuine: FaultedExchange?
    switch decision.application {
    case .times(let times):
      for _ in 0..<max(0, times) {
        genuine = target.exchange(request, now: now, partialLimit: nil)
      }
    case .partial(let limit):
      genuine = target.exchange(request, now: now, partialLimit: limit)
    case .later(let seconds): postpone(request, until: now + seconds)
    }
    guard let genuine, case .answered(let response, _) = genuine.outcome else {
      return genuine ?? FaultedExchange(outcome: outcome(of: decision, answer: nil))
    }
    return FaultedExchange(
      outcome: outcome(of: decision, answer: response), delay: genuine.delay)
  }

  private func outcome(
    of decision: FaultDecision, answer genuine: SimulatedResponse?
  ) -> FaultedExchange.Outcome {
    let usual = genuine ?? .error(500, "Service internal error: fault")
    switch decision.answer {
    case .genuine: return .answered(usual, decision.delivery)
    case .fixed(let response): return .answered(response, decision.delivery)
    case .changed(let change): return .answered(change.applied(to: usual), decision.delivery)
    case .emptyInfo: return .answered(usual.withoutInfo(), decision.delivery)
    case .previous: return .answered(previous ?? usual, decision.delivery)
    case .notHTTP(let bytes): return .notHTTP(bytes)
    case .none: return .closed
    case .silence: return .silence
    }
  }
}
