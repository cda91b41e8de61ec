import JSON

extension Collection {
  /// What `GET /collections/{name}` shows.
  var information: JSONValue {
    var object: JSONObject = ["status": "green", "optimizer_status": "ok"]
    let warnings = warnings
    if !warnings.isEmpty { object["warnings"] = .array(warnings) }
    let rest: JSONObject = [
      "indexed_vectors_count": 0, "points_count": .integer(points.count),
      "segments_count": .integer(segmentCount), "config": config.shown,
      "payload_schema": shownIndexes, "update_queue": ["length": 0],
    ]
    object.members += rest.members
    return .object(object)
  }

  /// As many segments in every shard as were asked for, or as a machine of eight cores makes.
  var segmentCount: Int {
    let wanted = config.optimizers["default_segment_number"]?.integer ?? 0
    let each = wanted > 0 ? wanted : 8
    let (count, overflow) = each.multipliedReportingOverflow(by: config.shardCount)
    return overflow ? Int.max : count
  }

  /// Complaints about `inline_storage` where it cannot work, once a shard.
  private var warnings: [JSONValue] {
    let found = config.denseVectors.members.compactMap { warning($0.key, $0.value) }
    guard !found.isEmpty else { return [] }
    return (0..<min(config.shardCount, 1000)).flatMap { _ in found }
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
