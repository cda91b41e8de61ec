package import JSON

/// Where the shards of a collection lie in a cluster, as the asked peer knows it.
package struct ObservedPlacement: Sendable, Hashable {
  /// A copy of a shard on a peer.
  package struct Replica: Sendable, Hashable {
    package var peer: UInt64
    /// `Active`, `Dead`, `Recovery`, …, or a word of a later server.
    package var state: String

    package init(peer: UInt64, state: String) {
      self.peer = peer
      self.state = state
    }

    /// Whether it answers reads and may be copied from.
    package var isActive: Bool { state == "Active" }
  }

  /// A shard with all its copies.
  package struct Shard: Sendable, Hashable {
    package var id: UInt32
    /// The JSON text of its shard key; nil with automatic sharding.
    package var key: ExactString?
    /// Sorted by peer.
    package var replicas: [Replica]

    package init(id: UInt32, key: ExactString?, replicas: [Replica]) {
      self.id = id
      self.key = key
      self.replicas = replicas
    }
  }

  /// A shard on its way from one peer to another.
  package struct Transfer: Sendable, Hashable {
    package var shard: UInt32
    package var from: UInt64
    package var to: UInt64

    package init(shard: UInt32, from: UInt64, to: UInt64) {
      self.shard = shard
      self.from = from
      self.to = to
    }
  }

  /// Sorted by number.
  package var shards: [Shard]
  package var transfers: [Transfer]

  package init(shards: [Shard], transfers: [Transfer] = []) {
    self.shards = shards
    self.transfers = transfers
  }

  /// A copy by its name; nil when there is none.
  package func replica(_ name: ReplicaName) -> Replica? {
    shards.first { $0.id == name.shard }?.replicas.first { $0.peer == name.peer }
  }

  /// Whether a shard is being copied or moved.
  package func isUnderWay(_ shard: UInt32) -> Bool { transfers.contains { $0.shard == shard } }

  /// The shard keys with what they were made with, as far as that shows: their shards.
  package var keys: [ExactString: JSONObject] {
    var counts: [ExactString: Int] = [:]
    for shard in shards { if let key = shard.key { counts[key, default: 0] += 1 } }
    return counts.mapValues { ["shards_number": .integer($0)] }
  }
}

/// What a copy of a shard is called within its collection: `3/8819`, the shard and the peer.
package struct ReplicaName: Sendable, Hashable, CustomStringConvertible {
  package var shard: UInt32
  package var peer: UInt64

  package init(shard: UInt32, peer: UInt64) {
    self.shard = shard
    self.peer = peer
  }

  /// Nil for a text that is no such name.
  package init?(_ name: ExactString) {
    let parts = name.string.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let shard = UInt32(parts[0]), let peer = UInt64(parts[1]) else {
      return nil
    }
    self.init(shard: shard, peer: peer)
  }

  package var description: String { "\(shard)/\(peer)" }

  /// Its address in a collection.
  package func address(in collection: ResourceAddress) -> ResourceAddress {
    ResourceAddress(
      kind: .replica, collection: collection.collection, name: ExactString(description),
      cluster: collection.cluster)
  }
}

extension FieldPath {
  /// How many copies each shard of a collection, or of a shard key, is to have.
  package static let replicationFactor = FieldPath("replication_factor")
  /// The peers that may hold the shards of a shard key.
  package static let placement = FieldPath("placement")
  /// How many shards a shard key has.
  package static let shardsNumber = FieldPath("shards_number")
  /// The state of a copy of a shard.
  package static let replicaState = FieldPath("state")
  /// The peer that a copy of a shard is made from.
  package static let replicaSource = FieldPath("from")
  /// The name that an alias gives up for the one of its address.
  package static let renamedFrom = FieldPath("renamed_from")
}

extension JSONValue {
  /// The identifier of a peer, whatever its size.
  package static func peer(_ id: UInt64) -> JSONValue { .number(JSONNumber(text: String(id))) }
}
