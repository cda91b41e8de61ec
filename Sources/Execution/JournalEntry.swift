package import Planning
package import ResourceModel

/// One thing that an apply records: what it is about to do, and what came of it.
package enum JournalEntry: Sendable, Hashable {
  /// The run starts; nothing has been sent.
  case begun(run: String, steps: Int)
  /// The step's request leaves next.
  case intent(StepID, Operation, inverse: Operation?)
  /// The step's effect was there already; nothing was sent.
  case skipped(StepID)
  /// The step's request was answered and its effect read back.
  case done(StepID)
  /// The step did not happen.
  case rejected(StepID, ProviderError)
  /// What became of the step is not known.
  case undecided(StepID, ProviderError)
  /// The server said yes, and these facts do not hold.
  case notInEffect(StepID, [BrokenFact])
  /// The facts that a step was planned against do not hold any more.
  case stale(StepID, [BrokenFact])
  /// The run is over.
  case finished(ApplyOutcome)
}

/// How a run ended.
package enum ApplyOutcome: Sendable, Hashable {
  /// Everything is done and was read back.
  case applied
  /// The server is not as the plan saw it.
  case stale(StepID, [BrokenFact])
  /// A step was refused or could not be sent.
  case failed(StepID, ProviderError)
  /// What became of a step is not known: a person has to look.
  case undecided(StepID, ProviderError)
  /// The server accepted a step that is not in effect.
  case notInEffect(StepID, [BrokenFact])
  /// It was asked to stop; what was begun is finished.
  case interrupted
}
