import Execution
import ResourceModel

/// What the end of a run means to a pipeline.
enum RunStatus {
  /// Every status that holds; the first by precedence is the exit status.
  static func statuses(_ end: RunEnd) -> Set<ExitStatus> {
    var statuses = Set(end.causes.compactMap { status($0.kind) })
    switch end.state {
    case .applied: statuses.insert(.success)
    case .rolledBack: statuses.insert(.rolledBack)
    case .interrupted: statuses.insert(.interrupted)
    case .halted: statuses.insert(.halted)
    case .refused: statuses.insert(.failed)
    }
    // That the plan is stale means that nothing was sent: later it is a reason, and not the end.
    if end.state == .rolledBack || end.state == .halted { statuses.remove(.stale) }
    return statuses
  }

  private static func status(_ kind: RunEnd.Cause.Kind) -> ExitStatus? {
    switch kind {
    case .unreachable: .unreachable
    case .noPermission: .noPermission
    case .stale, .cluster: .stale
    case .notInEffect: .notInEffect
    case .lockHeld, .lockOpen, .fenced: .lockHeld
    case .takenBack: .refused
    case .journal: .halted
    case .asked: .interrupted
    case .rejected, .undecided, .gate, .residual, .irreversible: nil
    }
  }

  /// What a failed request means.
  static func status(_ category: ProviderError.Category) -> ExitStatus {
    switch category {
    case .unreachable: .unreachable
    case .noPermission: .noPermission
    case .other: .failed
    }
  }
}
