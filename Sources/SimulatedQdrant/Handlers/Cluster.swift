import JSON

extension SimulatedServer {
  private static let standalone = Refusal.service("Qdrant is running in standalone mode")

  /// What needs consensus.
  private var noConsensus: Refusal {
    configuration.behaviours.standaloneRefusal(SimulatedServer.standalone)
  }

  /// What moves shards about.
  private func notDistributed(_ end: String = "") -> Refusal {
    configuration.behaviours.standaloneRefusal(.badRequest("Distributed mode disabled" + end))
  }

  /// `/cluster…`; `rest` begins after `cluster`.
  mutating func routeCluster(_ call: Call, _ rest: [String]) throws(Refusal) -> Reply {
    switch (call.request.method, rest.first, rest.count) {
    case ("GET", nil, _): return .result(["status": "disabled"])
    case ("GET", "telemetry", 1) where configuration.behaviours.hasClusterTelemetry:
      throw SimulatedServer.standalone
    case ("POST", "recover", 1): throw noConsensus
    case ("DELETE", "peer", 2):
      guard UInt64(rest[1]) != nil else {
        let text = "can not parse \(RustText.debug(rest[1])) to a u64"
        return .plain(status: 404, type: "text/plain; charset=utf-8", text: text)
      }
      throw notDistributed(".")
    case ("GET", "metadata", 2...3), ("PUT", "metadata", 3), ("DELETE", "metadata", 3):
      guard rest[1] == "keys" else { return .noRoute }
      throw noConsensus
    default: return .noRoute
    }
  }

  /// `/collections/{name}/shards…`; `rest` begins after `shards`.
  mutating func routeShards(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    switch (call.request.method, rest.count) {
    case ("GET", 0) where configuration.behaviours.listsShards:
      let key = try resolve(name)
      let isCustom = collections[key]?.config.hasCustomSharding ?? false
      return .result(isCustom ? ["shard_keys": []] : [:])
    case ("PUT", 0):
      _ = try call.body(Shapes.createShardKey, settings: configuration)
      try call.checkTimeout()
      throw notDistributed()
    case ("POST", 1) where rest[0] == "delete":
      _ = try call.body(Shapes.dropShardKey, settings: configuration)
      try call.checkTimeout()
      throw notDistributed()
    case (_, 2...): return try routeShard(call, name, rest)
    default: return .noRoute
    }
  }

  /// What addresses one shard; `rest` begins with its number.
  private mutating func routeShard(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    switch (call.request.method, rest[1]) {
    case ("POST", "points"):
      try checkShard(rest[0], of: name)
      return try routeShardPoints(call, name, rest)
    case ("GET", "snapshot") where rest.count == 2:
      try checkShard(rest[0], of: name)
      return .bytes(
        status: 200, type: "application/octet-stream",
        body: SnapshotFile.bytes(of: shardDocument(try resolve(name), rest[0])))
    case (_, "snapshots"):
      return try routeShardSnapshots(call, name, rest[0], Array(rest.dropFirst(2)))
    default: return .noRoute
    }
  }

  /// Reads points of one shard: of a copy that has no others.
  private func routeShardPoints(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    var part = self
    let key = try resolve(name)
    if let shard = UInt32(rest[0]), let count = collections[key]?.config.shardCount, count > 1 {
      let ring = ShardRing(shardCount: min(count, 10_000))
      for id in collections[key]?.points.ids ?? [] where ring.shard(of: id) != shard {
        part.collections[key]?.points[id] = nil
      }
    }
    return try part.routePoints(call, name, Array(rest.dropFirst(2)))
  }

  /// Whether the collection has that shard.
  func checkShard(_ text: String, of name: String) throws(Refusal) {
    guard let shard = UInt32(text) else {
      let reason = "can not parse \(RustText.debug(text)) to a u32"
      guard !configuration.behaviours.refusesPathNumbersPlainly else { throw .plain(reason) }
      throw Refusal(status: 400, text: "Deserialize error in path parameters: " + reason)
    }
    let key = try resolve(name)
    let layout = collections[key]?.layout
    let isThere =
      layout.map { $0.index(of: shard) != nil }
      ?? (Int(shard) < collections[key]?.config.shardCount ?? 0)
    guard isThere else {
      throw .notFound("shard \(shard) not found")
    }
  }

  /// `GET /collections/{name}/cluster`.
  func collectionCluster(_ name: String) throws(Refusal) -> Reply {
    let key = try resolve(name)
    guard let collection = collections[key] else { throw .noCollection(name) }
    let counts = collection.pointCounts
    let shards = counts.enumerated().map { shard, count -> JSONValue in
      ["shard_id": .integer(shard), "points_count": .integer(count), "state": "Active"]
    }
    return .result([
      "peer_id": .number(JSONNumber(text: String(peerID))), "shard_count": .integer(counts.count),
      "local_shards": .array(shards), "remote_shards": [], "shard_transfers": [],
    ])
  }

  /// `POST /collections/{name}/cluster`: all that it can do needs a cluster.
  mutating func changeCollectionCluster(
    _ call: Call, _ name: String
  ) throws(Refusal) -> Reply {
    _ = try call.body(Shapes.clusterOperation, settings: configuration)
    try call.checkTimeout()
    throw notDistributed()
  }
}

extension Collection {
  /// Points by shard.
  var pointCounts: [Int] {
    let shards = min(config.shardCount, 10_000)
    guard shards > 1, points.count > 0 else {
      return (0..<shards).map { _ in points.count }
    }
    let ring = ShardRing(shardCount: shards)
    var counts = Array(repeating: 0, count: shards)
    for id in points.ids { counts[Int(ring.shard(of: id))] += 1 }
    return counts
  }
}
