package import Planning
package import ResourceModel

/// What a run is about, written before anything else.
package struct RunHeader: Sendable, Hashable {
  package var run: String
  package var workspace: String
  /// The id of its plan, which lies beside the journal.
  package var plan: String
  package var steps: Int
  /// The run, with its plan, that this one takes back.
  package var rollsBack: LockRecord.RolledBack?

  package init(
    run: String, workspace: String, plan: String, steps: Int,
    rollsBack: LockRecord.RolledBack? = nil
  ) {
    self.run = run
    self.workspace = workspace
    self.plan = plan
    self.steps = steps
    self.rollsBack = rollsBack
  }
}

/// One thing that a run records: what it is about to do, and what came of it.
package enum JournalEntry: Sendable, Hashable {
  /// The run starts; nothing has been sent.
  case begun(RunHeader)
  /// A later process goes on with the run, in that direction.
  case resumed(Direction)
  /// A lock or barrier operation leaves next.
  case control(cluster: String, ControlOperation)
  /// The lock of the cluster is held.
  case locked(cluster: String, epoch: Int)
  /// The step's request leaves next; the inverse is what would undo it.
  case intent(StepID, Direction, Operation, inverse: Operation?)
  /// The request may have happened, or may still happen.
  case unknown(StepID, Direction, ProviderError)
  /// What was unknown, or never left, did not happen.
  case notApplied(StepID, Direction)
  /// The step's effect was there already; nothing was sent.
  case skipped(StepID, Direction)
  /// The step's effect was read back.
  case done(StepID, Direction)
  /// The step did not happen.
  case rejected(StepID, Direction, ProviderError)
  /// The server said yes, and these facts do not hold.
  case notInEffect(StepID, Direction, [BrokenFact])
  /// The step's effect was read back, and what was to be waited for did not come about.
  case gateClosed(StepID, Direction, String)
  /// The facts that a step was planned against do not hold any more.
  case stale(StepID, Direction, [BrokenFact])
  /// The journal of the run is lost, and its plan was given again: any step may have been done.
  case adopted
  /// A person has left the run as it is.
  case abandoned
  /// From here on the run goes back.
  case turned
  /// The run is over.
  case finished(RunEnd)

  /// Whether it must be on the disk before anything else happens: everything that a request
  /// follows, and the ends.
  ///
  /// What came of a request may get lost: it is read back again.
  package var isDurable: Bool {
    switch self {
    case .begun, .resumed, .control, .intent, .adopted, .abandoned, .turned, .finished: true
    case .locked, .unknown, .notApplied, .skipped, .done, .rejected, .notInEffect, .gateClosed,
      .stale:
      false
    }
  }
}
