import JSON

/// What telemetry tells of the shards of a collection.
struct ShardReports {
  let collection: Collection
  let now: Double
  let hasSegments: Bool
  let isAnonymous: Bool
  let peerID: UInt64
  let behaviours: Behaviours
  /// Whether points or indexes of the collection were written through this server.
  let hasSentUpdates: Bool

  var list: [JSONValue] {
    if let layout = collection.layout { return layout.shards.map { report(of: $0) } }
    return collection.pointCounts.enumerated().map { shard, points in
      var object: JSONObject = [
        "id": .integer(shard), "key": .null, "local": local(points), "remote": [],
        "replicate_states": replicaStates,
      ]
      if behaviours.hasLeanTelemetry { object["partial_snapshot"] = partialSnapshot }
      return .object(object)
    }
  }

  private var replicaStates: JSONValue {
    isAnonymous && !behaviours.tellsReplicasAnonymously ? [:] : [String(peerID): "Active"]
  }

  private var partialSnapshot: JSONValue {
    var object: JSONObject = ["ongoing_create_snapshot_requests": 0, "recovery_timestamp": 0]
    if behaviours.reportsPartialRecovery { object["is_recovering"] = false }
    return .object(object)
  }

  private var denseNames: [String] { collection.config.denseVectors.keys }
  private var vectorNames: [String] { denseNames + collection.config.sparseVectors.keys }

  private func byName(_ names: [String], _ value: JSONValue) -> JSONValue {
    var object = JSONObject()
    for name in names { object[isAnonymous ? SipHash.anonymous(name) : name] = value }
    return .object(object)
  }

  func local(_ points: Int) -> JSONValue {
    var optimizations: JSONObject = [
      "status": "ok",
      "optimizations": [
        "count": 0, "total_duration_micros": 0, "last_responded": .string(ClockText.rfc3339(now)),
      ],
    ]
    if hasSegments { optimizations["log"] = [] }
    var object: JSONObject = [
      "variant_name": "local shard", "status": "green", "total_optimized_points": 0,
    ]
    if behaviours.hasLeanTelemetry {
      object["vectors_size_bytes"] = 0
      object["payloads_size_bytes"] = 0
      object["num_points"] = .integer(points)
      object["num_vectors"] = .integer(points)
    }
    if behaviours.hasFullTelemetry { object["num_vectors_by_name"] = byName(vectorNames, 0) }
    if hasSegments {
      let count = max(1, min(collection.segmentCount / max(1, collection.shardCount), 64))
      object["segments"] = .array((0..<count).map { segment($0, points) })
    }
    object["optimizations"] = .object(optimizations)
    object["async_scorer"] = false
    if hasSegments, behaviours.hasFullTelemetry {
      object["indexed_only_excluded_vectors"] = byName(denseNames, 0)
    }
    if behaviours.reportsUpdateQueue {
      object["update_queue"] = [
        "length": 0, "op_num": .number(JSONNumber(text: String(collection.lastOperation))),
      ]
    }
    return .object(object)
  }

  private var config: JSONValue {
    var vectors = JSONObject()
    for member in collection.config.denseVectors.members {
      vectors[isAnonymous ? SipHash.anonymous(member.key) : member.key] = [
        "size": member.value["size"] ?? 0, "distance": member.value["distance"] ?? "Dot",
        "storage_type": "ChunkedMmap", "index": ["type": "plain", "options": [:]],
        "quantization_config": .null,
      ]
    }
    var object: JSONObject = ["vector_data": .object(vectors)]
    let sparse = collection.config.sparseVectors.keys
    if !sparse.isEmpty {
      let index: JSONValue = ["full_scan_threshold": .null, "index_type": "MutableRam"]
      object["sparse_vector_data"] = byName(sparse, ["index": index, "storage_type": "mmap"])
    }
    object["payload_storage_type"] = ["type": "mmap"]
    return .object(object)
  }

  private func segment(_ index: Int, _ points: Int) -> JSONValue {
    let count = index == 0 ? points : 0
    let vector: JSONValue = [
      "num_vectors": .integer(count), "num_indexed_vectors": 0, "num_deleted_vectors": 0,
    ]
    let indexes = collection.indexes.filter(\.isBuilt)
    var schema = JSONObject()
    for index in indexes {
      schema[index.field] = ["data_type": .string(index.type), "points": 0]
    }
    let fields = indexes.flatMap { index -> [JSONValue] in
      var row: JSONObject = ["field_name": .string(index.field)]
      if behaviours.hasLeanTelemetry { row["index_type"] = .string(index.type) }
      row["points_values_count"] = 0
      row["points_count"] = 0
      return collection.layout == nil ? [.object(row)] : parts(of: row)
    }
    let searches = vectorNames.map { name -> JSONValue in
      isAnonymous ? [:] : ["index_name": .string(name)]
    }
    var info: JSONObject = [
      "segment_type": "plain", "num_vectors": .integer(count), "num_points": .integer(count),
      "num_indexed_vectors": 0, "num_deleted_vectors": 0, "vectors_size_bytes": 0,
      "payloads_size_bytes": 0, "ram_usage_bytes": 0, "disk_usage_bytes": 0,
      "is_appendable": true, "index_schema": .object(schema),
      "vector_data": byName(vectorNames, vector),
    ]
    if behaviours.reportsUpdateQueue {
      info["uuid"] = "00000000-0000-4000-8000-000000000000"
      info["num_deferred_points"] = 0
      info["num_deleted_deferred_points"] = 0
    }
    if behaviours.reportsPayloadBackend { info["payload_storage_io_backend"] = "mmap" }
    return [
      "config": config, "info": .object(info),
      "vector_index_searches": .array(searches), "payload_field_indices": .array(fields),
    ]
  }
}

extension Collection {
  /// Vectors of all points together.
  var vectorCount: Int { points.ids.reduce(0) { $0 + (points[$1]?.vectors.count ?? 0) } }
}
