import Planning
import ResourceModel

extension ApplyMachine {
  /// How a run goes about it.
  package struct Settings: Sendable {
    /// What happens when a step fails.
    package enum OnFailure: String, Sendable, CaseIterable { case rollback, stop }
    /// What goes back then.
    package enum RollbackScope: String, Sendable, CaseIterable { case wave, all }

    package var onFailure = OnFailure.rollback
    package var rollbackScope = RollbackScope.wave
    /// Clusters at once.
    package var parallelism = 4
    /// Reads of one cluster at once, before the first write.
    package var reads = 8
    /// Whether a run that is continued is to be taken back.
    package var goesBack = false
    /// Whether a plan that was taken back is meant again.
    package var afterRollback = false
    /// How many points may go with what the run made when that is undone, by address without the
    /// cluster.
    package var acceptedLoss: [String: Int] = [:]
    package var patience = Patience()

    package init() {}
  }

  /// How patient the machine is.
  package struct Patience: Sendable {
    /// How often the effect is looked for after a success.
    package var verifyAttempts = 8
    /// How often a request that is known not to have happened is sent in all.
    package var sendAttempts = 3
    /// How long an unknown outcome is looked at. Late ones came 2.6 s after a quorum was back
    /// (measured); a server answers after 10 s at the latest by itself.
    package var settleWindow: Duration = .seconds(15)
    /// The first pause; it doubles up to `longestPause`.
    package var pause: Duration = .milliseconds(50)
    package var longestPause: Duration = .seconds(2)

    package init() {}
  }
}

/// One cluster's part of a run.
struct Lane: Sendable {
  /// What the lane is at.
  enum Stage: Sendable {
    case idle
    case locking(LockMachine)
    case identifying
    /// Reading what the facts of all steps need: asked for, and still to ask for.
    case preflighting(asked: Set<ObservationTarget>, rest: [ObservationTarget])
    case working(StepRun)
    case resting
    case readingLock
    case releasing([ControlOperation])
  }

  let cluster: ApplyMachine.ClusterWork
  let steps: [Step]
  /// The steps by what must be read for them.
  let stepsByTarget: [ObservationTarget: [Step]]
  private let places: [StepID: Int]
  /// The first step that may still have to be done.
  var cursor = 0
  var stage = Stage.idle
  /// The lock, once it is ours.
  var fence: StepRun.Fence?
  /// Whether a lock of an earlier process of this run was superseded, which is done once.
  var hasRetriedLock = false
  /// What stood in the lock before.
  var former: LockRecord?
  /// What is still to be looked at or undone in this phase, next last.
  var agenda: [StepID] = []

  /// Whether the lane waits for an answer.
  var isBusy: Bool {
    switch stage {
    case .idle, .resting: false
    case .locking, .identifying, .preflighting, .working, .readingLock, .releasing: true
    }
  }

  init(cluster: ApplyMachine.ClusterWork, steps: [Step]) {
    self.cluster = cluster
    self.steps = steps
    stepsByTarget = Dictionary(grouping: steps, by: \.observationTarget)
    places = Dictionary(
      uniqueKeysWithValues: steps.enumerated().map { ($0.element.id, $0.offset) })
  }

  func step(_ id: StepID) -> Step {
    guard let place = places[id] else { preconditionFailure("the step is none of this lane") }
    return steps[place]
  }
}

extension Lane {
  /// Which plan was taken back last: as the run said that held the lock and could not write it
  /// there any more, or as the lock says.
  var mark: LockRecord.RolledBack? { cluster.claim?.rolledBack ?? former?.rolledBack }
}
