import JSON

/// The state of a copy of a shard.
enum ReplicaState: String, Sendable {
  case active = "Active"
  case dead = "Dead"
  case partial = "Partial"
  case initializing = "Initializing"
  case recovery = "Recovery"
  case resharding = "Resharding"
  case manualRecovery = "ManualRecovery"
}

/// A shard with its copies.
struct Shard: Sendable {
  /// A copy on a peer.
  struct Replica: Sendable {
    var peer: UInt64
    var state: ReplicaState
  }

  var id: UInt32
  var key: JSONValue?
  var replicas: [Replica]

  func state(on peer: UInt64) -> ReplicaState? { replicas.first { $0.peer == peer }?.state }

  mutating func set(_ state: ReplicaState, on peer: UInt64) {
    if let place = replicas.firstIndex(where: { $0.peer == peer }) {
      replicas[place].state = state
    } else {
      replicas.append(Replica(peer: peer, state: state))
    }
  }
}

/// A shard on its way to another peer.
struct ShardTransfer: Sendable, Equatable {
  /// What tells transfers of a collection apart.
  struct Way: Sendable, Equatable {
    var shard: UInt32
    var from: UInt64
    var to: UInt64

    /// As messages show it.
    var text: String { "\(from) -> \(to)" }
  }

  var way: Way
  /// Whether the source keeps its copy.
  var keepsSource: Bool
  var method: String
  /// The points that are copied under another key, and that key's shard.
  var copying: Copying?

  /// A copy from one shard key to another one.
  struct Copying: Sendable, Equatable {
    var shard: UInt32
    var filter: JSONValue
  }
}

/// A change of the number of shards.
struct Resharding: Sendable {
  var uuid: String
  var direction: String
  var shard: UInt32
  var peer: UInt64
  var key: JSONValue?

  /// How Rust prints it, within a message.
  var debugText: String {
    let key = key.map { "Some(\($0.text()))" } ?? "None"
    let way = direction == "up" ? "Up" : "Down"
    return "ReshardState { uuid: \(uuid), peer_id: \(peer), shard_id: \(shard), "
      + "shard_key: \(key), direction: \(way), stage: MigratingPoints }"
  }
}

/// Where the shards of a collection lie in a cluster, as one peer knows it.
struct ShardLayout: Sendable {
  /// In the order of their numbers.
  var shards: [Shard] = []
  var transfers: [ShardTransfer] = []
  var resharding: Resharding?

  /// The shard keys in the order of their creation.
  var keys: [JSONValue] {
    shards.reduce(into: []) { keys, shard in
      if let key = shard.key, !keys.contains(key) { keys.append(key) }
    }
  }

  func index(of shard: UInt32) -> Int? { shards.firstIndex { $0.id == shard } }

  func shards(under key: JSONValue) -> [Shard] { shards.filter { $0.key == key } }

  /// The numbers of the shards that a peer has a copy of.
  func local(to peer: UInt64) -> [UInt32] {
    shards.filter { $0.state(on: peer) != nil }.map(\.id)
  }

  /// Spreads new shards evenly over peers that were shuffled.
  static func placed(
    _ count: Int, copies: Int, on peers: [UInt64], _ random: inout ClusterRandom
  ) -> [[UInt64]] {
    guard !peers.isEmpty else { return [] }
    var loads: [UInt64: Int] = [:]
    return (0..<min(count, 10_000)).map { _ in
      let order = peers.shuffled(using: &random).sorted {
        loads[$0, default: 0] < loads[$1, default: 0]
      }
      let chosen = Array(order.prefix(max(1, copies)))
      for peer in chosen { loads[peer, default: 0] += 1 }
      return chosen
    }
  }
}
