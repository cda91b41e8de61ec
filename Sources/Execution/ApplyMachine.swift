package import Planning
package import ResourceModel

/// Decides what a run does next: a value that takes events and gives actions, without clock or I/O.
///
/// Every cluster is a lane: it takes the lock, is checked against the plan, and then does its steps
/// one after the other, in waves. When a step fails, the lanes go back the way they came. All that
/// is known of the past stands in `history`, which is made of the recorded entries alone, so that
/// a run that was killed is continued by the same code as one that was not.
package struct ApplyMachine: Sendable {
  /// What the driver is to do; it answers each with one event.
  package enum Action: Sendable {
    case record(JournalEntry, lane: String?)
    case perform(StepID, Operation, lane: String)
    case observe(ObservationTarget, lane: String)
    case control(ControlOperation, lane: String)
    case readLock(lane: String)
    case identify(lane: String)
    case sleep(Duration, lane: String)
    case finish(RunEnd)
  }

  /// What happened.
  package enum Event: Sendable {
    case recorded(JournalEntry, lane: String?)
    case performed(lane: String, Result<Receipt, ProviderError>)
    case observed(ObservationTarget, Result<Observation, ProviderError>)
    case controlled(lane: String, Result<Receipt, ProviderError>)
    case lockRead(lane: String, Result<LockState, ProviderError>)
    case identified(lane: String, Result<ClusterIdentity, ProviderError>)
    case woke(lane: String)
    /// A person or a scheduler asks to stop.
    case interrupted
  }

  /// What a run is to do.
  package struct Work: Sendable {
    package var header: RunHeader
    /// In the order of execution; their needs stand before them.
    package var steps: [Step]
    package var clusters: [ClusterWork]
    package var schema: ResourceSchema

    package init(
      header: RunHeader, steps: [Step], clusters: [ClusterWork], schema: ResourceSchema
    ) {
      self.header = header
      self.steps = steps
      self.clusters = clusters
      self.schema = schema
    }
  }

  /// One cluster of a run.
  package struct ClusterWork: Sendable {
    package var name: String
    /// Waves run in ascending order.
    package var wave: Int
    /// What the plan saw.
    package var identity: ClusterIdentity
    /// What stands in the lock once it is ours; nil runs without a lock.
    package var claim: LockRecord?
    /// The epoch whose holder is known to be gone.
    package var takeover: Int?

    package init(
      name: String, wave: Int = 1, identity: ClusterIdentity, claim: LockRecord? = nil,
      takeover: Int? = nil
    ) {
      self.name = name
      self.wave = wave
      self.identity = identity
      self.claim = claim
      self.takeover = takeover
    }
  }

  let work: Work
  let settings: Settings
  /// All that was recorded.
  package internal(set) var history: RunHistory
  /// Whether this process is not the first of the run.
  let isResumed: Bool
  var lanes: [String: Lane] = [:]
  /// The lanes in the order of the plan.
  let order: [String]
  var phase = Phase.opening
  var queue: [String] = []
  var isInterrupted = false
  /// What went other than planned, in the order it happened.
  var causes: [RunEnd.Cause] = []
  /// Steps whose undoing would break what was left standing.
  var blocked: Set<StepID> = []
  /// Clusters whose lock could not be written at the end.
  package internal(set) var leftLocked: [String] = []

  /// What all lanes are about.
  enum Phase: Sendable, Hashable {
    case opening
    case forward(wave: Int)
    /// Looking again at what was once unknown.
    case lookingAgain
    /// Finding out whether anything that cannot be undone was done, before anything is undone.
    case weighing
    case back
    case backAgain
    case closing
    case releasing
    case over
  }

  /// A machine for new work, or, with a history, for work that another process began.
  package init(_ work: Work, settings: Settings, history: RunHistory = RunHistory()) {
    self.work = work
    self.settings = settings
    self.history = history
    isResumed = history.header != nil
    order = work.clusters.map(\.name)
    for cluster in work.clusters {
      lanes[cluster.name] = Lane(
        cluster: cluster, steps: work.steps.filter { $0.address.cluster == cluster.name })
    }
  }

  /// The first action.
  package mutating func start() -> [Action] {
    guard isResumed else { return [.record(.begun(work.header), lane: nil)] }
    return [.record(.resumed(nextDirection), lane: nil)]
  }

  /// Which way this process goes: back when that is asked for, otherwise the way of the last one.
  ///
  /// A run that was to go back, has undone nothing, and holds a step that cannot be undone, can
  /// only go forward, also when it was killed before it said so.
  private var nextDirection: Direction {
    if settings.goesBack { return .back }
    guard history.nextDirection == .back, history.back.isEmpty else { return history.nextDirection }
    let isFinal = work.steps.contains { step in
      step.stepClass == .none && history.isTouched(step.id)
        && !(history.forward[step.id]?.isUnsettled ?? false)
    }
    return isFinal ? .forward : .back
  }

  /// What follows from an event.
  package mutating func receive(_ event: Event) -> [Action] {
    switch event {
    case .interrupted:
      isInterrupted = true
      return []
    case .recorded(let entry, let lane):
      history.add(entry)
      guard let lane else { return runRecorded(entry) }
      return recorded(entry, lane)
    case .performed(let lane, let result): return step(lane) { $0.performed(result) }
    case .observed(let target, let result): return observed(target, result)
    case .controlled(let lane, let result): return controlled(lane, result)
    case .lockRead(let lane, let result): return lockRead(lane, result)
    case .identified(let lane, let result): return identified(lane, result)
    case .woke(let lane): return woke(lane)
    }
  }

  private mutating func runRecorded(_ entry: JournalEntry) -> [Action] {
    switch entry {
    case .begun, .resumed: return open()
    case .turned: return goBack()
    case .finished(let end): return release(end)
    default: preconditionFailure("only the run's own entries have no lane")
    }
  }

  // MARK: Lanes at once

  /// Starts as many waiting lanes as may run at once.
  mutating func startLanes(_ names: [String]) -> [Action] {
    queue = names
    return fillUp()
  }

  mutating func fillUp() -> [Action] {
    var actions: [Action] = []
    while !queue.isEmpty, lanes.values.filter(\.isBusy).count < max(1, settings.parallelism) {
      actions += enter(queue.removeFirst())
    }
    return actions
  }

  /// A lane is at rest: others may start, and when all rest, the next phase does.
  mutating func rest(_ name: String, _ stage: Lane.Stage) -> [Action] {
    lanes[name]?.stage = stage
    let more = fillUp()
    if !more.isEmpty || lanes.values.contains(where: \.isBusy) || !queue.isEmpty { return more }
    return nextPhase()
  }

  private mutating func enter(_ name: String) -> [Action] {
    switch phase {
    case .opening: return identify(name)
    case .forward: return advance(name)
    case .lookingAgain: return lookAgain(name)
    case .weighing: return weigh(name)
    case .back, .backAgain: return undo(name)
    case .closing, .releasing, .over: preconditionFailure("no lane starts now")
    }
  }
}
