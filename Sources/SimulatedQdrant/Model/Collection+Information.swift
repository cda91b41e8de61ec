import JSON

extension Collection {
  /// What `GET /collections/{name}` shows.
  func information(at now: Double, _ behaviours: Behaviours) -> JSONValue {
    let status: JSONValue = isBusy(at: now) ? "yellow" : "green"
    var object: JSONObject = ["status": status, "optimizer_status": "ok"]
    let warnings = warnings(behaviours)
    if !warnings.isEmpty { object["warnings"] = .array(warnings) }
    var rest: JSONObject = [
      "indexed_vectors_count": .integer(indexedCount(at: now)),
      "points_count": .integer(points.count),
      "segments_count": .integer(segmentCount), "config": config.shown,
      "payload_schema": shownIndexes,
    ]
    if behaviours.reportsUpdateQueue { rest["update_queue"] = updateQueue }
    object.members += rest.members
    return .object(object)
  }

  /// Updates are done at once; points wait for optimisation only where unoptimised ones are held
  /// back.
  private var updateQueue: JSONValue {
    let holdsBack = config.optimizers["prevent_unoptimized"]?.bool == true
    return holdsBack ? ["length": 0, "deferred_points": 0] : ["length": 0]
  }

  /// As many segments in every shard as were asked for, or as a machine of two cores makes.
  var segmentCount: Int {
    let wanted = config.optimizers["default_segment_number"]?.integer ?? 0
    let each = wanted > 0 ? wanted : 2
    let (count, overflow) = each.multipliedReportingOverflow(by: readableShardCount)
    return overflow ? Int.max : count
  }

  /// The shards but those of keys that are not active yet.
  private var readableShardCount: Int {
    layout.map { $0.shards.count { !$0.isNew } } ?? shardCount
  }

  /// Complaints about `inline_storage` where it cannot work, once a shard.
  private func warnings(_ behaviours: Behaviours) -> [JSONValue] {
    guard behaviours.warns else { return [] }
    let found = config.denseVectors.members.compactMap { warning($0.key, $0.value) }
    guard !found.isEmpty, behaviours.warnsPerShard else { return found }
    return (0..<min(shardCount, 1000)).flatMap { _ in found }
  }

  private func warning(_ name: String, _ vector: JSONValue) -> JSONValue? {
    let inline = vector["hnsw_config"]?["inline_storage"] ?? config.hnsw["inline_storage"]
    guard inline?.bool == true else { return nil }
    let isQuantized = vector["quantization_config"] ?? config.quantization
    let reason: String
    if vector["multivector_config"] != nil {
      reason = "is not compatible with multivectors"
    } else if isQuantized == nil {
      reason = "requires quantization to be enabled"
    } else {
      return nil
    }
    let option = "The `hnsw_config.inline_storage` option for vector '\(name)' "
    return ["message": .string(option + reason + ". This option will be ignored.")]
  }
}
