import Planning
import ResourceModel

/// From one phase of a run to the next, and the end.
extension ApplyMachine {
  /// All lanes rest: what now?
  mutating func nextPhase() -> [Action] {
    switch phase {
    case .opening:
      guard causes.isEmpty, !isInterrupted else { return endOpening() }
      return history.direction == .back ? goBack() : startWave(after: nil)
    case .forward(let wave): return causes.isEmpty ? startWave(after: wave) : endForward()
    case .lookingAgain: return causes.isEmpty ? conclude(.applied) : endForward()
    case .back:
      guard !mustStop, !history.suspects.isEmpty else { return endBack() }
      return goBackAgain()
    case .weighing:
      let isFinal = causes.contains { $0.direction == .back || $0.kind == .fenced }
      return isFinal || mustStop ? endBack() : undoAll()
    case .backAgain: return endBack()
    case .releasing:
      phase = .over
      return history.end.map { [.finish($0)] } ?? []
    case .closing, .over: preconditionFailure("no lane works any more")
    }
  }

  /// Nothing was sent by a new run; a continued one is as open as it was.
  private mutating func endOpening() -> [Action] {
    if isInterrupted, causes.isEmpty {
      causes.append(RunEnd.Cause(.asked, RunMessages.asked))
    }
    return conclude(isResumed ? .interrupted : .refused)
  }

  private mutating func startWave(after wave: Int?) -> [Action] {
    let waves = Set(lanes.values.map(\.cluster.wave)).sorted()
    guard let next = waves.first(where: { wave == nil || $0 > (wave ?? 0) }) else {
      return startLookingAgain()
    }
    phase = .forward(wave: next)
    return startLanes(order.filter { lanes[$0]?.cluster.wave == next })
  }

  private mutating func startLookingAgain() -> [Action] {
    phase = .lookingAgain
    for name in order {
      let steps = lanes[name]?.steps.filter { history.forward[$0.id]?.isComplete ?? false } ?? []
      let words = lastWords(steps) { history.forward[$0] == .done }
      lanes[name]?.agenda = words
    }
    let names = order.filter { !(lanes[$0]?.agenda.isEmpty ?? true) }
    return names.isEmpty ? conclude(.applied) : startLanes(names)
  }

  /// What is to be looked at again for steps that were once unknown, of steps in the order in which
  /// they were done: where a later one made something else of the same, it has the last word.
  private func lastWords(_ steps: [Step], of isMeant: (StepID) -> Bool) -> [StepID] {
    var words: [StepID] = []
    for (index, step) in steps.enumerated()
    where history.suspects.contains(step.id) && isMeant(step.id) {
      let last = steps[(index + 1)...].last { $0.replaces(step) } ?? step
      if !words.contains(last.id) { words.append(last.id) }
    }
    return words
  }

  /// Whether the causes forbid to send anything more now.
  private var mustStop: Bool {
    causes.contains { cause in
      switch cause.kind {
      case .asked, .unreachable, .noPermission, .undecided, .fenced, .cluster, .journal: true
      default: false
      }
    }
  }

  /// Forward work came to an end before the target.
  private mutating func endForward() -> [Action] {
    if causes.contains(where: { $0.kind == .fenced }) { return conclude(.halted) }
    if mustStop { return conclude(.interrupted) }
    guard settings.onFailure == .rollback else { return conclude(.halted) }
    let final = work.steps.filter { $0.stepClass == .none && history.isTouched($0.id) }
    guard final.isEmpty else {
      for step in final {
        causes.append(
          RunEnd.Cause(
            .irreversible, cluster: step.address.cluster, step: step.id, RunMessages.irreversible))
      }
      return conclude(.halted)
    }
    phase = .closing
    return [.record(.turned, lane: nil)]
  }

  // MARK: Back

  /// Goes back, unless something was done that cannot be undone.
  ///
  /// Once anything was undone it was known that all of it can be.
  mutating func goBack() -> [Action] {
    guard history.back.isEmpty else { return undoAll() }
    phase = .weighing
    for name in order {
      let final = lanes[name]?.steps.filter { $0.stepClass == .none && mayHaveLeft($0) }
      lanes[name]?.agenda = final?.map(\.id) ?? []
    }
    let names = order.filter { !(lanes[$0]?.agenda.isEmpty ?? true) }
    return names.isEmpty ? undoAll() : startLanes(names)
  }

  /// Undoes what was done, last first: the clusters of the wave that failed, or all.
  private mutating func undoAll() -> [Action] {
    phase = .back
    var names = order.filter { name in lanes[name]?.steps.contains(where: mayHaveLeft) ?? false }
    if settings.rollbackScope == .wave, !settings.goesBack {
      let failed = failedWave
      names = names.filter { lanes[$0]?.cluster.wave == failed }
    }
    for name in names {
      let undone = lanes[name]?.steps.filter(mayHaveLeft).map(\.id)
        .filter { !(history.back[$0]?.isComplete ?? false) }
      lanes[name]?.agenda = undone ?? []
    }
    return names.isEmpty ? endBack() : startLanes(names)
  }

  /// The last wave that was begun, also when nothing of it came about.
  private var failedWave: Int? {
    let clusters = Set(causes.compactMap(\.cluster))
    return order.filter { name in
      clusters.contains(name)
        || lanes[name]?.steps.contains { history.forward[$0.id] != nil } ?? false
    }.compactMap { lanes[$0]?.cluster.wave }.max()
  }

  private func mayHaveLeft(_ step: Step) -> Bool {
    history.isTouched(step.id) || history.suspects.contains(step.id)
  }

  /// What was once unknown may have come late, after it was undone; what could not be undone was
  /// told and stays.
  private mutating func goBackAgain() -> [Action] {
    phase = .backAgain
    for name in order {
      let steps = lanes[name]?.steps.filter { history.back[$0.id]?.isComplete ?? false } ?? []
      let words = lastWords(steps.reversed().compactMap(Plan.inverse)) { _ in true }
      lanes[name]?.agenda = words.sorted()
    }
    let names = order.filter { !(lanes[$0]?.agenda.isEmpty ?? true) }
    return names.isEmpty ? endBack() : startLanes(names)
  }

  private mutating func endBack() -> [Action] {
    if causes.contains(where: { $0.kind == .fenced }) { return conclude(.halted) }
    if mustStop { return conclude(.interrupted) }
    return conclude(causes.contains { $0.direction == .back } ? .halted : .rolledBack)
  }

  // MARK: The end

  private mutating func conclude(_ state: RunEnd.State) -> [Action] {
    phase = .closing
    return [.record(.finished(RunEnd(state, causes)), lane: nil)]
  }

  /// The end is on the disk: now the locks may say so.
  mutating func release(_ end: RunEnd) -> [Action] {
    phase = .releasing
    let isFenced = Set(end.causes.filter { $0.kind == .fenced }.compactMap(\.cluster))
    let names = order.filter { lanes[$0]?.fence != nil && !isFenced.contains($0) }
    guard !names.isEmpty else { return nextPhase() }
    for name in names { lanes[name]?.stage = .readingLock }
    return names.map { .readLock(lane: $0) }
  }

  /// What the lock says after this end: free, or open with the run that must go on.
  func finalRecord(_ name: String, _ end: RunEnd) -> LockRecord? {
    guard var record = lanes[name]?.cluster.claim else { return nil }
    let former = lanes[name]?.mark
    switch end.state {
    case .interrupted, .halted:
      record.state = .open
      record.rolledBack = former
    case .refused:
      record.rolledBack = former
      record.state = .free
      if let open = lanes[name]?.former, open.state != .free, open.run == record.run {
        // A run that is not over stays open; another one's lock was taken because it is over.
        record.run = open.run
        record.plan = open.plan
        record.since = open.since
        record.state = .open
      }
    case .rolledBack:
      record.state = .free
      record.rolledBack = LockRecord.RolledBack(plan: work.header.plan, run: work.header.run)
    case .applied:
      record.state = .free
      record.rolledBack =
        work.header.rollsBack ?? (former?.plan == work.header.plan ? nil : former)
    }
    return record
  }

  mutating func releaseRead(
    _ name: String, _ result: Result<LockState, ProviderError>
  ) -> [Action] {
    guard let end = history.end, let fence = lanes[name]?.fence,
      let record = finalRecord(name, end), case .success(let state) = result
    else { return leaveLocked(name) }
    var operations = LockFence.release(fence.epoch, writing: record, in: state)
    guard let first = operations.first else { return leaveLocked(name) }
    if record.state != .free { operations = [first] }
    lanes[name]?.stage = .releasing(operations)
    return [.record(.control(cluster: name, first), lane: name)]
  }

  mutating func released(_ name: String, _ result: Result<Receipt, ProviderError>) -> [Action] {
    guard case .releasing(var operations)? = lanes[name]?.stage else {
      preconditionFailure("the lane releases nothing")
    }
    let first = operations.removeFirst()
    if case .failure = result, case .writeEpoch = first { return leaveLocked(name) }
    guard let next = operations.first else { return rest(name, .resting) }
    lanes[name]?.stage = .releasing(operations)
    return [.record(.control(cluster: name, next), lane: name)]
  }

  private mutating func leaveLocked(_ name: String) -> [Action] {
    leftLocked.append(name)
    return rest(name, .resting)
  }
}

extension Step {
  /// Whether this step brings about something else of what the other one brought about.
  fileprivate func replaces(_ other: Step) -> Bool {
    after.contains { fact in
      other.after.contains { $0.subject == fact.subject && $0.path == fact.path && $0 != fact }
    }
  }
}
