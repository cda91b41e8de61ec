import JSON

extension SimulatedServer {
  /// `PATCH /collections/{name}`: section by section; what was applied before a failure stays.
  mutating func patchCollection(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name, configuration.behaviours)
    let body = try call.body(Shapes.updateCollection, settings: configuration)
    try call.checkTimeout()
    let key = try resolve(name)
    var applied = 0
    for section in CollectionConfig.patchOrder {
      guard let change = body[section] else { continue }
      if let limit = call.partialLimit, applied >= limit {
        throw .service("The update was interrupted")
      }
      try collections[key]?.config.patch(section, change)
      applied += 1
      noteChange()
    }
    collections[key]?.planIndexing(at: call.now)
    return .true
  }
}

extension CollectionConfig {
  /// The sections of a PATCH in the order in which they are applied.
  static let patchOrder = [
    "optimizers_config", "params", "hnsw_config", "vectors", "quantization_config",
    "sparse_vectors", "strict_mode_config", "metadata",
  ]

  mutating func patch(_ section: String, _ change: JSONValue) throws(Refusal) {
    switch section {
    case "optimizers_config": patchOptimizers(change)
    case "params": params = params.merged(with: change)
    case "hnsw_config": hnsw = hnsw.merged(with: change)
    case "vectors": try patchVectors(change)
    case "quantization_config":
      quantization = change.string == nil ? change : Optional.none
    case "sparse_vectors": try patchSparseVectors(change)
    case "strict_mode_config": strictMode = (strictMode ?? JSONObject()).merged(with: change)
    default: patchMetadata(change)
    }
  }

  private mutating func patchOptimizers(_ change: JSONValue) {
    optimizers = optimizers.merged(with: change)
    if optimizers["max_optimization_threads"]?.string == "auto" {
      optimizers["max_optimization_threads"] = .null
    }
  }

  private mutating func patchVectors(_ change: JSONValue) throws(Refusal) {
    var vectors = denseVectors
    for member in change.object?.members ?? [] {
      guard var vector = vectors[member.key]?.object else {
        throw .wrongInput("Not existing vector name error: \(member.key)")
      }
      if let graph = member.value["hnsw_config"] {
        let merged = (vector["hnsw_config"]?.object ?? JSONObject()).merged(with: graph)
        vector["hnsw_config"] = merged.isEmpty ? Optional.none : .object(merged)
      }
      if let quantization = member.value["quantization_config"] {
        vector["quantization_config"] = quantization.string == nil ? quantization : Optional.none
      }
      for key in ["on_disk", "memory"] {
        if let place = member.value[key] { vector[key] = place }
      }
      vectors[member.key] = .object(vector)
    }
    params["vectors"] = hasSingleVector ? vectors[""] ?? [:] : .object(vectors)
  }

  private mutating func patchSparseVectors(_ change: JSONValue) throws(Refusal) {
    guard let changes = change.object, !changes.isEmpty else { return }
    var vectors = sparseVectors
    for member in changes.members {
      guard var vector = vectors[member.key]?.object else {
        throw .wrongInput("Not existing vector name error: \(member.key)")
      }
      if let index = member.value["index"] {
        vector["index"] = .object(
          (vector["index"]?.object ?? JSONObject()).merged(with: index))
      }
      if let modifier = member.value["modifier"] { vector["modifier"] = modifier }
      vectors[member.key] = .object(vector)
    }
    params["sparse_vectors"] = .object(vectors)
  }

  private mutating func patchMetadata(_ change: JSONValue) {
    guard var merged = metadata else {
      metadata = change.object
      return
    }
    for member in change.object?.members ?? [] {
      merged[member.key] = member.value.isNull ? Optional.none : member.value
    }
    metadata = merged
  }
}
