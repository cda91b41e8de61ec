import Execution
import InProcessTransport
import Planning
import ResourceModel
import SimulatedQdrant

/// What is met besides the first request.
enum Reach: Sendable, Hashable, CustomStringConvertible {
  case once
  /// Every repetition of the request.
  case operation
  /// Every request from then on, reads too.
  case everything
  /// So many of the reads from then on, nil for all, and not the request itself.
  case reads(Int?)

  /// What the matrix has.
  static let matrix: [Reach] = [.once, .operation, .everything]

  var description: String {
    switch self {
    case .once: "once"
    case .operation: "from then on"
    case .everything: "from then on, everything"
    case .reads(let times): "\(times.map(String.init) ?? "all") reads"
    }
  }
}

/// Where and how a fault comes about: with the request that follows the intent of a step.
struct Trigger: Sendable {
  var step: StepID
  var direction: Direction
  var ailment: Ailment
  var reach: Reach
  /// The request that is hit.
  var request: RequestPreview

  /// Whether that entry is the intent.
  func isDue(_ entry: JournalEntry) -> Bool {
    if case .intent(step, direction, _, _) = entry { true } else { false }
  }

  /// From the next request on.
  ///
  /// - Parameter rules: what else goes wrong.
  func arm(_ endpoint: InMemoryEndpoint, _ witness: Witness, _ rules: [FaultRule]) {
    switch ailment.origin {
    case .way(let failure): witness.fail(failure, times: reach == .once ? 1 : .max)
    case .server(let fault):
      let path = String(request.target.prefix { $0 != "?" })
      let matcher =
        switch reach {
        case .once: FaultMatcher()
        case .operation: FaultMatcher(methods: [request.method], path: path, times: nil)
        case .everything: FaultMatcher(times: nil)
        case .reads(let times): FaultMatcher(methods: ["GET"], times: times)
        }
      endpoint.setFaults(FaultScript([FaultRule(matcher, fault)] + rules))
    }
  }
}
