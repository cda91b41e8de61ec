import JSON

/// Snapshots: every peer has its own, of the shards that it holds.
extension SimulatedCluster {
  private static let plainText = "text/plain; charset=utf-8"

  /// `/collections/{name}/snapshots…`; `rest` begins after `snapshots`.
  mutating func routeSnapshots(
    _ call: Call, _ name: String, _ rest: [String], at peer: Int
  ) throws(Refusal) -> Reply {
    switch (call.request.method, rest) {
    case ("POST", []):
      guard let key = peers[peer].view.resolveIfPresent(name),
        let whole = peers[peer].view.collections[key]
      else { break }
      defer { peers[peer].view.collections[key] = whole }
      let id = peers[peer].id
      peers[peer].view.collections[key]?.keep { $0.state(on: id) != nil }
      return try peers[peer].view.route(call)
    case ("PUT", ["recover"]):
      let settings = peers[peer].view.configuration
      let body = try call.body(Shapes.recoverCollection, settings: settings)
      return try recover(call, name, body, at: peer)
    default: break
    }
    return try peers[peer].view.route(call)
  }

  /// Makes a collection anew from a snapshot or replaces its shards.
  private mutating func recover(
    _ call: Call, _ name: String, _ body: JSONValue, at peer: Int
  ) throws(Refusal) -> Reply {
    let bytes = try fetch(body["location"]?.string ?? "", for: name, at: peer)
    let saved = try peers[peer].view.restored(Archive(bytes: bytes, path: ""), name)
    let key = peers[peer].view.resolveIfPresent(name) ?? ExactString(name)
    if peers[peer].view.collections[key] == nil {
      let operation = ClusterOperation.restore(key, saved, seed: random.next())
      _ = try propose(operation, call, at: peer, isShared: true)
    }
    for shard in saved.layout?.shards ?? [] {
      take(shard, of: saved, key, priority: body["priority"]?.string, at: peer)
    }
    return .true
  }

  /// Takes over a shard: as the truth for all copies, for this copy only, or to be replaced by the
  /// others. The last has never come to an end beside another copy, and nothing was agreed on after
  /// it (recorded on 1.18.3, cluster-snapshots/priorities).
  private mutating func take(
    _ shard: Shard, of saved: Collection, _ key: ExactString, priority: String?, at peer: Int
  ) {
    let id = peers[peer].id
    let isOnly = priority == "no_sync" || priority == "replica" || isStuck
    for other in peers.indices where other == peer || !isOnly {
      peers[other].view.collections[key]?.replace(shard, with: saved)
    }
    let all = peers[peer].layout(of: key)?.shards ?? []
    guard let present = all.first(where: { $0.id == shard.id }), priority != "no_sync" else {
      return
    }
    let hasOthers = present.replicas.contains { $0.peer != id && $0.state == .active }
    if priority == "replica", hasOthers {
      carryOut(.setReplica(key, shard: shard.id, peer: id, .manualRecovery))
      isStuck = true
    } else {
      carryOut(.setReplica(key, shard: shard.id, peer: id, .active))
    }
  }

  /// The bytes at a location, which may be an address of another peer.
  private func fetch(
    _ location: String, for name: String, at peer: Int
  ) throws(Refusal) -> [UInt8] {
    let view = peers[peer].view
    guard let address = ResourceAddress(location),
      ["http", "https"].contains(address.scheme),
      let other = peers.firstIndex(where: { $0.isRunning && $0.serves(address.host) })
    else { return try view.fetch(location, for: name) }
    var source = self
    let key = settings.environment["QDRANT__SERVICE__API_KEY"]
    let request = SimulatedRequest(
      method: "GET", target: address.path, headers: key.map { [("api-key", $0)] } ?? [])
    let answer = source.handle(request, at: other, now: current.now).response
    guard answer.status == 200 else {
      let reason = answer.status == 404 ? "404 Not Found" : "\(answer.status)"
      throw .wrongInput("Failed to download tar from \(location): status - \(reason)")
    }
    return answer.body
  }

  /// `/collections/{name}/shards/{id}/snapshots…`; `rest` begins with `snapshot` or `snapshots`.
  mutating func routeShardSnapshots(
    _ call: Call, _ name: String, _ number: String, _ rest: [String], at peer: Int
  ) throws(Refusal) -> Reply {
    let shard = try shard(number, of: name, at: peer)
    let isLocal = shard.state(on: peers[peer].id) != nil
    switch (call.request.method, rest.count, rest.last) {
    case ("PUT", 2, "recover"):
      let settings = peers[peer].view.configuration
      let body = try call.body(Shapes.recoverShard, settings: settings)
      return try recover(shard, call, name, body, at: peer)
    case ("GET", 1, "snapshot") where !isLocal:
      let text = "Wrong input: Shard \(shard.id) is not a local or queue proxy shard"
      return .plain(status: 400, type: Self.plainText, text: text)
    case ("POST", 1, _) where !isLocal:
      throw .wrongInput("Shard \(shard.id) is not a local or queue proxy shard")
    case ("GET", 1, _) where !isLocal:
      throw .wrongInput("Shard \(shard.id) is not a local shard")
    default: return try peers[peer].view.route(call)
    }
  }

  private mutating func recover(
    _ shard: Shard, _ call: Call, _ name: String, _ body: JSONValue, at peer: Int
  ) throws(Refusal) -> Reply {
    let key = try peers[peer].view.resolve(name)
    let location = body["location"]?.string ?? ""
    let folder = SnapshotFolder.shard(String(shard.id), of: key)
    let bytes: [UInt8]
    if let address = ResourceAddress(location) {
      guard address.scheme != "file" else {
        throw .wrongInput(
          "Invalid snapshot URL \(location): URLs with file scheme are not supported")
      }
      bytes = try fetch(location, for: name, at: peer)
    } else {
      guard let file = peers[peer].view.snapshot(location, folder) else {
        throw .notFound("Snapshot \"\(folder.text)/\(location)\" not found")
      }
      bytes = file.bytes
    }
    let saved = try peers[peer].view.restored(Archive(bytes: bytes, path: ""), name)
    take(shard, of: saved, key, priority: body["priority"]?.string, at: peer)
    return .true
  }
}

extension ClusterPeer {
  /// Whether clients reach it at that host and port.
  fileprivate func serves(_ host: String) -> Bool {
    guard let colon = address.lastIndex(of: ":"),
      let port = Int(address[address.index(after: colon)...])
    else { return false }
    return ["127.0.0.1", "localhost"].contains { host == "\($0):\(port - 2)" }
  }
}

extension Collection {
  /// Leaves some shards only.
  mutating func keep(where isKept: (Shard) -> Bool) {
    guard let layout else { return }
    keep(only: layout.shards.filter(isKept))
    self.layout?.shards.removeAll { !isKept($0) }
  }

  /// Replaces the points of a shard by those of a saved collection.
  mutating func replace(_ shard: Shard, with saved: Collection) {
    let ring = ring(with: shard)
    let fresh = saved.store(of: shard)
    func replaced(_ store: PointStore) -> PointStore {
      var store = store
      for id in store.ids where ring.shard(of: id) == shard.id { store[id] = nil }
      for id in fresh.ids where ring.shard(of: id) == shard.id { store[id] = fresh[id] }
      return store
    }
    if let key = shard.key, let place = part(of: key) {
      parts[place].points = replaced(parts[place].points)
      unite()
    } else {
      points = replaced(points)
    }
    for index in saved.indexes where self.index(of: index.field) == nil { indexes.append(index) }
  }

  /// What a snapshot keeps of a cluster: the shards, and the points by their keys.
  var savedLayout: JSONValue? {
    guard let layout else { return nil }
    let shards = layout.shards.map { shard -> JSONValue in
      ["id": .integer(Int(shard.id)), "key": shard.key ?? .null]
    }
    let saved = parts.map { part -> JSONValue in
      let points = part.points.ids.compactMap { part.points[$0]?.document(id: $0) }
      return ["key": part.key, "points": .array(points)]
    }
    return ["shards": .array(shards), "parts": .array(saved)]
  }

  /// Takes over what `savedLayout` gave.
  mutating func restore(layout saved: JSONValue) {
    let shards = (saved["shards"]?.array ?? []).map { shard in
      let key = shard["key"].flatMap { $0.isNull ? Optional.none : $0 }
      return Shard(id: UInt32(clamping: shard["id"]?.integer ?? 0), key: key, replicas: [])
    }
    layout = ShardLayout(shards: shards)
    parts = (saved["parts"]?.array ?? []).map { part in
      var keyed = KeyedPoints(key: part["key"] ?? .null)
      for point in part["points"]?.array ?? [] {
        if let id = point["id"].flatMap({ PointID($0) }) {
          keyed.points[id] = Point(document: point)
        }
      }
      return keyed
    }
  }
}
