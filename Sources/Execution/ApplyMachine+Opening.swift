import Planning
import ResourceModel

/// Before the first step: the lock, who the cluster is, and every fact of the plan.
extension ApplyMachine {
  mutating func open() -> [Action] {
    phase = .opening
    guard !order.isEmpty else { return nextPhase() }
    return startLanes(order)
  }

  private mutating func lock(_ name: String) -> [Action] {
    guard let cluster = lanes[name]?.cluster else { preconditionFailure("no such lane") }
    guard let claim = cluster.claim else { return afterLock(name) }
    var machine = LockMachine(claim: claim, takeover: cluster.takeover)
    let actions = machine.start()
    return followLock(name, machine, actions)
  }

  private mutating func followLock(
    _ name: String, _ machine: LockMachine, _ actions: [LockMachine.Action]
  ) -> [Action] {
    lanes[name]?.stage = .locking(machine)
    return actions.flatMap { action -> [Action] in
      switch action {
      case .read: [.readLock(lane: name)]
      case .record(let operation): [.record(.control(cluster: name, operation), lane: name)]
      case .perform(let operation): [.control(operation, lane: name)]
      case .sleep(let duration): [.sleep(duration, lane: name)]
      case .finished(let outcome): locked(name, outcome)
      }
    }
  }

  mutating func lockEvent(_ name: String, _ event: LockMachine.Event) -> [Action] {
    guard case .locking(var machine)? = lanes[name]?.stage else {
      preconditionFailure("the lane is not at its lock")
    }
    let actions = machine.receive(event)
    return followLock(name, machine, actions)
  }

  private mutating func locked(_ name: String, _ outcome: LockOutcome) -> [Action] {
    switch outcome {
    case .acquired(let epoch, let former):
      let nonce = lanes[name]?.cluster.claim?.nonce ?? ""
      lanes[name]?.fence = StepRun.Fence(epoch: epoch, nonce: nonce)
      lanes[name]?.former = former
      return [.record(.locked(cluster: name, epoch: epoch), lane: name)]
    case .held(let epoch, let record) where isOwnLate(record, name):
      // An earlier process of this run is gone, and its lock came late.
      guard let claim = lanes[name]?.cluster.claim else { return [] }
      lanes[name]?.hasRetriedLock = true
      var machine = LockMachine(claim: claim, takeover: epoch)
      let actions = machine.start()
      return followLock(name, machine, actions)
    case .held(let epoch, let record):
      return fail(name, .lockHeld, RunMessages.held(epoch, record))
    case .open(let epoch, let record):
      return fail(name, .lockOpen, RunMessages.open(epoch, record))
    case .failed(let error): return fail(name, RunMessages.kind(of: error), error.message)
    case .undecided(let error): return fail(name, .undecided, error.message)
    }
  }

  private func isOwnLate(_ record: LockRecord?, _ name: String) -> Bool {
    isResumed && record?.run == work.header.run && lanes[name]?.hasRetriedLock == false
  }

  /// Ends the opening of a lane with a cause.
  private mutating func fail(
    _ name: String, _ kind: RunEnd.Cause.Kind, _ message: String, step: StepID? = nil,
    facts: [BrokenFact] = []
  ) -> [Action] {
    causes.append(RunEnd.Cause(kind, cluster: name, step: step, message, facts: facts))
    return rest(name, .resting)
  }

  /// After the lock is ours and that is recorded.
  mutating func afterLock(_ name: String) -> [Action] {
    if let mark = lanes[name]?.mark, mark.plan == work.header.plan, !settings.afterRollback,
      !isResumed
    {
      return fail(name, .takenBack, RunMessages.takenBack(mark))
    }
    return isResumed ? rest(name, .resting) : preflight(name)
  }

  /// Who the cluster is comes first: nothing, not even a lock, is put on another one.
  mutating func identify(_ name: String) -> [Action] {
    lanes[name]?.stage = .identifying
    return [.identify(lane: name)]
  }

  mutating func identified(
    _ name: String, _ result: Result<ClusterIdentity, ProviderError>
  ) -> [Action] {
    guard let planned = lanes[name]?.cluster.identity else { preconditionFailure("no such lane") }
    switch result {
    case .failure(let error): return fail(name, RunMessages.kind(of: error), error.message)
    case .success(let now):
      if let problem = RunMessages.difference(planned, now, isResumed: isResumed) {
        return fail(name, .cluster, problem)
      }
      return lock(name)
    }
  }

  /// Facts of the whole plan, before the first write; what several steps need is read once.
  private mutating func preflight(_ name: String) -> [Action] {
    var seen: Set<ObservationTarget> = []
    var targets: [ObservationTarget] = []
    for step in lanes[name]?.steps ?? [] where seen.insert(step.observationTarget).inserted {
      targets.append(step.observationTarget)
    }
    guard !targets.isEmpty else { return rest(name, .resting) }
    let first = targets.prefix(settings.reads)
    lanes[name]?.stage = .preflighting(
      asked: Set(first), rest: Array(targets.dropFirst(settings.reads)))
    return first.map { .observe($0, lane: name) }
  }

  mutating func preflighted(
    _ target: ObservationTarget, _ result: Result<Observation, ProviderError>
  ) -> [Action] {
    let name = target.cluster
    guard case .preflighting(var asked, var rest)? = lanes[name]?.stage else {
      preconditionFailure("the lane reads nothing ahead")
    }
    asked.remove(target)
    switch result {
    case .failure(let error):
      causes.append(
        RunEnd.Cause(RunMessages.kind(of: error), cluster: name, error.message))
      rest = []
    case .success(let observation): checkFacts(target, observation)
    }
    var actions: [Action] = []
    if !rest.isEmpty {
      let next = rest.removeFirst()
      asked.insert(next)
      actions.append(.observe(next, lane: name))
    }
    guard !asked.isEmpty else { return self.rest(name, .resting) }
    lanes[name]?.stage = .preflighting(asked: asked, rest: rest)
    return actions
  }

  private mutating func checkFacts(_ target: ObservationTarget, _ observation: Observation) {
    for step in lanes[target.cluster]?.stepsByTarget[target] ?? [] {
      let facts = step.before.broken(observation, schema: work.schema)
      let isInEffect =
        !step.after.isEmpty
        && step.after.allSatisfy { $0.check(observation, schema: work.schema) == nil }
      guard !facts.isEmpty, !isInEffect else { continue }
      causes.append(
        RunEnd.Cause(
          .stale, cluster: target.cluster, step: step.id, RunMessages.stale, facts: facts))
    }
  }
}
