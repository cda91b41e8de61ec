import JSON

/// `POST /collections/{name}/cluster`.
extension SimulatedCluster {
  mutating func changeShards(
    _ call: Call, _ name: String, at peer: Int
  ) throws(Refusal) -> Reply {
    let body = try call.body(
      Shapes.clusterOperation, settings: peers[peer].view.configuration)
    try call.checkTimeout()
    let key = try peers[peer].view.resolve(name)
    guard let member = body.object?.members.first, let layout = peers[peer].layout(of: key) else {
      return .noRoute
    }
    let change = ShardChange(key: key, layout: layout, body: member.value)
    switch member.key {
    case "create_sharding_key": return try createKey(call, name, member.value, at: peer)
    case "drop_sharding_key": return try dropKey(call, name, member.value, at: peer)
    case "move_shard": return try move(call, change, keepsSource: false, at: peer)
    case "replicate_shard": return try move(call, change, keepsSource: true, at: peer)
    case "abort_transfer":
      _ = try change.running()
      return try propose(.abortTransfer(key, change.way), call, at: peer)
    case "restart_transfer": return try restart(call, change, at: peer)
    case "drop_replica": return try dropReplica(call, change, at: peer)
    case "replicate_points": return try replicatePoints(call, change, at: peer)
    case "start_resharding": return try startResharding(call, change, at: peer)
    case "abort_resharding": return try abortResharding(call, change, at: peer)
    default: throw change.noResharding
    }
  }

  private func checkPeer(_ id: UInt64, at peer: Int) throws(Refusal) {
    guard peers[peer].members.contains(id) else { throw .badRequest("Peer \(id) does not exist") }
  }

  private mutating func move(
    _ call: Call, _ change: ShardChange, keepsSource: Bool, at peer: Int
  ) throws(Refusal) -> Reply {
    let way = change.way
    let shard = try change.shard(way.shard)
    try checkPeer(way.to, at: peer)
    try checkPeer(way.from, at: peer)
    let method = change.body["method"]?.string ?? "snapshot"
    if let other = change.layout.transfers.first(where: { $0.way.shard == way.shard }) {
      throw .badRequest(
        "Shard \(way.shard) is already involved in transfer \(other.way.text)")
    }
    guard shard.state(on: way.from) == .active else {
      throw .badRequest("Shard \(way.shard) is not active on peer \(way.from)")
    }
    if method == "resharding_stream_records" {
      if peers[peer].view.configuration.behaviours.stopsOverForeignMethods {
        stopAll("Failed to handle committed entries")
      }
      throw .service("Destination shard \(way.shard) does not exist")
    }
    let transfer = ShardTransfer(way: way, keepsSource: keepsSource, method: method)
    return try begin(transfer, call, change.key, at: peer)
  }

  private mutating func begin(
    _ transfer: ShardTransfer, _ call: Call, _ key: ExactString, at peer: Int
  ) throws(Refusal) -> Reply {
    let reply = try propose(.startTransfer(key, transfer), call, at: peer)
    transferEnds.append(
      RunningTransfer(
        collection: key, way: transfer.way, due: current.now + current.seconds + timing.transfer))
    return reply
  }

  private mutating func restart(
    _ call: Call, _ change: ShardChange, at peer: Int
  ) throws(Refusal) -> Reply {
    let transfer = try change.running()
    let method = change.body["method"]?.string ?? ""
    guard transfer.method != method else {
      let way = change.way
      throw .badRequest(
        "Cannot restart transfer for shard \(way.shard) from \(way.from) to \(way.to), "
          + "its configuration did not change")
    }
    let operation = ClusterOperation.restartTransfer(change.key, change.way, method: method)
    return try propose(operation, call, at: peer)
  }

  private mutating func dropReplica(
    _ call: Call, _ change: ShardChange, at peer: Int
  ) throws(Refusal) -> Reply {
    let id = change.number("peer_id")
    let shard = try change.shard(change.way.shard)
    try checkPeer(id, at: peer)
    guard shard.state(on: id) != nil else {
      throw .badRequest("Peer \(id) has no replica of shard \(shard.id)")
    }
    guard shard.replicas.contains(where: { $0.peer != id && $0.state == .active }) else {
      throw .badRequest(
        "Shard \(shard.id) must have at least one active replica after removing \(id)")
    }
    return try propose(.dropReplica(change.key, shard: shard.id, peer: id), call, at: peer)
  }

  private mutating func replicatePoints(
    _ call: Call, _ change: ShardChange, at peer: Int
  ) throws(Refusal) -> Reply {
    func shards(_ field: String) throws(Refusal) -> (JSONValue, [Shard]) {
      let key = change.body[field] ?? ""
      let found = change.layout.shards(under: key)
      guard !found.isEmpty else {
        throw .wrongInput(
          "Shard key \(key.text()) does not exist for collection \(change.key.string)")
      }
      return (key, found)
    }
    let (fromKey, sources) = try shards("from_shard_key")
    let (toKey, targets) = try shards("to_shard_key")
    guard sources.count == 1 else {
      throw .badRequest(
        "Only replicating from shard keys with exactly one shard is supported. "
          + "Shard key \(fromKey.text()) has \(sources.count) shards")
    }
    let copies = targets.flatMap(\.replicas)
    guard copies.count == 1 else {
      throw .badRequest(
        "Only replicating to shard keys with exactly one replica is supported. "
          + "Shard key \(toKey.text()) has \(copies.count) replicas")
    }
    guard let filter = change.body["filter"] else {
      throw .badRequest(
        "Target shard \(targets[0].id) can only be set for ReshardingStreamRecords or filtered "
          + "streaming records transfers")
    }
    let source = sources[0].replicas.first { $0.state == .active }?.peer ?? 0
    let way = ShardTransfer.Way(shard: sources[0].id, from: source, to: copies[0].peer)
    let copying = ShardTransfer.Copying(shard: targets[0].id, filter: filter)
    let transfer = ShardTransfer(
      way: way, keepsSource: true, method: "stream_records", copying: copying)
    return try begin(transfer, call, change.key, at: peer)
  }

  private mutating func startResharding(
    _ call: Call, _ change: ShardChange, at peer: Int
  ) throws(Refusal) -> Reply {
    guard settings.allowsResharding else {
      throw .badRequest("resharding is only supported in Qdrant Cloud")
    }
    if let running = change.layout.resharding {
      throw .badRequest(
        "resharding \(running.debugText) is already in progress for collection "
          + change.key.string)
    }
    let direction = change.body["direction"]?.string ?? "up"
    let last = change.layout.shards.map(\.id).max() ?? 0
    let target = change.body["peer_id"]?.number?.unsigned
    let resharding = Resharding(
      uuid: random.uuid(), direction: direction, shard: direction == "up" ? last + 1 : last,
      peer: target ?? peers[peer].members.randomElement(using: &random) ?? 0,
      key: change.body["shard_key"])
    return try propose(.startResharding(change.key, resharding), call, at: peer)
  }

  /// While a shard is on its way the consensus never gets over it (recorded on 1.18.3,
  /// transfers/resharding-enabled).
  private mutating func abortResharding(
    _ call: Call, _ change: ShardChange, at peer: Int
  ) throws(Refusal) -> Reply {
    guard change.layout.resharding != nil else { throw change.noResharding }
    let reply = try propose(.abortResharding(change.key), call, at: peer)
    if !change.layout.transfers.isEmpty {
      for other in peers.indices { deliver(to: other, upTo: log.count) }
      isStuck = true
      current.seconds = 10
      throw .service(
        "Waiting for consensus operation commit failed. Timeout set at: 10 seconds")
    }
    return reply
  }

  /// Ends the consensus of every peer, as an entry does that none of them can apply.
  mutating func stopAll(_ reason: String) {
    for peer in peers.indices where isListening(peer) { peers[peer].stop = .failed(reason) }
  }
}

/// A change of the shards of a collection that is asked for.
private struct ShardChange {
  var key: ExactString
  var layout: ShardLayout
  var body: JSONValue

  func number(_ field: String) -> UInt64 { body[field]?.number?.unsigned ?? 0 }

  var way: ShardTransfer.Way {
    ShardTransfer.Way(
      shard: UInt32(clamping: number("shard_id")), from: number("from_peer_id"),
      to: number("to_peer_id"))
  }

  func shard(_ id: UInt32) throws(Refusal) -> Shard {
    guard let shard = layout.shards.first(where: { $0.id == id }) else {
      throw .badRequest("Shard \(id) of \(key.string) does not exist")
    }
    return shard
  }

  func running() throws(Refusal) -> ShardTransfer {
    guard let transfer = layout.transfers.first(where: { $0.way == way }) else {
      throw .notFound(
        "Shard transfer \(way.text) for collection \(key.string):\(way.shard) does not exist")
    }
    return transfer
  }

  var noResharding: Refusal {
    .badRequest("resharding is not in progress for collection \(key.string)")
  }
}

extension SimulatedSettings {
  /// Whether the number of shards may be changed.
  var allowsResharding: Bool {
    environment["QDRANT__CLUSTER__RESHARDING_ENABLED"] == "true"
  }
}
