package import Planning
package import ResourceModel

/// Decides what an apply does next: a value that takes events and gives actions, without clock or
/// I/O.
///
/// First it checks every fact of the whole plan, before anything is written. Then, step by step:
/// read again, compare with what was planned against, record the intent, perform, read back,
/// compare with what was to come about. A step whose effect is there already is skipped; nothing is
/// ever added or widened. At the first failure it stops and says what was done and what was not.
package struct ApplyMachine: Sendable {
  /// What the driver is to do; it answers each with one event.
  package enum Action: Sendable, Hashable {
    case record(JournalEntry)
    case perform(StepID, Operation)
    /// Read the resource of a step, with an exact count when its facts ask for one.
    case observe(StepID, ResourceAddress, countingPoints: Bool)
    case sleep(Duration, StepID)
    case finish(ApplyOutcome)
  }

  /// What happened.
  package enum Event: Sendable {
    case recorded(JournalEntry)
    case performed(StepID, Result<Receipt, ProviderError>)
    case observed(StepID, Result<Observation, ProviderError>)
    case woke(StepID)
    /// A person or a scheduler asks to stop.
    case interrupted
  }

  /// How patient the machine is.
  package struct Patience: Sendable {
    /// How often the effect is looked for after a success.
    package var verifyAttempts = 8
    /// How often a step that never left is tried in all.
    package var sendAttempts = 3
    /// How often an unknown outcome is looked at.
    package var settleAttempts = 8
    /// The first pause; it doubles up to `longestPause`.
    package var pause: Duration = .milliseconds(50)
    package var longestPause: Duration = .seconds(2)

    package init() {}
  }

  /// How far a step has come.
  package enum Progress: String, Sendable, Hashable {
    case waiting, running, done, skipped, failed, undecided, notInEffect
  }

  private enum Stage {
    case preflight
    case checking
    case recordingIntent
    case performing
    case verifying
    case settling(ProviderError)
    case over
  }

  private let run: String
  private let steps: [Step]
  private let schema: ResourceSchema
  private let patience: Patience
  private var stage = Stage.preflight
  private var index = 0
  private var attempts = 0
  private var sends = 0
  private var isInterrupted = false
  /// How far each step has come.
  package private(set) var progress: [Progress]

  /// A machine for steps in their order, whose needs stand before them.
  package init(
    run: String, steps: [Step], schema: ResourceSchema, patience: Patience = Patience()
  ) {
    self.run = run
    self.steps = steps
    self.schema = schema
    self.patience = patience
    progress = steps.map { _ in .waiting }
  }

  /// The first actions.
  package mutating func start() -> [Action] {
    [.record(.begun(run: run, steps: steps.count))]
  }

  /// What follows from an event.
  package mutating func receive(_ event: Event) -> [Action] {
    switch event {
    case .interrupted:
      isInterrupted = true
      return []
    case .recorded(let entry): return recorded(entry)
    case .observed(_, let result): return observed(result)
    case .performed(_, let result): return performed(result)
    case .woke: return wake()
    }
  }

  private var step: Step { steps[index] }

  private func observeAction() -> Action {
    let counts = step.before.contains { fact in
      if case .pointsAtMost = fact.expectation { return true }
      return false
    }
    return .observe(step.id, step.address, countingPoints: counts)
  }

  private mutating func recorded(_ entry: JournalEntry) -> [Action] {
    switch entry {
    case .begun:
      return steps.isEmpty ? end(.applied) : [observeAction()]
    case .intent:
      stage = .performing
      sends += 1
      return [.perform(step.id, step.operation)]
    case .done, .skipped:
      index += 1
      return next()
    case .rejected(_, let error): return end(.failed(step.id, error))
    case .undecided(_, let error): return end(.undecided(step.id, error))
    case .notInEffect(_, let facts): return end(.notInEffect(step.id, facts))
    case .stale(_, let facts): return end(.stale(step.id, facts))
    case .finished(let outcome): return [.finish(outcome)]
    }
  }

  private mutating func end(_ outcome: ApplyOutcome) -> [Action] {
    stage = .over
    return [.record(.finished(outcome))]
  }

  private mutating func next() -> [Action] {
    guard index < steps.count else { return end(.applied) }
    guard !isInterrupted else { return end(.interrupted) }
    stage = .checking
    attempts = 0
    sends = 0
    progress[index] = .running
    return [observeAction()]
  }

  private mutating func observed(_ result: Result<Observation, ProviderError>) -> [Action] {
    switch (stage, result) {
    case (.preflight, .success(let observation)): return preflight(observation)
    case (.checking, .success(let observation)): return check(observation)
    case (.verifying, .success(let observation)): return verify(observation)
    case (.settling(let error), .success(let observation)): return settle(observation, error)
    case (.verifying, .failure(let error)): return lookAgain(orElse: error)
    case (.settling(let error), .failure): return lookAgain(orElse: error)
    case (.preflight, .failure(let error)), (.checking, .failure(let error)):
      progress[index] = .failed
      return [.record(.rejected(step.id, error))]
    case (.recordingIntent, _), (.performing, _), (.over, _): return []
    }
  }

  private func broken(_ facts: [Fact], _ observation: Observation) -> [BrokenFact] {
    facts.compactMap { $0.check(observation, schema: schema) }
  }

  /// Facts of the whole plan, before the first write.
  private mutating func preflight(_ observation: Observation) -> [Action] {
    let facts = broken(step.before, observation)
    if !facts.isEmpty, !isInEffect(observation) {
      progress[index] = .failed
      return [.record(.stale(step.id, facts))]
    }
    index += 1
    if index < steps.count { return [observeAction()] }
    index = 0
    return next()
  }

  private func isInEffect(_ observation: Observation) -> Bool {
    !step.after.isEmpty && broken(step.after, observation).isEmpty
  }

  private mutating func check(_ observation: Observation) -> [Action] {
    if isInEffect(observation) {
      progress[index] = .skipped
      return [.record(.skipped(step.id))]
    }
    let facts = broken(step.before, observation)
    guard facts.isEmpty else {
      progress[index] = .failed
      return [.record(.stale(step.id, facts))]
    }
    stage = .recordingIntent
    return [.record(.intent(step.id, step.operation, inverse: step.inverse))]
  }

  private mutating func performed(_ result: Result<Receipt, ProviderError>) -> [Action] {
    attempts = 0
    switch result {
    case .success:
      stage = .verifying
      return [observeAction()]
    case .failure(let error):
      switch error.outcome {
      case .unavailable where sends < patience.sendAttempts:
        stage = .recordingIntent
        return [.sleep(pause(sends), step.id)]
      case .rejected, .unavailable:
        progress[index] = .failed
        return [.record(.rejected(step.id, error))]
      case .unknown:
        stage = .settling(error)
        return [observeAction()]
      }
    }
  }

  private mutating func verify(_ observation: Observation) -> [Action] {
    let facts = broken(step.after, observation)
    guard !facts.isEmpty else {
      progress[index] = .done
      return [.record(.done(step.id))]
    }
    attempts += 1
    guard attempts < patience.verifyAttempts else {
      progress[index] = .notInEffect
      return [.record(.notInEffect(step.id, facts))]
    }
    return [.sleep(pause(attempts), step.id)]
  }

  /// An unknown outcome: the effect decides, when it shows; a mutation is never sent again
  /// meanwhile.
  private mutating func settle(_ observation: Observation, _ error: ProviderError) -> [Action] {
    if broken(step.after, observation).isEmpty {
      progress[index] = .done
      return [.record(.done(step.id))]
    }
    return lookAgain(orElse: error)
  }

  private mutating func lookAgain(orElse error: ProviderError) -> [Action] {
    attempts += 1
    let limit = {
      if case .verifying = stage { patience.verifyAttempts } else { patience.settleAttempts }
    }()
    guard attempts < limit else {
      progress[index] = .undecided
      return [.record(.undecided(step.id, error))]
    }
    return [.sleep(pause(attempts), step.id)]
  }

  private mutating func wake() -> [Action] {
    if case .recordingIntent = stage {
      return [.record(.intent(step.id, step.operation, inverse: step.inverse))]
    }
    return [observeAction()]
  }

  private func pause(_ attempt: Int) -> Duration {
    min(patience.pause * (1 << min(attempt - 1, 12)), patience.longestPause)
  }
}
