import JSON

extension SimulatedCluster {
  /// Finds what answers a request at a peer: what differs from a server by itself is here, all else
  /// is answered by the peer's view.
  mutating func route(_ call: Call, at peer: Int) throws(Refusal) -> Reply {
    let segments = call.target.segments
    switch segments.first {
    case "cluster": return try routeMembership(call, Array(segments.dropFirst()), at: peer)
    case "collections": return try routeCollections(call, segments, at: peer)
    case "telemetry" where segments.count == 1: return try telemetry(call, at: peer)
    case "readyz" where peers[peer].isLeftBehind:
      return .plain(
        status: 503, type: "text/plain; charset=utf-8", text: "some shards are not ready")
    default: return try peers[peer].view.route(call)
    }
  }

  private mutating func routeCollections(
    _ call: Call, _ segments: [String], at peer: Int
  ) throws(Refusal) -> Reply {
    switch segments.count {
    case 1: return try peers[peer].view.route(call)
    case 2:
      switch call.request.method {
      case "GET": return try readCollection(call, segments[1], at: peer)
      case "PUT": return try createCollection(call, segments[1], at: peer)
      case "PATCH", "DELETE": return try change(call, at: peer)
      case "POST" where segments[1] == "aliases":
        let isShared = (call.bodyMember("actions")?.array ?? []).contains {
          $0["create_alias"] != nil || $0["rename_alias"] != nil
        }
        return try change(call, at: peer, isShared: isShared)
      default: return .noRoute
      }
    default: return try routePart(call, segments[1], Array(segments.dropFirst(2)), at: peer)
    }
  }

  /// What stands below a collection; `rest` begins after its name.
  private mutating func routePart(
    _ call: Call, _ name: String, _ rest: [String], at peer: Int
  ) throws(Refusal) -> Reply {
    let below = Array(rest.dropFirst())
    switch rest[0] {
    case "index", "vectors": return try changeSchema(call, name, at: peer)
    case "points":
      return AccessRequirement.writesPoints(call.request.method, below)
        ? try writePoints(call, name, below, at: peer)
        : try readPoints(call, name, below, at: peer)
    case "cluster" where below.isEmpty && call.isMethod("GET"):
      return try showShards(name, at: peer)
    case "cluster" where below.isEmpty && call.isMethod("POST"):
      return try changeShards(call, name, at: peer)
    case "shards": return try routeShards(call, name, below, at: peer)
    case "snapshots": return try routeSnapshots(call, name, below, at: peer)
    default: return try peers[peer].view.route(call)
    }
  }

  /// A change of what all peers agree on.
  private mutating func change(
    _ call: Call, at peer: Int, isShared: Bool = false
  ) throws(Refusal) -> Reply {
    try checkForm(call, at: peer)
    return try propose(
      .request(call, seed: random.next()), call, at: peer, isShared: isShared)
  }

  /// Tells mistakes of a request before it is put to the cluster.
  private func checkForm(_ call: Call, at peer: Int) throws(Refusal) {
    var scratch = peers[peer].view
    do throws(Refusal) { _ = try scratch.route(call) } catch {
      if error.isAboutForm { throw error }
    }
  }

  /// The answer comes when the new shards are active, or when it gives up on those that cannot.
  private mutating func createCollection(
    _ call: Call, _ name: String, at peer: Int
  ) throws(Refusal) -> Reply {
    let reply = try change(call, at: peer, isShared: true)
    let timeout = try call.unsigned("timeout") ?? 10
    let shards = peers[peer].layout(of: ExactString(name))?.shards ?? []
    let isComplete = shards.allSatisfy { $0.replicas.allSatisfy { isReachable($0.peer) } }
    if !isComplete { current.seconds = max(current.seconds, Double(timeout) + 0.3) }
    return reply
  }

  /// An index or a vector name: a change of the registry, then an update of every shard.
  private mutating func changeSchema(
    _ call: Call, _ name: String, at peer: Int
  ) throws(Refusal) -> Reply {
    let waits = call.target.value("wait") == "true"
    let key = peers[peer].view.resolveIfPresent(name)
    let reply = try change(call, at: peer, isShared: waits)
    guard let key, let layout = peers[peer].layout(of: key) else { return reply }
    try reachCopies(of: layout.shards.map(\.id), key, at: peer)
    return reply
  }
}

extension SimulatedServer {
  /// The collection that a name or an alias stands for, if there is one.
  func resolveIfPresent(_ name: String) -> ExactString? {
    let key = ExactString(name)
    let target = aliases[key] ?? key
    return collections[target] == nil ? nil : target
  }
}
