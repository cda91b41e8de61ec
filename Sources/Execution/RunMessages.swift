import Planning
import ResourceModel

/// The sentences of a run, in one place.
enum RunMessages {
  static let stale = "the server is not as the plan saw it"
  static let asked = "it was asked to stop"
  static let fenced = "another run took the lock over; nothing more was sent"
  static let notInEffect = "the server accepted it, and it is not in effect"
  static let residual = "the value is no longer what the run wrote, so it was left as it is"
  static let gone = "somebody else removed what it is part of, so there is nothing to undo it in"
  static let irreversible = "it is done and cannot be undone"
  static let goesWithNothing = "it was to go with its collection, which somebody else made"
  static let leftStanding = "what was left standing needs it"

  /// Why an inverse was not sent.
  static func residual(_ facts: [BrokenFact]) -> String {
    let isGone = facts.contains { broken in
      broken.fact == .present(broken.fact.subject) && broken.fact.subject.kind == .collection
    }
    return isGone ? gone : residual
  }

  /// Who holds the lock; the record is text from a server.
  static func held(_ epoch: Int, _ record: LockRecord?) -> String {
    guard let record else {
      return "the lock is held (epoch \(epoch)), and nothing readable says by whom"
    }
    return "the lock is held by run \(record.run) since \(record.since) (\(record.holder)), "
      + "epoch \(epoch)"
  }

  static func open(_ epoch: Int, _ record: LockRecord) -> String {
    "run \(record.run), begun \(record.since), is not over (\(record.holder)), epoch \(epoch)"
  }

  static func takenBack(_ mark: LockRecord.RolledBack) -> String {
    "this plan was taken back (run \(mark.run)), so it is applied again with --after-rollback only"
  }

  static func gate(_ reason: String) -> String {
    "what has to hold before the next step did not come about: \(reason)"
  }

  /// Where a failed request leaves a run.
  static func kind(of error: ProviderError) -> RunEnd.Cause.Kind {
    switch error.category {
    case .unreachable: .unreachable
    case .noPermission: .noPermission
    case .other: error.outcome == .unknown ? .undecided : .rejected
    }
  }

  /// A step that is known not to have happened failed, also where no answer said so.
  static func kind(ofFailed error: ProviderError) -> RunEnd.Cause.Kind {
    error.category == .other ? .rejected : kind(of: error)
  }

  /// Why a step failed; where the answers left it open, how that is known.
  static func failed(_ error: ProviderError) -> String {
    error.outcome == .unknown
      ? error.message + "; it was found by reading that it did not happen, each time it was sent"
      : error.message
  }

  /// Another cluster, another version, or one whose consensus does not work.
  ///
  /// A run that is continued takes another version: its steps check their facts anyway, and nobody
  /// can go back to the old one for its sake.
  static func difference(
    _ planned: ClusterIdentity, _ now: ClusterIdentity, isResumed: Bool
  ) -> String? {
    if now.version != planned.version, !isResumed {
      return "the plan saw version \(planned.version), and the server is \(now.version); plan again"
    }
    let isSame =
      isResumed
      ? planned.peers.isEmpty || !Set(planned.peers).isDisjoint(with: now.peers)
      : planned.peers == now.peers
    guard now.isDistributed == planned.isDistributed, isSame else {
      return "the plan saw another cluster (other peers); plan again"
    }
    if now.isDistributed, now.consensus != "working" {
      return "its consensus is not working (\(now.consensus)); nothing was sent"
    }
    return nil
  }
}
