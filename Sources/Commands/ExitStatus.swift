/// What a command's end means to a pipeline; the same numbers for all commands.
package enum ExitStatus: Int32, Sendable, CaseIterable {
  case success = 0
  case failed = 1
  case changesPending = 2
  case drift = 3
  case unchecked = 4
  case refused = 5
  case stale = 6
  case lockHeld = 7
  case rolledBack = 8
  case halted = 9
  case interrupted = 10
  case notInEffect = 11
  case usage = 64
  case invalidManifests = 65
  case unreachable = 69
  case noPermission = 77

  /// What it means, for help.
  package var meaning: String {
    switch self {
    case .success: "in sync, applied, or plan made"
    case .failed: "failed"
    case .changesPending: "changes pending (with --detailed-exitcode)"
    case .drift: "drift"
    case .unchecked: "parts could not be checked"
    case .refused: "refused by safety or policy"
    case .stale: "the plan is stale"
    case .lockHeld: "the lock is held"
    case .rolledBack: "failed, rolled back cleanly"
    case .halted: "halted: a person is needed"
    case .interrupted: "interrupted"
    case .notInEffect: "accepted by the server but not in effect"
    case .usage: "usage"
    case .invalidManifests: "manifests are invalid"
    case .unreachable: "a cluster is unreachable"
    case .noPermission: "no permission"
    }
  }

  /// When several hold, the first of these is the status.
  private static let precedence: [ExitStatus] = [
    .usage, .invalidManifests, .noPermission, .unreachable, .lockHeld, .stale, .halted,
    .interrupted, .rolledBack, .notInEffect, .refused, .unchecked, .drift, .changesPending,
    .failed, .success,
  ]

  /// The status for everything that holds.
  package static func first(of statuses: Set<ExitStatus>) -> ExitStatus {
    precedence.first { statuses.contains($0) } ?? .success
  }
}
