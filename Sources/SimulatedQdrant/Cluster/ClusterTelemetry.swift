import JSON

extension SimulatedCluster {
  /// `GET /telemetry`: that of a server by itself, with the part of the cluster.
  mutating func telemetry(_ call: Call, at peer: Int) throws(Refusal) -> Reply {
    let reply = try peers[peer].view.route(call)
    guard case .result(let shown) = reply, var report = shown.object, report["cluster"] != nil
    else { return reply }
    let level = Int(clamping: try call.unsigned("details_level") ?? 0)
    let isAnonymous = try call.flag("anonymize")
    report["cluster"] = clusterPart(level, isAnonymous: isAnonymous, at: peer)
    if level > 0 {
      report.withObject(at: "app") { $0.withObject(at: "system") { $0["cpu_cores_used"] = 2 } }
      report["hardware"] = ["collection_data": hardware(isAnonymous: isAnonymous, at: peer)]
    }
    return .result(.object(report))
  }

  private func clusterPart(_ level: Int, isAnonymous: Bool, at peer: Int) -> JSONValue {
    func name(_ text: String) -> String { isAnonymous ? SipHash.anonymous(text) : text }
    let known = peers[peer]
    var part: JSONObject = ["enabled": true]
    if level > 0 { part["status"] = raftStatus(of: peer) }
    if level > 1 {
      part["config"] = [
        "grpc_timeout_ms": 60000, "p2p": ["connection_pool_size": 2],
        "consensus": [
          "max_message_queue_size": 100, "tick_period_ms": 100, "bootstrap_timeout_sec": 15,
        ],
      ]
      part["peers"] = listed(known.members) { id in
        let address = peers.first { $0.id == id }?.address ?? ""
        return ["uri": .string(name(address + "/"))]
      }
    }
    if level > 2 {
      let version = JSONValue.string(known.view.configuration.behaviours.version)
      part["peer_metadata"] = listed(known.members) { _ in ["version": version] }
    }
    if level > 0, !known.metadata.isEmpty {
      part["metadata"] =
        isAnonymous
        ? ClusterMetadata.anonymous(.object(known.metadata)) : .object(known.metadata)
    }
    part["resharding_enabled"] = .bool(settings.allowsResharding)
    return .object(part)
  }

  /// What collections cost: those of which a shard is here.
  private func hardware(isAnonymous: Bool, at peer: Int) -> JSONValue {
    let figures: JSONValue = [
      "cpu": 0, "payload_io_read": 0, "payload_io_write": 0, "payload_index_io_read": 0,
      "payload_index_io_write": 0, "vector_io_read": 0, "vector_io_write": 0,
    ]
    let id = peers[peer].id
    let here = peers[peer].view.collections.filter {
      $0.value.layout?.local(to: id).isEmpty == false
    }
    return .object(
      JSONObject(
        here.keys.sorted().map { key in
          let name = isAnonymous ? SipHash.anonymous(key.string) : key.string
          return JSONObject.Member(key: name, value: figures)
        }))
  }

  private func listed(_ ids: [UInt64], _ value: (UInt64) -> JSONValue) -> JSONValue {
    .object(JSONObject(ids.map { JSONObject.Member(key: String($0), value: value($0)) }))
  }

  private func raftStatus(of peer: Int) -> JSONValue {
    let known = peers[peer]
    return [
      "number_of_peers": .integer(known.members.count), "term": .integer(term),
      "commit": .integer(known.applied), "pending_operations": 0, "role": belief(of: peer).role,
      "is_voter": .bool(known.stop != .removed), "peer_id": .identifier(known.id),
      "consensus_thread_status": threadStatus(of: peer),
    ]
  }

  /// `GET /cluster/telemetry`: asks all peers.
  mutating func clusterTelemetry(_ call: Call, at peer: Int) throws(Refusal) -> Reply {
    try call.checkTimeout()
    let level = Int(clamping: try call.unsigned("details_level") ?? 0)
    let shown = peers[peer].view.collections.filter { call.access.shows($0.key) }
    var collections = JSONObject()
    for (key, collection) in shown.sorted(by: { $0.key < $1.key }) {
      var object: JSONObject = ["id": .string(key.string)]
      let shards = collection.layout?.shards ?? []
      if level > 2, !shards.isEmpty {
        object["shards"] = .array(shards.map { topology(of: $0, collection) })
      }
      collections[key.string] = .object(object)
    }
    var result: JSONObject = ["collections": .object(collections)]
    if case .collections = call.access { return .result(.object(result)) }
    if peers.contains(where: { $0.process == .paused }) { current.seconds += timing.silence }
    let members = peers[peer].members
    result["cluster"] = [
      "enabled": true, "number_of_peers": .integer(members.count),
      "peers": listed(members) { details(of: $0) },
    ]
    return .result(.object(result))
  }

  private func details(of id: UInt64) -> JSONValue {
    guard let place = peers.firstIndex(where: { $0.id == id }) else { return .null }
    let address = JSONValue.string(peers[place].address + "/")
    guard peers[place].isRunning else {
      return ["uri": address, "responsive": false, "details": .null]
    }
    let version = peers[place].view.configuration.behaviours.version
    return [
      "uri": address, "responsive": true,
      "details": [
        "version": .string(version), "role": belief(of: place).role, "is_voter": true,
        "term": .integer(term), "commit": .integer(peers[place].applied),
        "num_pending_operations": 0, "consensus_thread_status": threadStatus(of: place),
      ],
    ]
  }

  private func topology(of shard: Shard, _ collection: Collection) -> JSONValue {
    let count = JSONValue.integer(collection.pointCount(of: shard))
    let names = collection.config.denseVectors.keys + collection.config.sparseVectors.keys
    let byName = JSONObject(names.map { JSONObject.Member(key: $0, value: count) })
    let replicas = shard.replicas.map { replica -> JSONValue in
      var object: JSONObject = [
        "peer_id": .identifier(replica.peer), "state": .string(replica.state.rawValue),
      ]
      guard isReachable(replica.peer) else { return .object(object) }
      object.members +=
        ([
          "status": "green", "total_optimized_points": 0, "vectors_size_bytes": 0,
          "payloads_size_bytes": 0, "num_points": count, "num_vectors": count,
          "num_vectors_by_name": .object(byName),
        ] as JSONObject).members
      return .object(object)
    }
    var object: JSONObject = ["id": .integer(Int(shard.id))]
    if let key = shard.key { object["key"] = key }
    object["replicas"] = .array(replicas)
    return .object(object)
  }
}

extension ShardReports {
  /// A shard of a cluster, as the peer with the report knows it.
  func report(of shard: Shard) -> JSONValue {
    let others = shard.replicas.filter { $0.peer != peerID }
    let states = shard.replicas.map {
      JSONObject.Member(key: String($0.peer), value: .string($0.state.rawValue))
    }
    let isLocal = shard.state(on: peerID) != nil
    return [
      "id": .integer(Int(shard.id)), "key": shard.key ?? .null,
      "local": isLocal ? local(collection.pointCount(of: shard)) : .null,
      "remote": .array(others.map { remote(shard, $0.peer) }),
      "replicate_states": .object(JSONObject(states)),
      "partial_snapshot": [
        "ongoing_create_snapshot_requests": 0, "is_recovering": false, "recovery_timestamp": 0,
      ],
    ]
  }

  /// What was asked of another peer; who has sent updates counts them in another member, too.
  private func remote(_ shard: Shard, _ peer: UInt64) -> JSONValue {
    let counts: JSONObject = [
      "count": 0, "total_duration_micros": 0, "last_responded": .string(ClockText.rfc3339(now)),
    ]
    var updates = counts
    if hasSentUpdates { updates["fail_count"] = 3 }
    return [
      "shard_id": .integer(Int(shard.id)), "peer_id": .identifier(peer),
      "searches": .object(counts), "updates": .object(updates),
    ]
  }

  /// An index of integers consists of several parts.
  func parts(of row: JSONObject) -> [JSONValue] {
    var numeric = row
    numeric["histogram_bucket_size"] = 10
    let isNumeric = row["index_type"]?.string == "integer"
    return isNumeric ? [.object(row), .object(numeric)] : [.object(row)]
  }
}

/// The values that the peers keep together.
enum ClusterMetadata {
  /// With numbers in place of names and texts.
  static func anonymous(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text): .string(SipHash.anonymous(text))
    case .array(let elements): .array(elements.map { anonymous($0) })
    case .object(let object):
      .object(
        JSONObject(
          object.members.map {
            JSONObject.Member(key: SipHash.anonymous($0.key), value: anonymous($0.value))
          }))
    default: value
    }
  }
}
