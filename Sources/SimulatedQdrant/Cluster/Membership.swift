import JSON

/// `/cluster…`: the peers, and the values that they keep together.
extension SimulatedCluster {
  private static let plainText = "text/plain; charset=utf-8"

  mutating func routeMembership(
    _ call: Call, _ rest: [String], at peer: Int
  ) throws(Refusal) -> Reply {
    switch (call.request.method, rest.first, rest.count) {
    case ("GET", nil, _): return .result(status(of: peer))
    case ("GET", "telemetry", 1): return try clusterTelemetry(call, at: peer)
    case ("POST", "recover", 1): return .true
    case ("DELETE", "peer", 2): return try removePeer(call, rest[1], at: peer)
    case (_, "metadata", 2...3) where rest[1] == "keys":
      return try routeMetadata(call, rest.count > 2 ? rest[2] : nil, at: peer)
    default: return .noRoute
    }
  }

  /// `GET /cluster`.
  private func status(of peer: Int) -> JSONValue {
    let known = peers[peer]
    let shown = JSONObject(
      known.members.map { id in
        let address = peers.first { $0.id == id }?.address ?? ""
        return JSONObject.Member(key: String(id), value: ["uri": .string(address + "/")])
      })
    let failures = known.failures.sorted { $0.key < $1.key }.map { id, since in
      JSONObject.Member(
        key: (peers.first { $0.id == id }?.address ?? "") + "/",
        value: [
          "count": 1, "latest_error": "error trying to connect: tcp connect error",
          "latest_error_timestamp": .string(ClockText.rfc3339(since)),
        ])
    }
    return [
      "status": "enabled", "peer_id": .identifier(known.id), "peers": .object(shown),
      "raft_info": raftInfo(of: peer),
      "consensus_thread_status": threadStatus(of: peer),
      "message_send_failures": .object(JSONObject(failures)),
    ]
  }

  private func raftInfo(of peer: Int) -> JSONValue {
    let known = peers[peer]
    let (leader, role) = belief(of: peer)
    return [
      "term": .integer(term), "commit": .integer(known.applied),
      "pending_operations": .integer(known.stop == nil ? 0 : 1), "leader": leader, "role": role,
      "is_voter": .bool(known.members.contains(known.id)),
    ]
  }

  /// The leader and the role that a peer tells.
  func belief(of peer: Int) -> (leader: JSONValue, role: JSONValue) {
    let known = peers[peer]
    if known.isLeftBehind { return (.null, .null) }
    if known.stop != nil { return (.identifier(known.id), "Leader") }
    guard let leader else { return (0, hasQuorum ? "Follower" : "Candidate") }
    return (.identifier(leader), leader == known.id ? "Leader" : "Follower")
  }

  func threadStatus(of peer: Int) -> JSONValue {
    switch peers[peer].stop {
    case nil:
      return [
        "consensus_thread_status": "working",
        "last_update": .string(ClockText.rfc3339(current.now)),
      ]
    case .removed: return ["consensus_thread_status": "stopped"]
    case .failed(let reason):
      return ["consensus_thread_status": "stopped_with_err", "err": .string(reason)]
    }
  }

  /// `DELETE /cluster/peer/{id}`; one that is unknown is removed without a word.
  private mutating func removePeer(
    _ call: Call, _ text: String, at peer: Int
  ) throws(Refusal) -> Reply {
    guard let id = UInt64(text) else {
      let reason = "can not parse \(RustText.debug(text)) to a u64"
      return .plain(status: 404, type: Self.plainText, text: reason)
    }
    try call.checkTimeout()
    let isForced = try call.flag("force")
    let hasShards = peers[peer].view.collections.values.contains { collection in
      collection.layout?.shards.contains { $0.state(on: id) != nil } ?? false
    }
    if hasShards, !isForced {
      throw .badRequest("Cannot remove peer \(id) as there are shards on it")
    }
    guard peers[peer].members != [id] else { return try removeLast(call, at: peer) }
    return try propose(.removePeer(id), call, at: peer)
  }

  /// The last peer cannot apply its own removal.
  private mutating func removeLast(_ call: Call, at peer: Int) throws(Refusal) -> Reply {
    let timeout = try call.unsigned("timeout") ?? 10
    peers[peer].stop = .failed("Failed to apply committed entries")
    current.seconds += Double(timeout)
    throw .service(
      "Waiting for consensus operation commit failed. Timeout set at: \(timeout) seconds")
  }

  /// `/cluster/metadata/keys…`.
  private mutating func routeMetadata(
    _ call: Call, _ key: String?, at peer: Int
  ) throws(Refusal) -> Reply {
    switch (call.request.method, key) {
    case ("GET", nil):
      let names = peers[peer].metadata.keys.sorted { $0.precedes($1) }
      return .result(.array(names.map { .string($0) }))
    case ("GET", .some(let key)): return .result(peers[peer].metadata[key] ?? .null)
    case ("PUT", .some(let key)):
      var reader = WireReader(call.request.body)
      let value: JSONValue
      do throws(WireFailure) {
        value = try reader.buffered()
        try reader.endOfText()
      } catch {
        return .plain(
          status: 400, type: Self.plainText, text: "Json deserialize error: " + error.text)
      }
      return try setMetadata(call, key, value, at: peer)
    case ("DELETE", .some(let key)): return try setMetadata(call, key, .null, at: peer)
    default: return .noRoute
    }
  }

  private mutating func setMetadata(
    _ call: Call, _ key: String, _ value: JSONValue, at peer: Int
  ) throws(Refusal) -> Reply {
    let operation = ClusterOperation.setMetadata(key, value)
    guard try call.flag("wait") else {
      if canCommit { commitUnattended(operation, after: timing.commit) }
      if !canCommit, leader == peers[peer].id { waiting.append(operation) }
      return .true
    }
    var patient = call
    patient.target.query.removeAll { $0.name == "timeout" }
    do throws(Refusal) { return try propose(operation, patient, at: peer) } catch {
      throw .service(
        "Failed to propose and confirm metadata update operation through consensus: "
          + error.text)
    }
  }
}

extension JSONValue {
  /// The identifier of a peer.
  static func identifier(_ id: UInt64) -> JSONValue { .number(JSONNumber(text: String(id))) }
}
