import JSON

/// An entry of the log that the peers of a cluster agree on.
enum ClusterOperation: Sendable {
  /// A request that every peer answers as a server by itself would; a collection that it makes is
  /// placed with that chance.
  case request(Call, seed: UInt64)
  case createKey(ExactString, ShardKeyRequest, seed: UInt64)
  case dropKey(ExactString, JSONValue)
  case setMetadata(String, JSONValue)
  case removePeer(UInt64)
  case setReplica(ExactString, shard: UInt32, peer: UInt64, ReplicaState)
  case dropReplica(ExactString, shard: UInt32, peer: UInt64)
  case startTransfer(ExactString, ShardTransfer)
  case restartTransfer(ExactString, ShardTransfer.Way, method: String)
  case finishTransfer(ExactString, ShardTransfer.Way)
  case abortTransfer(ExactString, ShardTransfer.Way)
  case startResharding(ExactString, Resharding)
  case abortResharding(ExactString)
}

/// A shard key to be made.
struct ShardKeyRequest: Sendable {
  var key: JSONValue
  var shards: Int
  var copies: Int
  /// The peers that are allowed; nil: all.
  var placement: [UInt64]?
  /// The state that the copies begin in; nil: initialising, until they are active.
  var state: ReplicaState?
}

extension ClusterPeer {
  /// Applies an entry of the log; what a client of this peer is told of it.
  mutating func apply(_ operation: ClusterOperation) throws(Refusal) -> Reply {
    switch operation {
    case .request(let call, let seed): return try answer(call, seed: seed)
    case .createKey(let key, let request, let seed):
      try createKey(key, request, seed: seed)
    case .dropKey(let key, let shardKey): try dropKey(key, shardKey)
    case .setMetadata(let key, let value): metadata[key] = value.isNull ? Optional.none : value
    case .removePeer(let peer): remove(peer)
    case .setReplica(let key, let shard, let peer, let state):
      change(key, shard) { $0.set(state, on: peer) }
    case .dropReplica(let key, let shard, let peer): drop(key, shard, peer)
    case .startTransfer(let key, let transfer): start(key, transfer)
    case .restartTransfer(let key, let way, let method):
      guard let transfer = abort(key, way) else { break }
      var next = transfer
      next.method = method
      start(key, next)
    case .finishTransfer(let key, let way): finish(key, way)
    case .abortTransfer(let key, let way):
      if abort(key, way) != nil { change(key, way.shard) { $0.set(.dead, on: way.to) } }
    case .startResharding(let key, let resharding): start(key, resharding)
    case .abortResharding(let key): abortResharding(key)
    }
    return .true
  }

  /// Answers a request as a server by itself, and places the collection that it made.
  private mutating func answer(_ call: Call, seed: UInt64) throws(Refusal) -> Reply {
    view.configuration.usualShardCount = max(1, members.count)
    let isNew = call.isMethod("PUT") && call.target.segments.count == 2
    let reply = try view.route(call)
    guard isNew, let name = call.pathCollection else { return reply }
    let key = ExactString(name)
    guard var collection = view.collections[key] else { return reply }
    var random = ClusterRandom(seed)
    let uuid = random.uuid()
    collection.uuid = collection.uuid ?? uuid
    let copies = collection.config.params["replication_factor"]?.integer ?? 1
    let places = ShardLayout.placed(
      collection.config.shardCount, copies: copies, on: members, &random)
    collection.layout = ShardLayout(shards: ClusterPeer.shards(places, from: 0))
    view.collections[key] = collection
    return reply
  }

  private static func shards(
    _ places: [[UInt64]], from first: UInt32, key: JSONValue? = nil,
    state: ReplicaState = .initializing
  ) -> [Shard] {
    places.enumerated().map { offset, peers in
      Shard(
        id: first + UInt32(offset), key: key,
        replicas: peers.map { Shard.Replica(peer: $0, state: state) })
    }
  }

  private mutating func createKey(
    _ key: ExactString, _ request: ShardKeyRequest, seed: UInt64
  ) throws(Refusal) {
    guard var collection = view.collections[key], var layout = collection.layout else {
      throw .noCollection(key.string)
    }
    guard !layout.keys.contains(request.key) else {
      throw .badRequest(
        "Sharding key \(request.key.text()) already exists for collection \(key.string)")
    }
    var random = ClusterRandom(seed)
    var allowed: [UInt64] = []
    for peer in request.placement ?? members where !allowed.contains(peer) { allowed.append(peer) }
    let places = ShardLayout.placed(
      request.shards, copies: request.copies, on: allowed, &random)
    let first = (layout.shards.map(\.id).max() ?? 0) + 1
    layout.shards += ClusterPeer.shards(
      places, from: first, key: request.key, state: request.state ?? .initializing)
    collection.layout = layout
    collection.parts.append(
      KeyedPoints(key: request.key, lastOperation: UInt64(collection.indexes.count)))
    view.collections[key] = collection
  }

  private mutating func dropKey(_ key: ExactString, _ shardKey: JSONValue) throws(Refusal) {
    guard view.collections[key]?.layout?.keys.contains(shardKey) == true else {
      throw .badRequest(
        "Sharding key \(shardKey.text()) does not exist for collection \(key.string)")
    }
    view.collections[key]?.layout?.shards.removeAll { $0.key == shardKey }
    view.collections[key]?.parts.removeAll { $0.key == shardKey }
    view.collections[key]?.unite()
  }

  /// The copies of a removed peer are gone, and with them what was on no other.
  private mutating func remove(_ peer: UInt64) {
    members.removeAll { $0 == peer }
    for key in view.collections.keys {
      for place in view.collections[key]?.layout?.shards.indices ?? 0..<0 {
        view.collections[key]?.layout?.shards[place].replicas.removeAll { $0.peer == peer }
      }
      view.collections[key]?.layout?.transfers.removeAll {
        $0.way.from == peer || $0.way.to == peer
      }
    }
    if peer == id { stop = .removed }
  }

  private mutating func change(
    _ key: ExactString, _ shard: UInt32, _ change: (inout Shard) -> Void
  ) {
    guard var layout = view.collections[key]?.layout, let place = layout.index(of: shard) else {
      return
    }
    change(&layout.shards[place])
    view.collections[key]?.layout = layout
  }

  private mutating func drop(_ key: ExactString, _ shard: UInt32, _ peer: UInt64) {
    change(key, shard) { $0.replicas.removeAll { $0.peer == peer } }
    view.collections[key]?.layout?.transfers.removeAll { transfer in
      transfer.way.shard == shard && (transfer.way.to == peer || transfer.way.from == peer)
    }
  }

  private mutating func start(_ key: ExactString, _ transfer: ShardTransfer) {
    view.collections[key]?.layout?.transfers.append(transfer)
    guard transfer.copying == nil else { return }
    change(key, transfer.way.shard) {
      $0.set(transfer.method == "snapshot" ? .recovery : .partial, on: transfer.way.to)
    }
  }

  private mutating func abort(_ key: ExactString, _ way: ShardTransfer.Way) -> ShardTransfer? {
    let place = layout(of: key)?.transfers.firstIndex { $0.way == way }
    return place.flatMap { view.collections[key]?.layout?.transfers.remove(at: $0) }
  }

  private mutating func finish(_ key: ExactString, _ way: ShardTransfer.Way) {
    guard let transfer = abort(key, way) else { return }
    if let copying = transfer.copying {
      view.collections[key]?.copy(shard: way.shard, to: copying)
      change(key, copying.shard) { $0.set(.active, on: way.to) }
      return
    }
    change(key, way.shard) { shard in
      shard.set(.active, on: way.to)
      if !transfer.keepsSource { shard.replicas.removeAll { $0.peer == way.from } }
    }
  }

  private mutating func start(_ key: ExactString, _ resharding: Resharding) {
    view.collections[key]?.layout?.resharding = resharding
    guard resharding.direction == "up" else { return }
    let copy = Shard.Replica(peer: resharding.peer, state: .resharding)
    view.collections[key]?.layout?.shards.append(
      Shard(id: resharding.shard, key: resharding.key, replicas: [copy]))
    countShards(key)
  }

  private mutating func abortResharding(_ key: ExactString) {
    guard let resharding = layout(of: key)?.resharding else { return }
    view.collections[key]?.layout?.resharding = nil
    view.collections[key]?.layout?.shards.removeAll {
      $0.id == resharding.shard && resharding.direction == "up"
    }
    countShards(key)
  }

  /// The number of shards is part of the settings where no keys are.
  private mutating func countShards(_ key: ExactString) {
    guard let collection = view.collections[key], !collection.config.hasCustomSharding else {
      return
    }
    view.collections[key]?.config.params["shard_number"] = .integer(collection.shardCount)
  }
}
