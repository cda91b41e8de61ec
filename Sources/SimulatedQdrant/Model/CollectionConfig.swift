import JSON

/// The configuration of a collection, in the form in which it is shown.
struct CollectionConfig: Sendable {
  var params: JSONObject
  var hnsw: JSONObject
  var optimizers: JSONObject
  var wal: JSONObject
  var quantization: JSONValue?
  var strictMode: JSONObject?
  var metadata: JSONObject?

  /// The object under `config`.
  var shown: JSONValue {
    var object: JSONObject = [
      "params": .object(params), "hnsw_config": .object(hnsw),
      "optimizer_config": .object(optimizers), "wal_config": .object(wal),
      "quantization_config": quantization ?? .null,
    ]
    if let strictMode { append("strict_mode_config", strictMode, to: &object) }
    if let metadata { append("metadata", metadata, to: &object) }
    return .object(object)
  }

  private func append(_ name: String, _ section: JSONObject, to object: inout JSONObject) {
    object.members.append(JSONObject.Member(key: name, value: .object(section)))
  }

  /// Restores what `shown` gave.
  init(shown: JSONValue) throws(SimulatedStateError) {
    func section(_ name: String) throws(SimulatedStateError) -> JSONObject {
      guard let object = shown[name]?.object else {
        throw SimulatedStateError(path: "config." + name)
      }
      return object
    }
    params = try section("params")
    hnsw = try section("hnsw_config")
    optimizers = try section("optimizer_config")
    wal = try section("wal_config")
    quantization = shown["quantization_config"]
    if quantization?.isNull == true { quantization = Optional.none }
    strictMode = shown["strict_mode_config"]?.object
    metadata = shown["metadata"]?.object
  }

  /// The configuration of a new collection: what the request says, laid over the settings.
  init(request: JSONObject, settings: ServerSettings) {
    params = CollectionConfig.params(of: request, settings)
    hnsw = settings.hnsw.merged(with: request["hnsw_config"])
    optimizers = settings.optimizers.merged(with: request["optimizers_config"])
    if optimizers["max_optimization_threads"]?.string == "auto" {
      optimizers["max_optimization_threads"] = .null
    }
    wal = settings.wal.merged(with: request["wal_config"])
    quantization = request["quantization_config"] ?? settings.quantization
    strictMode = request["strict_mode_config"]?.object
    if let underlying = settings.firstStrictMode {
      strictMode = underlying.merged(with: request["strict_mode_config"])
    }
    metadata = request["metadata"]?.object
  }

  private static func params(of request: JSONObject, _ settings: ServerSettings) -> JSONObject {
    let isCustom = request["sharding_method"]?.string == "custom"
    let shards: JSONValue? =
      isCustom
      ? nil
      : settings.collectionDefault("shard_number")
        ?? settings.collectionDefault("shard_number_per_node")
        ?? .integer(settings.usualShardCount)
    var params = JSONObject()
    params["vectors"] = vectors(request["vectors"] ?? [:], settings)
    params["shard_number"] = request["shard_number"] ?? shards ?? 1
    params["sharding_method"] = request["sharding_method"]
    for name in ["replication_factor", "write_consistency_factor"] {
      params[name] = request[name] ?? settings.collectionDefault(name) ?? 1
    }
    params["on_disk_payload"] = request["on_disk_payload"] ?? .bool(settings.onDiskPayload)
    params["payload"] = request["payload"]
    params["sparse_vectors"] = request["sparse_vectors"]
    return params
  }

  private static func vectors(_ vectors: JSONValue, _ settings: ServerSettings) -> JSONValue {
    guard let onDisk = settings.vectorsOnDisk, var object = vectors.object else { return vectors }
    if vectors["size"]?.number != nil {
      object["on_disk"] = object["on_disk"] ?? .bool(onDisk)
    } else {
      for index in object.members.indices {
        var vector = object.members[index].value.object ?? JSONObject()
        vector["on_disk"] = vector["on_disk"] ?? .bool(onDisk)
        object.members[index].value = .object(vector)
      }
    }
    return .object(object)
  }
}

extension CollectionConfig {
  /// Whether shards exist only under keys, which a standalone server cannot make.
  var hasCustomSharding: Bool { params["sharding_method"]?.string == "custom" }
  var shardCount: Int { hasCustomSharding ? 0 : params["shard_number"]?.integer ?? 1 }

  /// Whether the dense vectors stand as the one unnamed vector.
  var hasSingleVector: Bool { params["vectors"]?["size"]?.number != nil }

  /// The dense vectors by name; the unnamed one is called by the empty text.
  var denseVectors: JSONObject {
    guard let vectors = params["vectors"]?.object else { return JSONObject() }
    return hasSingleVector ? ["": .object(vectors)] : vectors
  }

  var sparseVectors: JSONObject { params["sparse_vectors"]?.object ?? JSONObject() }
}

extension JSONObject {
  /// This with the members of another laid over it.
  func merged(with other: JSONValue?) -> JSONObject {
    var result = self
    for member in other?.object?.members ?? [] { result[member.key] = member.value }
    return result
  }
}
