import JSON

/// `/collections/{name}/cluster` and `/collections/{name}/shards…`.
extension SimulatedCluster {
  /// `GET /collections/{name}/cluster`: as the asked peer knows it.
  func showShards(_ name: String, at peer: Int) throws(Refusal) -> Reply {
    let view = peers[peer].view
    let key = try view.resolve(name)
    guard let collection = view.collections[key] else { throw .noCollection(name) }
    let layout = collection.layout ?? ShardLayout()
    let id = peers[peer].id
    var local: [JSONValue] = []
    var remote: [JSONValue] = []
    for shard in layout.shards {
      for replica in shard.replicas {
        var object: JSONObject = ["shard_id": .integer(Int(shard.id))]
        if let key = shard.key { object["shard_key"] = key }
        if replica.peer == id {
          object["points_count"] = .integer(collection.pointCount(of: shard))
          object["state"] = .string(replica.state.rawValue)
          local.append(.object(object))
        } else {
          object["peer_id"] = .identifier(replica.peer)
          object["state"] = .string(replica.state.rawValue)
          remote.append(.object(object))
        }
      }
    }
    var result: JSONObject = [
      "peer_id": .identifier(id), "shard_count": .integer(layout.shards.count),
      "local_shards": .array(local), "remote_shards": .array(remote),
      "shard_transfers": .array(layout.transfers.map { shown($0, at: id) }),
    ]
    if let resharding = layout.resharding {
      result["resharding_operations"] = [shown(resharding)]
    }
    return .result(.object(result))
  }

  private func shown(_ transfer: ShardTransfer, at peer: UInt64) -> JSONValue {
    var object: JSONObject = ["shard_id": .integer(Int(transfer.way.shard))]
    if let copying = transfer.copying { object["to_shard_id"] = .integer(Int(copying.shard)) }
    object["from"] = .identifier(transfer.way.from)
    object["to"] = .identifier(transfer.way.to)
    object["sync"] = .bool(transfer.keepsSource)
    object["method"] = .string(transfer.method)
    if transfer.way.from == peer { object["comment"] = "" }
    return .object(object)
  }

  private func shown(_ resharding: Resharding) -> JSONValue {
    [
      "uuid": .string(resharding.uuid), "direction": .string(resharding.direction),
      "shard_id": .integer(Int(resharding.shard)), "peer_id": .identifier(resharding.peer),
      "shard_key": resharding.key ?? .null,
    ]
  }

  /// `/collections/{name}/shards…`; `rest` begins after `shards`.
  mutating func routeShards(
    _ call: Call, _ name: String, _ rest: [String], at peer: Int
  ) throws(Refusal) -> Reply {
    switch (call.request.method, rest.count) {
    case ("GET", 0):
      let key = try peers[peer].view.resolve(name)
      guard let collection = peers[peer].view.collections[key],
        collection.config.hasCustomSharding
      else { return .result([:]) }
      let keys = (collection.layout?.keys ?? []).map { key -> JSONValue in ["key": key] }
      return .result(["shard_keys": .array(keys)])
    case ("PUT", 0):
      let body = try call.body(Shapes.createShardKey, settings: peers[peer].view.configuration)
      return try createKey(call, name, body, at: peer)
    case ("POST", 1) where rest[0] == "delete":
      let body = try call.body(Shapes.dropShardKey, settings: peers[peer].view.configuration)
      return try dropKey(call, name, body, at: peer)
    case (_, 2...): return try routeShard(call, name, rest, at: peer)
    default: return .noRoute
    }
  }

  /// A collection with shard keys.
  private func keyed(_ name: String, at peer: Int) throws(Refusal) -> (ExactString, Collection) {
    let key = try peers[peer].view.resolve(name)
    guard let collection = peers[peer].view.collections[key] else { throw .noCollection(name) }
    guard collection.config.hasCustomSharding else {
      throw .badRequest("Shard Key cannot be created with Auto sharding method")
    }
    return (key, collection)
  }

  /// A new key: the answer comes when its shards are active, or gives up on those that cannot be.
  func shardKeyRequest(
    _ body: JSONValue, _ key: ExactString, _ collection: Collection, at peer: Int
  ) throws(Refusal) -> ShardKeyRequest {
    let shardKey = body["shard_key"] ?? ""
    let state = body["initial_state"]?.string
    if let state, !["Active", "Partial"].contains(state) {
      throw .badRequest(
        "Initial state cannot be \(state), only Active or Partial are allowed")
    }
    if collection.layout?.keys.contains(shardKey) == true {
      throw .badRequest(
        "Sharding key \(shardKey.text()) already exists for collection \(key.string)")
    }
    let placement = body["placement"]?.array?.compactMap { $0.number?.unsigned }
    if placement?.isEmpty == true {
      throw .badRequest(
        "Sharding key \(shardKey.text()) placement cannot be empty. If you want to use random "
          + "placement, do not specify placement")
    }
    for id in placement ?? [] where !peers[peer].members.contains(id) {
      throw .badRequest("Peer \(id) does not exist")
    }
    let params = collection.config.params
    return ShardKeyRequest(
      key: shardKey,
      shards: body["shards_number"]?.integer ?? params["shard_number"]?.integer ?? 1,
      copies: body["replication_factor"]?.integer ?? params["replication_factor"]?.integer ?? 1,
      placement: placement, state: state.flatMap { ReplicaState(rawValue: $0) })
  }

  mutating func createKey(
    _ call: Call, _ name: String, _ body: JSONValue, at peer: Int
  ) throws(Refusal) -> Reply {
    try call.checkTimeout()
    let (key, collection) = try keyed(name, at: peer)
    let request = try shardKeyRequest(body, key, collection, at: peer)
    let operation = ClusterOperation.createKey(key, request, seed: random.next())
    let reply = try propose(operation, call, at: peer, isShared: true)
    let shards = peers[peer].layout(of: key)?.shards(under: request.key) ?? []
    let copies = shards.flatMap(\.replicas)
    if request.state == nil {
      if !copies.allSatisfy({ isReachable($0.peer) }) {
        let timeout = try call.unsigned("timeout") ?? 10
        current.seconds = Double(timeout)
        throw Refusal(
          status: 408,
          text: "Timeout: Timeout error: Operation 'wait for replica set state' timed out after "
            + "\(timeout)s")
      }
      if copies.count > 1 { current.seconds = max(current.seconds, timing.activation) }
    }
    return reply
  }

  mutating func dropKey(
    _ call: Call, _ name: String, _ body: JSONValue, at peer: Int
  ) throws(Refusal) -> Reply {
    try call.checkTimeout()
    let (key, collection) = try keyed(name, at: peer)
    let shardKey = body["shard_key"] ?? ""
    guard collection.layout?.keys.contains(shardKey) == true else {
      throw .badRequest(
        "Sharding key \(shardKey.text()) does not exist for collection \(key.string)")
    }
    return try propose(.dropKey(key, shardKey), call, at: peer)
  }

  /// What addresses one shard; `rest` begins with its number.
  private mutating func routeShard(
    _ call: Call, _ name: String, _ rest: [String], at peer: Int
  ) throws(Refusal) -> Reply {
    switch rest[1] {
    case "snapshot", "snapshots":
      return try routeShardSnapshots(call, name, rest[0], Array(rest.dropFirst()), at: peer)
    case "points":
      let shard = try shard(rest[0], of: name, at: peer)
      let key = try peers[peer].view.resolve(name)
      var scratch = peers[peer].view
      scratch.collections[key]?.keep(only: [shard])
      return try scratch.route(call, points: Array(rest.dropFirst(2)), of: name, isPart: true)
    default: return .noRoute
    }
  }

  /// The shard of a number.
  func shard(_ text: String, of name: String, at peer: Int) throws(Refusal) -> Shard {
    guard let number = UInt32(text) else {
      let reason = "can not parse \(RustText.debug(text)) to a u32"
      throw Refusal(status: 400, text: "Deserialize error in path parameters: " + reason)
    }
    let key = try peers[peer].view.resolve(name)
    let all = peers[peer].layout(of: key)?.shards ?? []
    guard let shard = all.first(where: { $0.id == number }) else {
      throw .notFound("shard \(number) not found")
    }
    return shard
  }
}

extension Collection {
  /// Leaves the points of some shards only.
  mutating func keep(only shards: [Shard]) {
    var kept: [PointID: Point] = [:]
    for shard in shards {
      let store = store(of: shard)
      let ring = ring(with: shard)
      for id in store.ids where ring.shard(of: id) == shard.id { kept[id] = store[id] }
      if let key = shard.key, let place = part(of: key) {
        for id in store.ids where ring.shard(of: id) != shard.id { parts[place].points[id] = nil }
      }
    }
    points = PointStore()
    for (id, point) in kept { points[id] = point }
    parts.removeAll { part in !shards.contains { $0.key == part.key } }
  }
}

extension SimulatedServer {
  /// A request about the points of a collection as they are, whatever their keys.
  fileprivate mutating func route(
    _ call: Call, points rest: [String], of name: String, isPart: Bool
  ) throws(Refusal) -> Reply {
    let key = try resolve(name)
    collections[key]?.isPart = isPart
    return try routePoints(call, name, rest)
  }
}
