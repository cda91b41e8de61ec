import JSON

/// The settings of a server as far as they show on the wire, read from its environment.
struct ServerSettings: Sendable {
  var behaviours: Behaviours
  /// The shards of a collection that says nothing about them: as many as there are peers.
  var usualShardCount = 1
  /// All settings as a tree of lower-case names.
  private var tree = JSONObject()

  init(_ settings: SimulatedSettings) {
    behaviours = Behaviours(line: settings.version)
    for (name, text) in settings.environment.sorted(by: { $0.key < $1.key })
    where name.hasPrefix("QDRANT__") {
      let path = ServerSettings.path(of: String(name.dropFirst("QDRANT__".count)))
      tree.set(ServerSettings.value(of: text), at: path)
    }
  }

  /// `STORAGE__MAX_COLLECTIONS` becomes `storage`, `max_collections`.
  private static func path(of name: String) -> [String] {
    var parts: [String] = [""]
    var rest = Substring(name.lowercased())
    while let first = rest.first {
      if rest.hasPrefix("__") {
        parts.append("")
        rest = rest.dropFirst(2)
      } else {
        parts[parts.count - 1].append(first)
        rest = rest.dropFirst()
      }
    }
    return parts
  }

  /// A value as the server reads it from a variable: a truth value, a number or a text.
  private static func value(of text: String) -> JSONValue {
    switch text.lowercased() {
    case "true": return true
    case "false": return false
    default:
      if Int64(text) != nil || Double(text) != nil,
        let number = WireNumber(literal: text.hasPrefix("+") ? String(text.dropFirst()) : text)
      {
        return number.json
      }
      return .string(text)
    }
  }

  func value(_ path: String...) -> JSONValue? { JSONValue.object(tree)[path: path] }

  private func text(_ path: String...) -> String? {
    guard let value = JSONValue.object(tree)[path: path] else { return nil }
    return value.string ?? value.number?.text ?? value.bool.map { String($0) }
  }

  var apiKey: String? { text("service", "api_key") }
  var readOnlyKey: String? { text("service", "read_only_api_key") }
  var otherKey: String? { behaviours.hasOtherKey ? text("service", "alt_api_key") : nil }
  var usesTokens: Bool { value("service", "jwt_rbac")?.bool ?? false }
  var maxCollections: Int? {
    behaviours.readsCollectionLimit ? value("storage", "max_collections")?.integer : nil
  }
  var maxRequestBytes: Int { (value("service", "max_request_size_mb")?.integer ?? 32) << 20 }
  /// The refusal of a body that is too long: 400, not 413, as recorded
  /// (collections-create-invalid/body-over-the-limit).
  func oversized(_ count: Int, limit: Int) -> Refusal {
    let text = "JSON payload (\(count) bytes) is larger than allowed (limit: \(limit) bytes)."
    return Refusal(status: 400, text: behaviours.oversizedPrefix + text)
  }
  /// Whether a snapshot may be fetched from an address.
  var fetchesSnapshots: Bool {
    guard behaviours.hasURLRecoverySwitch else { return true }
    return value("service", "enable_snapshot_url_recovery")?.bool ?? true
  }
  var reportsHardware: Bool { value("service", "hardware_reporting")?.bool ?? false }
  var keepsAudit: Bool { behaviours.hasAudit && value("audit", "enabled")?.bool ?? false }
  var recoveryMode: String? { text("storage", "recovery_mode") }

  /// The graph settings that a new collection is given.
  var hnsw: JSONObject {
    var object: JSONObject = [
      "m": 16, "ef_construct": 100, "full_scan_threshold": 10000, "max_indexing_threads": 0,
      "on_disk": false,
    ]
    overlay(&object, from: value("storage", "hnsw_index"), by: Shapes.hnsw)
    return object
  }

  /// The optimiser settings that a new collection is given.
  var optimizers: JSONObject {
    var object: JSONObject = [
      "deleted_threshold": 0.2, "vacuum_min_vector_number": 1000, "default_segment_number": 0,
      "max_segment_size": .null, "memmap_threshold": .null,
      "indexing_threshold": .integer(behaviours.indexingThreshold), "flush_interval_sec": 5,
      "max_optimization_threads": .null,
    ]
    if behaviours.knowsPreventUnoptimized { object["prevent_unoptimized"] = .null }
    overlay(&object, from: value("storage", "optimizers"), by: Shapes.optimizers)
    return object
  }

  /// The log settings that a new collection is given.
  var wal: JSONObject {
    var object: JSONObject = [
      "wal_capacity_mb": 32, "wal_segments_ahead": 0,
    ]
    if behaviours.knowsRetainedLogs { object["wal_retain_closed"] = 1 }
    overlay(&object, from: value("storage", "wal"), by: Shapes.wal)
    return object
  }

  var onDiskPayload: Bool { value("storage", "on_disk_payload")?.bool ?? true }
  var vectorsOnDisk: Bool? { value("storage", "collection", "vectors", "on_disk")?.bool }
  var quantization: JSONValue? {
    decoded(value("storage", "collection", "quantization"), by: Shapes.quantization)
  }
  var strictMode: JSONObject? {
    decoded(value("storage", "collection", "strict_mode"), by: .structure(Shapes.strictMode))?
      .object
  }

  /// What a new collection's strict mode is laid over, if it starts with one.
  var firstStrictMode: JSONObject? {
    guard behaviours.startsWithStrictMode else { return strictMode }
    return (["enabled": false] as JSONObject).merged(with: strictMode.map { .object($0) })
  }

  /// A number that a new collection is given when the request has none.
  func collectionDefault(_ name: String) -> JSONValue? {
    if name == "shard_number", !behaviours.readsShardNumberSetting { return nil }
    let found = value("storage", "collection", name)
    return found?.number == nil ? Optional.none : found
  }

  private func overlay(_ object: inout JSONObject, from: JSONValue?, by shape: Structure) {
    guard let set = decoded(from, by: .structure(shape))?.object else { return }
    for member in set.members { object[member.key] = member.value }
  }

  private func decoded(_ value: JSONValue?, by shape: Shape) -> JSONValue? {
    guard let value else { return nil }
    var decoding = BufferedDecoding(behaviours)
    do throws(WireFailure) { return try decoding.decode(shape, value) } catch { return nil }
  }
}
