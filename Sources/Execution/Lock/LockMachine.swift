import JSON
package import ResourceModel

/// Acquires the lock of a workspace on one cluster: a value that takes events and gives actions,
/// without clock or I/O.
///
/// The lock is a row of epochs, of which the highest counts. Creating the next one is the server's
/// own test-and-set; the nonce in its record tells whose it became, whatever the answer was. So a
/// creation is never believed: the lock counts as acquired when the highest epoch, read back, bears
/// our nonce. As long as it is not known what became of a creation, no other number is created; the
/// same one may be, because a second creation of a name changes nothing.
package struct LockMachine: Sendable, Hashable {
  /// What the driver is to do; it answers each with one event.
  package enum Action: Sendable, Hashable {
    /// Read the state of the lock.
    case read
    /// Make durable that the operation is about to be sent.
    case record(ControlOperation)
    case perform(ControlOperation)
    case sleep(Duration)
    case finished(LockOutcome)
  }

  /// What happened.
  package enum Event: Sendable, Hashable {
    case read(Result<LockState, ProviderError>)
    case recorded(ControlOperation)
    case performed(Result<Receipt, ProviderError>)
    case woke
  }

  /// How patient the machine is.
  package struct Patience: Sendable, Hashable {
    /// How often the lock is read before it is given up to read it, or to see what became of a
    /// creation: with the pauses below for about 17 s, longer than a server takes to let a creation
    /// fail whose quorum is away (10 s), or to apply one late (2.6 s, measured).
    package var reads = 14
    /// How many creations are sent in all, whatever became of the ones before.
    package var creations = 5
    /// The first pause; it doubles up to `longestPause`.
    package var pause: Duration = .milliseconds(50)
    package var longestPause: Duration = .seconds(2)

    package init() {}
  }

  private enum Stage: Hashable {
    /// The lock is read, to see whether an epoch may be created.
    case looking
    case recording(ControlOperation)
    case performing
    /// A creation was sent; the lock is read to see whose the epoch became.
    case awaiting
    case over
  }

  /// The epoch that is to be ours.
  private struct Attempt: Hashable {
    var epoch: Int
    var former: LockRecord?
    /// Why it is not known what became of a creation; it stays, whatever later answers say.
    var doubt: ProviderError?
    /// The last answer when it was no success.
    var refusal: ProviderError?
  }

  private let claim: LockRecord
  private let takeover: Int?
  private let patience: Patience
  private var stage = Stage.looking
  private var attempt: Attempt?
  private var reads = 0
  private var creations = 0

  /// A machine that claims the lock with a record whose nonce no other claim has.
  ///
  /// - Parameter takeover: the epoch whose holder is proven to be gone, or that a person unlocked:
  ///   the claim may supersede it although it is not free, and no other.
  package init(claim: LockRecord, takeover: Int? = nil, patience: Patience = Patience()) {
    self.claim = claim
    self.takeover = takeover
    self.patience = patience
  }

  /// The first actions.
  package mutating func start() -> [Action] { [.read] }

  /// What follows from an event.
  package mutating func receive(_ event: Event) -> [Action] {
    switch (event, stage) {
    case (.read(.success(let lock)), .looking): return consider(lock)
    case (.read(.success(let lock)), .awaiting): return settle(lock)
    case (.read(.failure(let error)), .looking), (.read(.failure(let error)), .awaiting):
      return unread(error)
    case (.recorded(let operation), .recording(let expected)) where operation == expected:
      stage = .performing
      return [.perform(operation)]
    case (.performed(let result), .performing): return performed(result)
    case (.woke, .looking), (.woke, .awaiting): return [.read]
    default: return []
    }
  }

  /// No creation of ours is open: the next epoch may be created, or somebody holds the lock.
  private mutating func consider(_ lock: LockState) -> [Action] {
    let highest = lock.highest ?? 0
    if highest > 0, highest != takeover, lock.record?.state != .free {
      guard let record = lock.record, record.state == .open else {
        return finish(.held(epoch: highest, record: lock.record))
      }
      return finish(.open(epoch: highest, record: record))
    }
    guard highest < ControlOperation.epochNumbers.upperBound else {
      return finish(.failed(ProviderError(.rejected, "the lock has no epoch after \(highest)")))
    }
    let contested = ProviderError(
      .unavailable, "others took the lock and gave it back, \(creations) times in a row")
    let end = LockOutcome.failed(attempt?.refusal ?? contested)
    attempt = Attempt(epoch: highest + 1, former: lock.record)
    return create(orElse: end)
  }

  /// Announces the creation of the attempt's epoch, or ends when there were too many.
  private mutating func create(orElse end: LockOutcome) -> [Action] {
    guard let attempt, creations < patience.creations else { return finish(end) }
    var record = claim
    record.rolledBack = claim.rolledBack ?? attempt.former?.rolledBack
    let operation = ControlOperation.createEpoch(attempt.epoch, record)
    stage = .recording(operation)
    return [.record(operation)]
  }

  private mutating func performed(_ result: Result<Receipt, ProviderError>) -> [Action] {
    creations += 1
    reads = 0
    stage = .awaiting
    guard case .failure(let error) = result else {
      attempt?.refusal = nil
      return [.read]
    }
    attempt?.refusal = error
    switch error.outcome {
    case .rejected where error.status == 409: return [.read]
    case .rejected: return finish(attempt?.doubt.map(LockOutcome.undecided) ?? .failed(error))
    case .unknown: attempt?.doubt = error
    case .unavailable where attempt?.doubt == nil: stage = .looking
    case .unavailable: break
    }
    return pause()
  }

  /// A creation of ours was sent, and the lock was read after it.
  private mutating func settle(_ lock: LockState) -> [Action] {
    guard let attempt else { return [] }
    let highest = lock.highest ?? 0
    let isShown = highest == attempt.epoch && lock.record != nil
    if isShown, LockFence.bears(claim.nonce, lock.record) {
      return finish(.acquired(epoch: highest, former: attempt.former))
    }
    if isShown || highest > attempt.epoch {
      // Our number is another's, or lies below the highest: wherever ours is, it counts no more.
      stage = .looking
      self.attempt = nil
      return consider(lock)
    }
    if reads + 1 < patience.reads { return pause() }
    if highest == attempt.epoch { return finish(.held(epoch: highest, record: nil)) }
    if let doubt = attempt.doubt { return create(orElse: .undecided(doubt)) }
    let unseen = ProviderError(
      .unknown, "epoch \(attempt.epoch) of the lock was confirmed, and is not there")
    return finish(.undecided(attempt.refusal ?? unseen))
  }

  private mutating func unread(_ error: ProviderError) -> [Action] {
    if error.outcome != .rejected, reads + 1 < patience.reads { return pause() }
    if stage == .looking { return finish(.failed(error)) }
    return finish(.undecided(attempt?.doubt ?? error))
  }

  private mutating func pause() -> [Action] {
    let pause = min(patience.pause * (1 << min(reads, 16)), patience.longestPause)
    reads += 1
    return [.sleep(pause)]
  }

  private mutating func finish(_ outcome: LockOutcome) -> [Action] {
    stage = .over
    return [.finished(outcome)]
  }
}

/// How the attempt to acquire the lock ended.
package enum LockOutcome: Sendable, Hashable {
  /// The lock is ours; `former` is the record that stood before: what became of its run, and
  /// whether a plan was taken back.
  case acquired(epoch: Int, former: LockRecord?)
  /// Somebody holds the lock; nobody knows who when there is no record.
  case held(epoch: Int, record: LockRecord?)
  /// Nobody holds it, and its run must be resumed or rolled back first.
  case open(epoch: Int, record: LockRecord)
  /// The lock is not ours, and nothing of ours is left that could make it so.
  case failed(ProviderError)
  /// The lock may be ours, or may become so: a person, or the next run, has to look.
  case undecided(ProviderError)
}
