import Planning
import ResourceModel

/// The steps of a lane: towards the target, looking again, and back.
extension ApplyMachine {
  // MARK: Forward

  mutating func advance(_ name: String) -> [Action] {
    guard var lane = lanes[name] else { preconditionFailure("no such lane") }
    while lane.cursor < lane.steps.count,
      history.forward[lane.steps[lane.cursor].id]?.isComplete ?? false
    {
      lane.cursor += 1
    }
    lanes[name]?.cursor = lane.cursor
    guard lane.cursor < lane.steps.count, causes.isEmpty else { return rest(name, .resting) }
    let step = lane.steps[lane.cursor]
    guard !isInterrupted else { return stop(step, .forward, .asked, RunMessages.asked) }
    let isUnsettled = history.forward[step.id]?.isUnsettled ?? false
    return run(step, .forward, isUnsettled ? .unsettled(sendsAgain: true) : .fresh)
  }

  /// Ends a lane's work at a step, and says which way it was.
  private mutating func stop(
    _ step: Step, _ direction: Direction, _ kind: RunEnd.Cause.Kind, _ message: String,
    facts: [BrokenFact] = []
  ) -> [Action] {
    let name = step.address.cluster
    causes.append(
      RunEnd.Cause(
        kind, cluster: name, step: step.id, direction: direction, message, facts: facts))
    return rest(name, .resting)
  }

  // MARK: Looking again

  /// Steps whose outcome was once unknown: a late application shows before the run ends.
  mutating func lookAgain(_ name: String) -> [Action] {
    guard let next = lanes[name]?.agenda.popLast(), let lane = lanes[name] else {
      return rest(name, .resting)
    }
    return run(lane.step(next), .forward, .look)
  }

  // MARK: Back

  /// The next step that cannot be undone: when it is done, nothing is undone, so that the run can
  /// still be brought to its target.
  mutating func weigh(_ name: String) -> [Action] {
    while let next = lanes[name]?.agenda.popLast(), let lane = lanes[name] {
      let step = lane.step(next)
      guard !isInterrupted else { return stop(step, .back, .asked, RunMessages.asked) }
      if history.forward[next]?.isUnsettled ?? false {
        return run(step, .forward, .unsettled(sendsAgain: false))
      }
      guard history.isTouched(next) else { return run(step, .forward, .look) }
      leave(step, .irreversible, RunMessages.irreversible)
    }
    return rest(name, .resting)
  }

  private mutating func weighed(_ step: Step, _ result: StepResult) -> [Action] {
    var isThere = history.isTouched(step.id)
    if case .done = result { isThere = true }
    if isThere { leave(step, .irreversible, RunMessages.irreversible) }
    return weigh(step.address.cluster)
  }

  /// The next step to undo; what is unsettled is settled first.
  mutating func undo(_ name: String) -> [Action] {
    while let next = lanes[name]?.agenda.popLast(), let lane = lanes[name] {
      let step = lane.step(next)
      guard !isInterrupted else { return stop(step, .back, .asked, RunMessages.asked) }
      if history.forward[next]?.isUnsettled ?? false {
        lanes[name]?.agenda.append(next)
        return run(step, .forward, .unsettled(sendsAgain: false))
      }
      guard !blocked.contains(next) else {
        leave(step, .residual, RunMessages.leftStanding)
        continue
      }
      guard var inverse = Plan.inverse(of: step) else {
        leaveOrGoWith(step)
        continue
      }
      if let limit = settings.acceptedLoss[step.address.local] { inverse.acceptLoss(of: limit) }
      let isUnsettled = history.back[next]?.isUnsettled ?? false
      return run(inverse, .back, isUnsettled ? .unsettled(sendsAgain: true) : .fresh)
    }
    return rest(name, .resting)
  }

  /// A step without an inverse goes with the collection, or the vector, that the run made, unless
  /// there is none.
  private mutating func leaveOrGoWith(_ step: Step) {
    guard history.isTouched(step.id) else { return }
    let creation = lanes[step.address.cluster]?.steps.first { other in
      let isMadeBefore =
        switch other.address.kind {
        case .collection: true
        case .vector, .sparseVector: step.needs.contains(other.id)
        default: false
        }
      return isMadeBefore && other.operation.action == .create
        && other.address.collection == step.address.collection
    }
    guard let creation, history.isTouched(creation.id) else {
      return leave(step, .residual, RunMessages.goesWithNothing)
    }
  }

  /// A step that stays: what it needs must stay, too.
  private mutating func leave(
    _ step: Step, _ kind: RunEnd.Cause.Kind, _ message: String, facts: [BrokenFact] = []
  ) {
    blocked.formUnion(step.needs)
    causes.append(
      RunEnd.Cause(
        kind, cluster: step.address.cluster, step: step.id, direction: .back, message,
        facts: facts))
  }

  // MARK: One step

  private mutating func run(
    _ step: Step, _ direction: Direction, _ start: StepRun.Start
  ) -> [Action] {
    let name = step.address.cluster
    guard let lane = lanes[name] else { preconditionFailure("no such lane") }
    var around = StepRun.Surroundings(
      schema: work.schema, patience: settings.patience,
      isDistributed: lane.cluster.identity.isDistributed, fence: lane.fence,
      run: work.header.run, hasBeenSent: history.state(step.id, direction) != nil)
    if direction == .back {
      around.prior = lane.step(step.id).before
      if case .notInEffect(let facts)? = history.forward[step.id] { around.tolerated = facts }
    }
    let stepRun = StepRun(
      step: step, direction: direction, around: around, serial: history.count)
    lanes[name]?.stage = .working(stepRun)
    return self.step(name) { $0.begin(start) }
  }

  /// Gives an event to the step that the lane is at.
  mutating func step(_ name: String, _ event: (inout StepRun) -> Move) -> [Action] {
    guard case .working(var stepRun)? = lanes[name]?.stage else {
      preconditionFailure("the lane is at no step")
    }
    let move = event(&stepRun)
    lanes[name]?.stage = .working(stepRun)
    switch move {
    case .act(let action): return [action]
    case .end(let result): return ended(stepRun.step, stepRun.direction, result)
    }
  }

  private mutating func ended(
    _ step: Step, _ direction: Direction, _ result: StepResult
  ) -> [Action] {
    let name = step.address.cluster
    switch (phase, result) {
    case (.forward, .done), (.forward, .skipped): return advance(name)
    case (.lookingAgain, .done): return lookAgain(name)
    case (.weighing, .done), (.weighing, .notInEffect), (.weighing, .notApplied),
      (.weighing, .stale):
      return weighed(step, result)
    // Settled on the way back: whether it can be undone is for its inverse to say.
    case (.back, .stale) where direction == .forward: return undo(name)
    case (.back, .done), (.back, .skipped), (.back, .notApplied), (.backAgain, .done),
      (.backAgain, .skipped), (.backAgain, .notApplied):
      return undo(name)
    case (_, .fenced): return stop(step, direction, .fenced, RunMessages.fenced)
    case (_, .unreachable(let error)), (_, .undecided(let error)):
      let kind = RunMessages.kind(of: error)
      return stop(step, direction, kind == .rejected ? .undecided : kind, error.message)
    case (.back, _), (.backAgain, _): return couldNotUndo(step, result)
    case (_, .rejected(let error)):
      return stop(
        step, direction, RunMessages.kind(ofFailed: error), RunMessages.failed(error))
    case (_, .stale(let facts)):
      return stop(step, direction, .stale, RunMessages.stale, facts: facts)
    case (_, .notInEffect(let facts)):
      return stop(step, direction, .notInEffect, RunMessages.notInEffect, facts: facts)
    case (_, .gateClosed(let reason)):
      return stop(step, direction, .gate, RunMessages.gate(reason))
    case (_, .done), (_, .skipped), (_, .notApplied):
      preconditionFailure("no step ends so in this phase")
    }
  }

  /// What cannot be undone stays and is told; what does not depend on it goes back all the same.
  private mutating func couldNotUndo(_ step: Step, _ result: StepResult) -> [Action] {
    let name = step.address.cluster
    let original = lanes[name]?.step(step.id) ?? step
    switch result {
    case .rejected(let error):
      if error.category != .other {
        return stop(original, .back, RunMessages.kind(of: error), error.message)
      }
      leave(original, .rejected, RunMessages.failed(error))
    case .stale(let facts): leave(original, .residual, RunMessages.residual(facts), facts: facts)
    case .notInEffect(let facts):
      leave(original, .notInEffect, RunMessages.notInEffect, facts: facts)
    case .gateClosed(let reason): leave(original, .gate, RunMessages.gate(reason))
    default: preconditionFailure("an inverse does not end so")
    }
    return undo(name)
  }
}
