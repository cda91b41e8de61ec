import Planning
import ResourceModel

/// How the outcome of a request that nobody knows of is found out, and how an effect is waited for.
extension StepRun {
  mutating func look(_ error: ProviderError, behindBarrier: Bool) -> Move {
    stage = .settling(error, behindBarrier: behindBarrier)
    return observe()
  }

  /// The effect decides when it shows. That it does not show decides behind a barrier, and on a
  /// server without consensus when the settle window is over. What is then neither as before the
  /// step nor as after it was made so by somebody else: that is told, and nothing is sent again.
  mutating func settled(
    _ observation: Observation, _ error: ProviderError, _ behindBarrier: Bool
  ) -> Move {
    if isInEffect(observation) {
      stage = .verifying
      return verified(observation)
    }
    if around.isDistributed, !behindBarrier { return bar(error) }
    let facts = violated(observation)
    let isDecided = behindBarrier && facts.isEmpty || waited >= around.patience.settleWindow
    guard isDecided else { return waitToSettle(error) }
    return facts.isEmpty ? notApplied(error) : stale(facts, observation)
  }

  private mutating func notApplied(_ error: ProviderError) -> Move {
    stage = .recordingNotApplied(error)
    return .act(.record(.notApplied(step.id, direction), lane: cluster))
  }

  private mutating func bar(_ error: ProviderError) -> Move {
    serial += 1
    let barrier = ControlOperation.barrier(nonce: "\(around.run).\(step.id).\(serial)")
    stage = .recordingBarrier(error, barrier)
    return .act(.record(.control(cluster: cluster, barrier), lane: cluster))
  }

  mutating func waitToSettle(_ error: ProviderError) -> Move {
    guard waited < around.patience.settleWindow else { return .end(.undecided(error)) }
    attempts += 1
    stage = .waitingToSettle(error)
    return sleep(pause(attempts))
  }

  mutating func controlled(_ result: Result<Receipt, ProviderError>) -> Move {
    guard case .barring(let error) = stage else { preconditionFailure("no barrier was sent") }
    switch result {
    case .success: return look(error, behindBarrier: true)
    case .failure: return waitToSettle(error)
    }
  }

  /// A refusal may be that of a second delivery: while nobody can look, it does not say that
  /// nothing is there.
  mutating func waitToExamine(_ error: ProviderError, _ failure: ProviderError) -> Move {
    attempts += 1
    guard attempts < around.patience.verifyAttempts else {
      return close(.unknown(step.id, direction, error), .undecided(failure))
    }
    stage = .waitingToExamine(error)
    return sleep(pause(attempts))
  }

  mutating func verified(_ observation: Observation) -> Move {
    let facts = broken(step.after, observation)
    guard !facts.isEmpty, !isInEffect(observation) else { return gate() }
    attempts += 1
    guard attempts < around.patience.verifyAttempts else {
      return close(.notInEffect(step.id, direction, facts), .notInEffect(facts))
    }
    stage = .waitingToVerify
    return sleep(pause(attempts))
  }

  /// The server said yes and cannot be read: what it said is not enough.
  mutating func waitToVerify(orEnd error: ProviderError) -> Move {
    attempts += 1
    guard attempts < around.patience.verifyAttempts else { return .end(.undecided(error)) }
    stage = .waitingToVerify
    return sleep(pause(attempts))
  }

  // MARK: Gates

  mutating func gate() -> Move {
    attempts = 0
    waited = .zero
    guard sendsAgain, !step.gates.isEmpty else { return closeInEffect() }
    stage = .gating
    return observe()
  }

  /// The effect is there; an effect that was there before is not this run's work.
  private mutating func closeInEffect() -> Move {
    wasThere
      ? close(.skipped(step.id, direction), .skipped) : close(.done(step.id, direction), .done)
  }

  /// A later process waits at the gate again; what was there before leaves no record.
  private mutating func closeAtGate(_ reason: String) -> Move {
    wasThere
      ? .end(.gateClosed(reason))
      : close(.gateClosed(step.id, direction, reason), .gateClosed(reason))
  }

  mutating func gated(_ observation: Observation) -> Move {
    for gate in step.gates {
      if let reason = gate.closed(observation, of: step.address) { return waitAtGate(reason) }
    }
    return closeInEffect()
  }

  mutating func waitAtGate(_ reason: String) -> Move {
    let limit = step.gates.map(\.timeout).max() ?? .zero
    guard waited < limit else {
      return closeAtGate(reason)
    }
    attempts += 1
    stage = .waitingAtGate
    return sleep(min(pause(attempts), limit - waited))
  }
}
