package import JSON

/// What a run itself asks of a cluster beside its plan: the lock, and a barrier for outcomes that
/// are not known.
package enum ControlOperation: Sendable, Hashable {
  /// The numbers of epochs: 15 digits at most, so that the next one never overflows.
  package static let epochNumbers = 1...999_999_999_999_999

  /// Creates the epoch collection of that number, which exactly one contender can.
  case createEpoch(Int, LockRecord)
  /// Writes the record of an epoch over.
  case writeEpoch(Int, LockRecord)
  /// Deletes an epoch that a higher one stands above.
  case deleteEpoch(Int)
  /// Deletes an alias that never was: on one peer a success comes after everything that was asked
  /// before. Equal operations in flight are joined by the server, so the name is a nonce: 1 to 200
  /// letters, digits, `.`, `_` and `-`.
  case barrier(nonce: String)
}

/// What stands in the metadata of an epoch collection: who holds the lock, for what.
package struct LockRecord: Sendable, Hashable {
  /// The reserved metadata key.
  package static let key = "qdrant_reconciler_lock"

  /// Who may act.
  package enum State: String, Sendable, Hashable {
    /// A process holds the lock, as far as anybody knows.
    case held
    /// No process holds it, and the run that it names is not over: it must be resumed or rolled
    /// back first.
    case open
    /// The run that it names is over.
    case free
  }

  /// A plan that was taken back, so that a schedule does not undo the undo.
  package struct RolledBack: Sendable, Hashable {
    /// The plan's id, 64 hexadecimal digits.
    package var plan: String
    package var run: String

    package init(plan: String, run: String) {
      self.plan = plan
      self.run = run
    }
  }

  package var state: State
  package var run: String
  /// The id of the run's plan.
  package var plan: String
  /// The machine, the boot and the process, for people and for proof that it is gone.
  package var holder: String
  /// Tells two contenders of one run apart.
  package var nonce: String
  /// ISO 8601, UTC; for people, nothing is computed with it.
  package var since: String
  package var rolledBack: RolledBack?

  package init(
    state: State, run: String, plan: String, holder: String, nonce: String, since: String,
    rolledBack: RolledBack? = nil
  ) {
    self.state = state
    self.run = run
    self.plan = plan
    self.holder = holder
    self.nonce = nonce
    self.since = since
    self.rolledBack = rolledBack
  }

  /// The record as it stands in metadata.
  package var json: JSONValue {
    var object: JSONObject = [
      "state": .string(state.rawValue), "run": .string(run), "plan": .string(plan),
      "holder": .string(holder), "nonce": .string(nonce), "since": .string(since),
    ]
    if let rolledBack {
      object["rolled_back"] = ["plan": .string(rolledBack.plan), "run": .string(rolledBack.run)]
    }
    return .object(object)
  }

  /// A record read back; nil when it is none of ours (text from a server is not trusted).
  package init?(_ value: JSONValue?) {
    guard let object = value?.object, let state = object["state"]?.string.flatMap(State.init),
      let run = object["run"]?.string, let plan = object["plan"]?.string,
      let holder = object["holder"]?.string, let nonce = object["nonce"]?.string,
      let since = object["since"]?.string
    else { return nil }
    self.init(
      state: state, run: run, plan: plan, holder: holder, nonce: nonce, since: since)
    if let mark = object["rolled_back"], let plan = mark["plan"]?.string,
      let run = mark["run"]?.string
    {
      rolledBack = RolledBack(plan: plan, run: run)
    }
  }
}

/// The lock of a workspace on one cluster, as the cluster says it now.
package struct LockState: Sendable, Hashable {
  /// The epochs that exist, ascending.
  package var epochs: [Int]
  /// What the highest of them says; nil when there is none, or nothing of ours in it.
  package var record: LockRecord?

  package init(epochs: [Int] = [], record: LockRecord? = nil) {
    self.epochs = epochs
    self.record = record
  }

  /// The highest epoch, which alone counts.
  package var highest: Int? { epochs.last }
}
