import JSON

extension SimulatedServer {
  /// `GET /telemetry`.
  func telemetry(_ call: Call) throws(Refusal) -> Reply {
    let level: UInt64
    let isAnonymous: Bool
    do throws(Refusal) {
      level = try call.unsigned("details_level") ?? 0
      isAnonymous = try call.flag("anonymize")
    } catch {
      guard !configuration.behaviours.hasFullTelemetry else { throw error }
      let reason = error.text.split(separator: ": ").last ?? ""
      throw .plain("Query deserialize error: " + reason, status: 400)
    }
    let isPerCollection = try call.flag("per_collection")
    if configuration.behaviours.hasFullTelemetry { try call.checkTimeout() }
    let report = TelemetryReport(
      server: self, now: call.now, access: call.access, level: Int(clamping: level),
      isAnonymous: isAnonymous, isPerCollection: isPerCollection)
    return .result(report.body)
  }
}

extension Call {
  /// A truth value among the query parameters.
  func flag(_ name: String) throws(Refusal) -> Bool {
    switch target.value(name) {
    case nil, "false": return false
    case "true": return true
    default: throw query("provided string was not `true` or `false`")
    }
  }
}

/// What a server tells of itself; figures of its machine are constants of a plausible size.
struct TelemetryReport {
  let server: SimulatedServer
  let now: Double
  let access: Access
  let level: Int
  let isAnonymous: Bool
  let isPerCollection: Bool

  var body: JSONValue {
    var object: JSONObject = [
      "id": "8f0c9a4e-5a0b-4c89-9b1e-3e0a64f1c0d2", "app": app, "collections": collections,
    ]
    if !isScoped {
      object["cluster"] = cluster
      object["requests"] = requests
    }
    if level > 0 {
      if !isScoped {
        object["memory"] = [
          "active_bytes": 60_000_000, "allocated_bytes": 50_000_000, "metadata_bytes": 9_000_000,
          "resident_bytes": 80_000_000, "retained_bytes": 20_000_000,
        ]
      }
      object["hardware"] = ["collection_data": .object(hardware)]
      if server.configuration.behaviours.reportsSearchPool {
        object["search_pool"] = ["mode": "auto", "high_cpu_threads": 2, "high_io_threads": 2]
      }
    }
    if server.configuration.behaviours.hasQuotas, !isScoped {
      let none: JSONValue = ["resident_memory": .null, "disk_usage": .null]
      object["quota"] = ["config": server.quotas, "exceeded": none]
    }
    return .object(object)
  }

  /// Whether the reader may see single collections only, and nothing of the whole server.
  private var isScoped: Bool {
    if case .collections = access { return true }
    return false
  }

  private var app: JSONValue {
    let settings = server.configuration
    var object: JSONObject = [
      "name": "qdrant", "version": .string(settings.behaviours.version),
    ]
    if level > 0 {
      var features: JSONObject = [
        "debug": false, "service_debug_feature": false,
        "recovery_mode": .bool(settings.recoveryMode != nil), "gpu": false,
      ]
      for (name, isThere) in settings.behaviours.otherFeatures { features[name] = .bool(isThere) }
      object["features"] = .object(features)
      if !isAnonymous {
        let features = settings.behaviours.runtimeFeatures
        let switches = features.map { JSONObject.Member(key: $0.name, value: .bool($0.isOn)) }
        if !features.isEmpty { object["runtime_features"] = .object(JSONObject(switches)) }
        if settings.behaviours.reportsSearchPool { object["low_memory_mode"] = "disabled" }
      }
      if settings.behaviours.hasHealing {
        object["hnsw_global_config"] = ["healing_threshold": 0.3]
      }
      object["system"] = [
        "distribution": "Debian GNU/Linux", "distribution_version": "13", "is_docker": false,
        "cores": 2, "ram_size": 8_000_000, "disk_size": 100_000_000, "cpu_flags": "sse,avx",
        "cpu_endian": "little",
      ]
      if settings.value("service", "jwt_rbac") != nil {
        object["jwt_rbac"] = .bool(settings.usesTokens)
      }
    }
    object["startup"] = "2026-07-17T08:00:00Z"
    return .object(object)
  }

  private var cluster: JSONValue {
    var object: JSONObject = ["enabled": false]
    if level > 1 {
      object["config"] = [
        "grpc_timeout_ms": 5000, "p2p": ["connection_pool_size": 1],
        "consensus": [
          "max_message_queue_size": 128, "tick_period_ms": 100, "bootstrap_timeout_sec": 15,
        ],
      ]
    }
    if server.configuration.behaviours.reportsUpdateQueue { object["resharding_enabled"] = false }
    return .object(object)
  }

  private var hardware: JSONObject {
    var object = JSONObject()
    for key in server.collections.keys.sorted()
    where access.shows(key) && server.run.requests.hasUsage(of: key) {
      object[isAnonymous ? SipHash.anonymous(key.string) : key.string] = [
        "cpu": 0, "payload_io_read": 0, "payload_io_write": 0, "payload_index_io_read": 0,
        "payload_index_io_write": 0, "vector_io_read": 0, "vector_io_write": 0,
      ]
    }
    return object
  }

  private var collections: JSONValue {
    let listed = server.collections.filter { access.shows($0.key) }
      .sorted { $0.key < $1.key }
    var object: JSONObject = ["number_of_collections": .integer(listed.count)]
    if let limit = server.configuration.maxCollections {
      object["max_collections"] = .integer(limit)
    }
    guard level > 0 else { return .object(object) }
    let all = server.collections.keys.sorted()
    if server.configuration.behaviours.hasFullTelemetry {
      object["snapshots"] = level > 1 ? .array(all.map { snapshots(of: $0) }) : []
    }
    let reports = listed.map { key, collection -> JSONValue in
      level > 1 ? detailed(key, collection) : brief(collection)
    }
    object["collections"] = .array(reports)
    return .object(object)
  }

  private func snapshots(of key: ExactString) -> JSONValue {
    [
      "id": .string(name(key.string)), "running_snapshots": 0, "running_snapshot_recovery": 0,
      "total_snapshot_creations": 0,
    ]
  }

  private func name(_ text: String) -> String { isAnonymous ? SipHash.anonymous(text) : text }

  private func brief(_ collection: Collection) -> JSONValue {
    [
      "vectors": .integer(collection.isDormant ? 0 : collection.vectorCount),
      "optimizers_status": "ok", "params": .object(collection.config.params),
    ]
  }

  private func detailed(_ key: ExactString, _ collection: Collection) -> JSONValue {
    var config = collection.config.shown.object ?? JSONObject()
    if isAnonymous { config["metadata"] = Optional.none }
    let isHidden = isAnonymous && collection.layout != nil
    config["uuid"] = isHidden ? .null : collection.uuid.map { .string($0) } ?? .null
    var object: JSONObject = [
      "id": .string(name(key.string)), "init_time_ms": 1, "config": .object(config),
    ]
    let isLean = server.configuration.behaviours.hasLeanTelemetry
    if level > 2 || !isLean {
      let shards = ShardReports(
        collection: collection, now: now, hasSegments: level > 3 || !isLean,
        isAnonymous: isAnonymous,
        peerID: server.peerID, behaviours: server.configuration.behaviours,
        hasSentUpdates: server.run.requests.hasUsage(of: key))
      object["shards"] = .array(shards.list)
      object["transfers"] = []
      object["resharding"] = []
    }
    return .object(object)
  }

  private var requests: JSONValue {
    let counts = server.run.requests
    var rest: JSONObject = ["responses": routes(counts.all)]
    if isPerCollection, server.configuration.behaviours.countsByCollection {
      var object = JSONObject()
      for (key, routes) in counts.byCollection.sorted(by: { $0.key < $1.key })
      where access.shows(key) && server.collections[key] != nil {
        object[name(key.string)] = self.routes(routes)
      }
      rest["per_collection_responses"] = .object(object)
    }
    return ["rest": .object(rest), "grpc": ["responses": [:]]]
  }

  private func routes(_ routes: [String: RequestCounts.Statuses]) -> JSONValue {
    var object = JSONObject()
    for (route, statuses) in routes.sorted(by: { $0.key.precedes($1.key) }) {
      var answers = JSONObject()
      for (status, count) in statuses.sorted(by: { $0.key < $1.key }) {
        answers[String(status)] = durations(count)
      }
      object[route] = .object(answers)
    }
    return .object(object)
  }

  private func durations(_ count: Int) -> JSONValue {
    var object: JSONObject = ["count": .integer(count), "avg_duration_micros": 100.0]
    if level > 0 || !server.configuration.behaviours.hasLeanTelemetry {
      object["min_duration_micros"] = 100.0
      object["max_duration_micros"] = 100.0
      object["total_duration_micros"] = .integer(count.multipliedReportingOverflow(by: 100).0)
      object["last_responded"] = .string(ClockText.rfc3339(now))
    }
    return .object(object)
  }
}
