package import ResourceModel

/// What must hold after a step before the next one may start.
package struct Gate: Sendable, Hashable {
  /// What is waited for.
  package enum Condition: String, Sendable, Hashable, CaseIterable {
    /// The collection's status is green and its optimisers are well and idle.
    case green
    /// The copies that the step concerns are active, and their shards on no way anywhere.
    case replicas
  }

  package var condition: Condition
  /// How long it may take; at most a day.
  package var timeout: Duration

  package init(_ condition: Condition, timeout: Duration) {
    self.condition = condition
    self.timeout = timeout
  }

  /// Nil when it holds for the step on that resource; otherwise what is missing, for a person.
  package func closed(_ observation: Observation, of subject: ResourceAddress) -> String? {
    guard let collection = observation.collection else { return "the collection is not there" }
    switch condition {
    case .green:
      guard collection.status == "green" else {
        return "its status is \(collection.status ?? "unknown"), not green"
      }
      guard collection.optimizerStatus == "ok" else {
        return "its optimisers report \(collection.optimizerStatus ?? "nothing")"
      }
      return nil
    case .replicas:
      guard let placement = collection.placement else { return "where its shards lie is unknown" }
      return Gate.missing(placement, subject)
    }
  }

  /// The first copy that is not active yet, or shard that is under way.
  private static func missing(
    _ placement: ObservedPlacement, _ subject: ResourceAddress
  ) -> String? {
    let name = ReplicaName(subject.name)
    for shard in placement.shards {
      let isConcerned =
        switch subject.kind {
        case .replica: shard.id == name?.shard
        case .shardKey: shard.key == subject.name
        default: true
        }
      guard isConcerned else { continue }
      for replica in shard.replicas where !replica.isActive {
        if subject.kind == .replica, replica.peer != name?.peer { continue }
        return "the copy of shard \(shard.id) on peer \(replica.peer) is \(replica.state)"
      }
      if placement.isUnderWay(shard.id) { return "shard \(shard.id) is under way" }
    }
    if subject.kind == .replica, name.flatMap({ placement.replica($0) }) == nil {
      return "the copy is not there"
    }
    return nil
  }
}

extension Operation {
  /// What has to be waited for after it, because its answer says only that it has begun.
  ///
  /// A copy takes as long as its data needs. The shards of a new key are empty, so that they are
  /// active within seconds (1.2 s measured), or not at all because a peer is away.
  var gates: [Gate] {
    switch (address.kind, action) {
    case (.replica, .create): [Gate(.replicas, timeout: .seconds(2 * 60 * 60))]
    case (.shardKey, .create): [Gate(.replicas, timeout: .seconds(60))]
    default: []
    }
  }
}
