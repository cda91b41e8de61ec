import JSON

/// What reads and writes of points need of the peers that hold the shards.
extension SimulatedCluster {
  /// `GET /collections/{name}`: it needs every shard; without a local one it travels between peers.
  mutating func readCollection(
    _ call: Call, _ name: String, at peer: Int
  ) throws(Refusal) -> Reply {
    let reply = try peers[peer].view.route(call)
    guard let key = peers[peer].view.resolveIfPresent(name),
      let layout = peers[peer].layout(of: key), case .result(let shown) = reply
    else { return reply }
    let lacking = layout.shards.filter { isLacking($0, at: peer) }
    if let shard = lacking.randomElement(using: &random) {
      throw readFailure(shard, call, at: peer)
        ?? .service("0 of 0 read operations failed")
    }
    let isLocal = layout.shards.contains { $0.state(on: peers[peer].id) == .active }
    return layout.shards.isEmpty || isLocal ? reply : .result(InnerHop.passed(shown))
  }

  /// A read of points under a collection.
  mutating func readPoints(
    _ call: Call, _ name: String, _ rest: [String], at peer: Int
  ) throws(Refusal) -> Reply {
    let reply = try peers[peer].view.route(call, points: rest, of: name)
    let chosen = try shards(chosenBy: call, name, at: peer)
    guard let shard = chosen.filter({ isLacking($0, at: peer) }).randomElement(using: &random)
    else { return reply }
    if let failure = readFailure(shard, call, at: peer) { throw failure }
    guard !shard.replicas.isEmpty else {
      current.outcome = .closed
      return reply
    }
    throw .service(
      "The replica set for shard \(shard.id) on peer \(peers[peer].id) does not have enough "
        + "active replicas")
  }

  /// The shards that a request is about by the keys that it names.
  private func shards(
    chosenBy call: Call, _ name: String, at peer: Int
  ) throws(Refusal) -> [Shard] {
    guard let key = peers[peer].view.resolveIfPresent(name),
      let collection = peers[peer].view.collections[key], let layout = collection.layout
    else { return [] }
    guard collection.config.hasCustomSharding else {
      return layout.shards.filter { !$0.replicas.contains { $0.state == .resharding } }
    }
    let places =
      try collection.chosen(call.bodyMember("shard_key"), isWriting: false) ?? []
    return places.flatMap { layout.shards(under: collection.parts[$0].key) }
  }

  /// Whether no active copy of a shard can be talked to.
  private func isLacking(_ shard: Shard, at peer: Int) -> Bool {
    !shard.replicas.contains {
      ($0.state == .active || $0.state == .resharding) && isReachable($0.peer)
    }
  }

  /// Why a shard cannot be read whose active copies are all on lost peers; nil when there is none.
  private mutating func readFailure(_ shard: Shard, _ call: Call, at peer: Int) -> Refusal? {
    guard let lost = lostPeer(of: shard) else { return nil }
    let start = "1 of 1 read operations failed:\n  "
    guard lost.process == .paused else { return .service(start + Self.unreachable(lost)) }
    if call.target.value("timeout") == nil {
      current.seconds += timing.silence
      return .service(
        start + "Timeout error: Deadline Exceeded: code: 'Deadline expired before operation could "
          + "complete', message: \"Healthcheck timeout 2000ms exceeded\"")
    }
    current.seconds += 2 / 3 * timing.silence
    return .service(
      start + "Operation Cancelled: code: 'The operation was cancelled', message: \"Timeout "
        + "expired\", source: tonic::transport::Error(Transport, TimeoutExpired(()))")
  }

  private func lostPeer(of shard: Shard) -> ClusterPeer? {
    shard.replicas.filter { $0.state == .active }.compactMap { replica in
      peers.first { $0.id == replica.peer && !$0.isRunning }
    }.first
  }

  private static func unreachable(_ peer: ClusterPeer) -> String {
    "Service internal error: Tonic status error: code: 'The service is currently unavailable', "
      + "message: \"Failed to connect to \(peer.address)/, error: transport error\""
  }

  /// A write of points.
  mutating func writePoints(
    _ call: Call, _ name: String, _ rest: [String], at peer: Int
  ) throws(Refusal) -> Reply {
    var scratch = peers[peer].view
    let reply = try scratch.route(call, points: rest, of: name)
    guard let key = peers[peer].view.resolveIfPresent(name) else { return reply }
    let touched = try shards(touchedBy: call, key, at: peer)
    try checkOrdering(call, touched)
    let lost = lostCopies(of: touched, key)
    if !lost.isEmpty, !canCommit, call.target.value("ordering") != "strong",
      touched.allSatisfy({ !isLacking($0, at: peer) })
    {
      hang(call, at: peer, lost)
      return reply
    }
    let lacking = touched.filter { isLacking($0, at: peer) }
    if lacking.contains(where: { lostPeer(of: $0) == nil }) {
      throw .service(
        "Failed to apply operation to at least one `Active` replica. Consistency of this update "
          + "is not guaranteed. Please retry. ")
    }
    writeEverywhere(call, except: lacking.map(\.id))
    try reachCopies(of: touched.map(\.id), key, at: peer)
    return reply
  }

  /// Lets a write hang that would have to declare a copy dead first. A leader has done its own part
  /// by then (recorded on 1.18.3, lost-peers/two-killed-leader-asked and -follower-asked).
  private mutating func hang(_ call: Call, at peer: Int, _ lost: [ClusterOperation]) {
    let isDone = leader == peers[peer].id
    if isDone { writeEverywhere(call) }
    hanging.append(HangingWrite(call: call, peer: peer, isDone: isDone, lost: lost))
    current.outcome = .silence
  }

  /// The shards whose points a write names; all that it may be about when it names none.
  private func shards(
    touchedBy call: Call, _ key: ExactString, at peer: Int
  ) throws(Refusal) -> [Shard] {
    let all = try shards(chosenBy: call, key.string, at: peer)
    guard let collection = peers[peer].view.collections[key],
      let points = call.bodyMember("points")?.array
    else { return all }
    let ids = points.compactMap { PointID($0["id"] ?? $0) }
    return all.filter { shard in
      let ring = collection.ring(with: shard)
      return ids.contains { ring.shard(of: $0) == shard.id }
    }
  }

  /// A strong write goes through the copy on the peer of the highest number.
  private func checkOrdering(_ call: Call, _ shards: [Shard]) throws(Refusal) {
    guard call.target.value("ordering") == "strong" else { return }
    for shard in shards {
      guard let highest = shard.replicas.map(\.peer).max(),
        let lost = peers.first(where: { $0.id == highest && !$0.isRunning })
      else { continue }
      throw .service(
        "Failed to apply update with Strong ordering via leader peer \(highest): "
          + Self.unreachable(lost))
    }
  }

  /// What has to be agreed on after a write: that copies which could not take it are dead.
  private func lostCopies(of shards: [Shard], _ key: ExactString) -> [ClusterOperation] {
    shards.flatMap { shard -> [ClusterOperation] in
      guard shard.replicas.contains(where: { $0.state == .active && isReachable($0.peer) })
      else { return [] }
      return shard.replicas.filter { $0.state == .active && !isReachable($0.peer) }.map {
        .setReplica(key, shard: shard.id, peer: $0.peer, .dead)
      }
    }
  }

  /// Tells that shards could not be updated, and declares dead the copies that could not be
  /// reached.
  mutating func reachCopies(
    of ids: [UInt32], _ key: ExactString, at peer: Int
  ) throws(Refusal) {
    let all = peers[peer].layout(of: key)?.shards ?? []
    let shards = all.filter { ids.contains($0.id) }
    let lost = lostCopies(of: shards, key)
    let isSilent = shards.contains { shard in
      shard.replicas.contains { replica in
        replica.state == .active
          && peers.contains { $0.id == replica.peer && $0.process == .paused }
      }
    }
    if isSilent { current.seconds += timing.silence }
    if canCommit { for operation in lost { carryOut(operation) } }
    let lacking = shards.filter { isLacking($0, at: peer) }
    guard let first = lacking.randomElement(using: &random) else { return }
    guard let gone = lostPeer(of: first) else { return }
    throw .service(
      "\(lacking.count) out of \(shards.count) shards failed to apply operation. First error "
        + "captured: " + Self.unreachable(gone))
  }

  /// Lets every peer that runs write, but for the shards that nobody can be reached for.
  mutating func writeEverywhere(_ call: Call, except lacking: [UInt32] = []) {
    guard let name = call.pathCollection else { return }
    let rest = Array(call.target.segments.dropFirst(3))
    for peer in peers.indices where peers[peer].isRunning && !peers[peer].isLeftBehind {
      guard let key = peers[peer].view.resolveIfPresent(name) else { continue }
      let before = peers[peer].view.collections[key]
      do throws(Refusal) {
        _ = try peers[peer].view.route(call, points: rest, of: name)
      } catch {}
      if let before, !lacking.isEmpty {
        peers[peer].view.collections[key]?.keep(before, in: lacking)
      }
    }
  }
}

extension Collection {
  /// Takes back what was changed in some shards.
  fileprivate mutating func keep(_ before: Collection, in shards: [UInt32]) {
    guard !config.hasCustomSharding, let first = layout?.shards.first else {
      self = before
      return
    }
    let ring = ring(with: first)
    for id in points.ids + before.points.ids where shards.contains(ring.shard(of: id)) {
      points[id] = before.points[id]
    }
  }
}

extension SimulatedServer {
  /// A request about points, with keys or without.
  mutating func route(
    _ call: Call, points rest: [String], of name: String
  ) throws(Refusal) -> Reply {
    guard let key = resolveIfPresent(name), collections[key]?.config.hasCustomSharding == true
    else {
      return try route(call)
    }
    return try routeKeyedPoints(call, name, rest)
  }
}
