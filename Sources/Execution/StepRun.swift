import Planning
import ResourceModel

/// What a step of the machine's work asks for next.
enum Move: Sendable {
  case act(ApplyMachine.Action)
  case end(StepResult)
}

/// How one operation in one direction ended.
enum StepResult: Sendable {
  case done
  case skipped
  /// What was unknown did not happen; nothing was sent again.
  case notApplied
  case rejected(ProviderError)
  case stale([BrokenFact])
  case notInEffect([BrokenFact])
  case undecided(ProviderError)
  /// The server could not be asked.
  case unreachable(ProviderError)
  /// A higher epoch than ours exists.
  case fenced
  case gateClosed(String)
}

/// One operation on its way: fence, check, intent, perform, settle, verify, gate.
///
/// A value inside the machine. Every question to the server leads to exactly one answer, so that
/// its stage says what the answer is about.
struct StepRun: Sendable {
  /// Where the work begins.
  enum Start: Sendable {
    /// Nothing was sent yet, or what was sent is known not to have happened.
    case fresh
    /// A request was announced and nothing is known of it: first find out. When it did not happen,
    /// it is sent again, or the run ends with that.
    case unsettled(sendsAgain: Bool)
    /// Only look whether the effect is there.
    case look
  }

  /// What the run knows that its steps need.
  struct Surroundings: Sendable {
    var schema: ResourceSchema
    var patience: ApplyMachine.Patience
    var isDistributed: Bool
    /// The lock that must still be ours before anything is sent; nil without locking.
    var fence: Fence?
    /// Makes the names of barriers.
    var run: String
    /// Ours, when it stands in an ownership mark.
    var hasBeenSent: Bool
    /// Values that may stand where ours should: what the server made of a step that is not in
    /// effect.
    var tolerated: [BrokenFact] = []
    /// Going back, what held before the step: where all of it holds there is nothing to undo, even
    /// when the inverse would put an explicit value where there was none.
    var prior: [Fact] = []
  }

  /// The epoch and the nonce that say that the lock is ours.
  struct Fence: Sendable, Hashable {
    var epoch: Int
    var nonce: String
  }

  enum Stage: Sendable {
    case fencing, checking, recordingIntent, performing
    case waitingToSend
    case recordingUnknown(ProviderError)
    /// Looking for the effect; behind a barrier "not there" is final.
    case settling(ProviderError, behindBarrier: Bool)
    case waitingToSettle(ProviderError)
    case recordingBarrier(ProviderError, ControlOperation)
    case barring(ProviderError)
    case recordingNotApplied(ProviderError)
    case examining(ProviderError)
    case waitingToExamine(ProviderError)
    case verifying, waitingToVerify
    case gating, waitingAtGate
    /// The last record; then the result.
    case closing(StepResult)
    case looking
  }

  let step: Step
  let direction: Direction
  var around: Surroundings
  var stage = Stage.fencing
  /// Attempts of the present stage.
  var attempts = 0
  /// How often the request was sent.
  var sends = 0
  /// Waited so far in the present stage.
  var waited = Duration.zero
  /// Barriers and entries so far, for their names.
  var serial: Int
  /// Whether what did not happen is sent again: going back it is not.
  var sendsAgain = true
  /// Whether the effect was there before anything was sent.
  var wasThere = false

  init(step: Step, direction: Direction, around: Surroundings, serial: Int) {
    self.step = step
    self.direction = direction
    self.around = around
    self.serial = serial
  }

  /// The first thing to do.
  mutating func begin(_ start: Start) -> Move {
    switch start {
    case .fresh: return fence()
    case .look:
      stage = .looking
      return observe()
    case .unsettled(let sendsAgain):
      self.sendsAgain = sendsAgain
      let error = ProviderError(.unknown, "the run ended before the answer came")
      return look(error, behindBarrier: false)
    }
  }

  var cluster: String { step.address.cluster }

  /// Before anything is sent the lock must still be ours.
  private mutating func fence() -> Move {
    attempts = 0
    waited = .zero
    guard around.fence != nil else { return check() }
    stage = .fencing
    return .act(.readLock(lane: cluster))
  }

  private mutating func check() -> Move {
    stage = .checking
    return observe()
  }

  func observe() -> Move {
    .act(.observe(step.observationTarget, lane: cluster))
  }

  func broken(_ facts: [Fact], _ observation: Observation) -> [BrokenFact] {
    facts.broken(observation, schema: around.schema)
  }

  func isInEffect(_ observation: Observation) -> Bool {
    if !step.after.isEmpty, broken(step.after, observation).isEmpty { return true }
    return !around.prior.isEmpty && broken(around.prior, observation).isEmpty
  }

  mutating func close(_ entry: JournalEntry, _ result: StepResult) -> Move {
    stage = .closing(result)
    return .act(.record(entry, lane: cluster))
  }

  private var intent: JournalEntry {
    .intent(step.id, direction, step.operation, inverse: step.inverse)
  }

  // MARK: Events

  mutating func lockRead(_ result: Result<LockState, ProviderError>) -> Move {
    switch result {
    case .success(let state):
      guard let fence = around.fence,
        LockFence.holds(fence.epoch, nonce: fence.nonce, in: state)
      else { return .end(.fenced) }
      return check()
    case .failure(let error): return .end(.unreachable(error))
    }
  }

  mutating func recorded() -> Move {
    switch stage {
    case .recordingIntent:
      stage = .performing
      sends += 1
      return .act(.perform(step.id, step.operation, lane: cluster))
    case .recordingUnknown(let error): return look(error, behindBarrier: false)
    case .recordingBarrier(let error, let barrier):
      stage = .barring(error)
      return .act(.control(barrier, lane: cluster))
    case .recordingNotApplied(let error):
      guard sendsAgain else { return .end(.notApplied) }
      guard sends < around.patience.sendAttempts else {
        return close(.rejected(step.id, direction, error), .rejected(error))
      }
      return fence()
    case .closing(let result): return .end(result)
    default: preconditionFailure("nothing was to be recorded")
    }
  }

  mutating func observed(_ result: Result<Observation, ProviderError>) -> Move {
    switch (stage, result) {
    case (.checking, .success(let observation)): return checked(observation)
    case (.checking, .failure(let error)), (.looking, .failure(let error)):
      return .end(.unreachable(error))
    case (.looking, .success(let observation)):
      let facts = broken(step.after, observation)
      return .end(facts.isEmpty ? .done : .notInEffect(facts))
    case (.examining(let error), .success(let observation)): return examined(observation, error)
    case (.examining(let error), .failure(let failure)): return waitToExamine(error, failure)
    case (.verifying, .success(let observation)): return verified(observation)
    case (.verifying, .failure(let error)): return waitToVerify(orEnd: error)
    case (.settling(let error, let behindBarrier), .success(let observation)):
      return settled(observation, error, behindBarrier)
    case (.settling(let error, _), .failure): return waitToSettle(error)
    case (.gating, .success(let observation)): return gated(observation)
    case (.gating, .failure): return waitAtGate("it could not be read")
    default: preconditionFailure("nothing was asked")
    }
  }

  private mutating func checked(_ observation: Observation) -> Move {
    if isInEffect(observation) {
      // Sent by this run earlier, it is this run's work, however late it came.
      wasThere = !around.hasBeenSent && sends == 0
      return gate()
    }
    let facts = violated(observation)
    guard facts.isEmpty else { return stale(facts, observation) }
    stage = .recordingIntent
    return .act(.record(intent, lane: cluster))
  }

  /// Ends with what was found; where the whole collection is gone, that is all there is to tell.
  mutating func stale(_ facts: [BrokenFact], _ observation: Observation) -> Move {
    var told = facts
    if step.address.kind != .alias, observation.collection == nil {
      let collection = ResourceAddress.collection(
        step.address.collection, cluster: step.address.cluster)
      told = [BrokenFact(fact: .present(collection), now: nil)]
    }
    return close(.stale(step.id, direction, told), .stale(told))
  }

  /// The facts that the step was planned against and that do not hold.
  func violated(_ observation: Observation) -> [BrokenFact] {
    broken(step.before, observation).filter { !isTolerated($0, observation) }
  }

  /// An inverse overwrites what this run wrote, and what is as it was before, and nothing else.
  private func isTolerated(_ broken: BrokenFact, _ observation: Observation) -> Bool {
    guard direction == .back else { return false }
    if case .pointsAtMost = broken.fact.expectation { return false }
    if around.tolerated.contains(broken) { return true }
    guard !broken.fact.path.segments.isEmpty else { return false }
    return step.after.contains { fact in
      fact.subject == broken.fact.subject && fact.path == broken.fact.path
        && fact.check(observation, schema: around.schema) == nil
    }
  }

  mutating func performed(_ result: Result<Receipt, ProviderError>) -> Move {
    attempts = 0
    waited = .zero
    switch result {
    case .success:
      stage = .verifying
      return observe()
    case .failure(let error):
      switch error.outcome {
      case .unavailable where sends < around.patience.sendAttempts:
        stage = .waitingToSend
        return sleep(error.retryAfter ?? pause(sends))
      case .unavailable: return close(.rejected(step.id, direction, error), .unreachable(error))
      case .rejected:
        stage = .examining(error)
        return observe()
      case .unknown:
        stage = .recordingUnknown(error)
        return .act(.record(.unknown(step.id, direction, error), lane: cluster))
      }
    }
  }

  /// A refusal after which the effect is there: the request came twice, and the first was ours; or
  /// somebody else was as quick.
  private mutating func examined(_ observation: Observation, _ error: ProviderError) -> Move {
    guard isInEffect(observation) else {
      return close(.rejected(step.id, direction, error), .rejected(error))
    }
    let isForeign =
      step.operation.action == .create && step.operation.mark != nil
      && observation.collection?.mark?.run != around.run
    return isForeign
      ? close(.rejected(step.id, direction, error), .rejected(error)) : gate()
  }

  mutating func woke() -> Move {
    switch stage {
    case .waitingToSend: return fence()
    case .waitingToSettle(let error): return look(error, behindBarrier: false)
    case .waitingToExamine(let error):
      stage = .examining(error)
      return observe()
    case .waitingToVerify:
      stage = .verifying
      return observe()
    case .waitingAtGate:
      stage = .gating
      return observe()
    default: preconditionFailure("nobody slept")
    }
  }

  mutating func sleep(_ duration: Duration) -> Move {
    waited += duration
    return .act(.sleep(duration, lane: cluster))
  }

  func pause(_ attempt: Int) -> Duration {
    let patience = around.patience
    return min(patience.pause * (1 << min(attempt - 1, 12)), patience.longestPause)
  }
}
