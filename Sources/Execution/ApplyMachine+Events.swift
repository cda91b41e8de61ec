import Planning
import ResourceModel

/// Which part of a lane an event is for.
extension ApplyMachine {
  mutating func recorded(_ entry: JournalEntry, _ name: String) -> [Action] {
    if case .locked = entry { return afterLock(name) }
    switch lanes[name]?.stage {
    case .locking:
      guard case .control(_, let operation) = entry else { break }
      return lockEvent(name, .recorded(operation))
    case .releasing(let operations): return [.control(operations[0], lane: name)]
    case .working: return step(name) { $0.recorded() }
    default: break
    }
    preconditionFailure("the lane recorded nothing")
  }

  mutating func observed(
    _ target: ObservationTarget, _ result: Result<Observation, ProviderError>
  ) -> [Action] {
    if case .preflighting? = lanes[target.cluster]?.stage { return preflighted(target, result) }
    return step(target.cluster) { $0.observed(result) }
  }

  mutating func controlled(_ name: String, _ result: Result<Receipt, ProviderError>) -> [Action] {
    switch lanes[name]?.stage {
    case .locking: return lockEvent(name, .performed(result))
    case .releasing: return released(name, result)
    default: return step(name) { $0.controlled(result) }
    }
  }

  mutating func lockRead(_ name: String, _ result: Result<LockState, ProviderError>) -> [Action] {
    switch lanes[name]?.stage {
    case .locking: return lockEvent(name, .read(result))
    case .readingLock: return releaseRead(name, result)
    default: return step(name) { $0.lockRead(result) }
    }
  }

  /// Whoever was asked to stop waits for nothing more; what is not settled is settled by whoever
  /// goes on with the run.
  mutating func woke(_ name: String) -> [Action] {
    if case .locking? = lanes[name]?.stage { return lockEvent(name, .woke) }
    guard isInterrupted, case .working(let stepRun)? = lanes[name]?.stage else {
      return step(name) { $0.woke() }
    }
    causes.append(
      RunEnd.Cause(
        .asked, cluster: name, step: stepRun.step.id, direction: stepRun.direction,
        RunMessages.asked))
    return rest(name, .resting)
  }
}
