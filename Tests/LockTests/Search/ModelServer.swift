import ResourceModel

/// The names of a lock on a server, as they are after each request.
struct ModelServer: Hashable {
  /// Whether a record comes with its epoch, or after it, in names.
  var kind = LockBench.Kind.metadata
  /// A fault planted into the server or its users, to see that the search finds it.
  var plant: Plant?
  private var records: [Int: LockRecord?] = [:]

  /// What the search must find when it is there.
  enum Plant: CaseIterable {
    /// A second creation takes the epoch over.
    case creationIsNoTest
    /// Holders only look whether their epoch still exists.
    case fenceLooksForTheNameOnly
    /// A release deletes its own epoch, too.
    case releaseDeletesAll
  }

  /// One request that changes something.
  enum Request: Hashable {
    case control(ControlOperation)
    /// The names that say an epoch's record.
    case say(Int, LockRecord)
  }

  init(kind: LockBench.Kind = .metadata, plant: Plant? = nil) {
    self.kind = kind
    self.plant = plant
  }

  var lock: LockState {
    let epochs = records.keys.sorted()
    return LockState(epochs: epochs, record: epochs.last.flatMap { records[$0] ?? nil })
  }

  /// Applies a request; false for a creation that lost.
  ///
  /// Throws when the highest epoch goes, which nothing may bring about.
  mutating func apply(_ request: Request) throws(Violation) -> Bool {
    switch request {
    case .control(.createEpoch(let epoch, let record)):
      if records[epoch] != nil, plant != .creationIsNoTest { return false }
      records[epoch] = .some(kind == .metadata ? record : nil)
    case .say(let epoch, let record), .control(.writeEpoch(let epoch, let record)):
      if records[epoch] != nil { records[epoch] = .some(record) }
    case .control(.deleteEpoch(let epoch)):
      guard epoch < records.keys.max() ?? .max else {
        throw Violation("the highest epoch was deleted")
      }
      records[epoch] = nil
    case .control(.barrier): break
    }
    return true
  }
}

/// What must not happen, and did.
struct Violation: Error, Hashable, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}
