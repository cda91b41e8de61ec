package import Planning

/// Which way a run works.
package enum Direction: String, Sendable, Hashable {
  /// Towards the plan's target.
  case forward
  /// Back to the state before the run.
  case back
}

/// How a run ended: exactly one state, and everything that led to it.
package struct RunEnd: Sendable, Hashable {
  /// Where the clusters stand.
  package enum State: String, Sendable, Hashable, CaseIterable {
    /// Everything is done and was read back.
    case applied
    /// Something failed, and everything is as it was before the run.
    case rolledBack = "rolled-back"
    /// It stopped in the middle and can go on: `resume`, or `rollback`.
    case interrupted
    /// A person is needed.
    case halted
    /// It never began: no step was sent.
    case refused
  }

  package var state: State
  /// Why it is not `applied`; empty when it is.
  package var causes: [Cause]

  /// Everything is done.
  package static let applied = RunEnd(.applied)

  package init(_ state: State, _ causes: [Cause] = []) {
    self.state = state
    self.causes = causes
  }

  /// The first cause of a kind.
  package func cause(_ kind: Cause.Kind) -> Cause? { causes.first { $0.kind == kind } }

  /// One thing that went other than planned.
  package struct Cause: Sendable, Hashable {
    /// What kind of thing it was; it decides the exit status.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
      /// The server refused a step.
      case rejected
      /// The cluster cannot be reached.
      case unreachable
      /// The credential does not suffice.
      case noPermission = "no-permission"
      /// The server is not as the plan saw it.
      case stale
      /// The server accepted a step that is not in effect.
      case notInEffect = "not-in-effect"
      /// It cannot be told whether a step happened, or still will.
      case undecided
      /// Another run holds the lock.
      case lockHeld = "lock-held"
      /// Another run is not over.
      case lockOpen = "lock-open"
      /// The same plan was taken back before, and nobody said that it is meant again.
      case takenBack = "taken-back"
      /// Somebody took the lock over while this run held it.
      case fenced
      /// It is another cluster, another version, or one that is not well.
      case cluster
      /// Somebody asked to stop.
      case asked
      /// What had to hold before the next step did not come about in time.
      case gate
      /// An inverse was not sent, because the value is no longer what the run wrote.
      case residual
      /// A step that was done cannot be undone.
      case irreversible
      /// The journal could not be written.
      case journal
    }

    package var kind: Kind
    package var cluster: String?
    package var step: StepID?
    package var direction: Direction
    /// For a person; without secrets, not yet escaped.
    package var message: String
    package var facts: [BrokenFact]

    package init(
      _ kind: Kind, cluster: String? = nil, step: StepID? = nil, direction: Direction = .forward,
      _ message: String, facts: [BrokenFact] = []
    ) {
      self.kind = kind
      self.cluster = cluster
      self.step = step
      self.direction = direction
      self.message = message
      self.facts = facts
    }
  }
}
