import JSON

extension SimulatedServer {
  /// `/collections/{name}/points…`; `rest` begins after `points`.
  mutating func routePoints(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    switch (call.request.method, rest.first ?? "", rest.count) {
    case ("PUT", "", 0): return try upsert(call, name)
    case ("POST", "", 0): return try retrieve(call, name)
    case ("PUT", "vectors", 1): return try updateVectors(call, name)
    case ("POST", "payload", 1), ("PUT", "payload", 1): return try setPayload(call, name)
    case ("POST", "batch", 1): return try updateInBatch(call, name)
    case ("POST", "payload", 2) where rest[1] == "delete": return try deletePayload(call, name)
    case ("POST", "vectors", 2) where rest[1] == "delete": return try deleteVectors(call, name)
    case ("POST", "payload", 2) where rest[1] == "clear": return try clearPayload(call, name)
    case ("POST", "delete", 1): return try deletePoints(call, name)
    case ("POST", "count", 1): return try count(call, name)
    case ("POST", "scroll", 1): return try scroll(call, name)
    case ("POST", "query", 1): return try query(call, name)
    case ("GET", _, 1): return try retrieveOne(call, name, rest[0])
    default: return .noRoute
    }
  }

  /// `/collections/{name}/facet…`; `rest` begins after `facet`.
  mutating func routeFacet(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    .noRoute
  }

  /// Both forms: a list of points, and columns.
  private mutating func upsert(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name)
    let waits = try call.updateParameters()
    let body = try call.body(.anyObject, settings: configuration)
    let rows = try PointRows.rows(body)
    let condition = try UpdateCondition(body)
    let key = try resolve(name)
    try collections[key]?.checkTimeoutLimit(call)
    guard var collection = collections[key] else { return .noRoute }
    guard !rows.isEmpty else { throw .badRequest("Empty update request") }
    guard collection.config.shardCount > 0 else {
      throw .wrongInput(collection.shardKeyComplaint(body) ?? "Shard key not specified")
    }
    var stored: [(PointID, Point)] = []
    let version = collection.lastOperation &+ 1
    for row in rows {
      let vectors = try collection.config.stored(row.vector)
      stored.append((row.id, Point(version: version, payload: row.payload, vectors: vectors)))
    }
    collections[key] = nil
    for (id, point) in stored where condition.admits(id, collection.points[id]) {
      collection.points[id] = point
    }
    let reply = collection.updated(waits: waits)
    collections[key] = collection
    noteChange()
    return reply
  }

  private mutating func updateVectors(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    let waits = try call.updateParameters()
    let body = try call.body(.anyObject, settings: configuration)
    let rows = try PointRows.rows(body)
    let condition = try UpdateCondition(body)
    let key = try resolve(name)
    do throws(Refusal) {
      for row in rows {
        let present = collections[key]?.points[row.id]
        guard condition.admits(row.id, present) else { continue }
        guard var point = present else {
          let name = row.id.json.string ?? row.id.json.text()
          throw .notFound("No point with id \(name) found")
        }
        let vectors = try collections[key]?.config.stored(row.vector) ?? JSONObject()
        for member in vectors.members { point.vectors[member.key] = member.value }
        point.version = (collections[key]?.lastOperation ?? 0) &+ 1
        collections[key]?.points[row.id] = point
      }
    } catch {
      _ = collections[key]?.nextOperation()
      throw error
    }
    noteChange()
    return collections[key]?.updated(waits: waits) ?? .noRoute
  }

  private mutating func clearPayload(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    let waits = try call.updateParameters()
    let body = try call.body(Shapes.pointsSelector, settings: configuration)
    let key = try resolve(name)
    for id in try selected(body, in: key, checking: "unindexed_filtering_update") {
      collections[key]?.points[id]?.payload = JSONObject()
    }
    noteChange()
    return collections[key]?.updated(waits: waits) ?? .noRoute
  }

  private mutating func deletePoints(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name)
    let waits = try call.updateParameters()
    let body = try call.body(Shapes.pointsSelector, settings: configuration)
    let key = try resolve(name)
    if body["points"]?.array?.isEmpty == true { throw .badRequest("Empty update request") }
    for id in try selected(body, in: key, checking: "unindexed_filtering_update") {
      collections[key]?.points[id] = nil
    }
    noteChange()
    return collections[key]?.updated(waits: waits) ?? .noRoute
  }

  /// The points that a selector means; strict mode refuses filters without an index.
  func selected(
    _ body: JSONValue, in key: ExactString, checking rule: String
  ) throws(Refusal) -> [PointID] {
    if let ids = body["points"]?.array { return ids.compactMap { PointID($0) } }
    guard let object = body["filter"]?.object, let collection = collections[key] else { return [] }
    let filter = PointFilter(object)
    try collection.check(filter, by: rule)
    return collection.points.ids.filter { id in
      collection.points[id].map { filter.passes(id, $0) } ?? false
    }
  }
}

extension Collection {
  /// Why no shard has the key that a request names, which none has on a standalone server.
  func shardKeyComplaint(_ body: JSONValue) -> String? {
    guard config.hasCustomSharding, let key = body["shard_key"], !key.isNull else { return nil }
    return "Shard key \(key.text()) not found"
  }

  /// Numbers an update of points and tells it.
  mutating func updated(waits: Bool) -> Reply {
    let operation = nextOperation()
    return .result([
      "operation_id": .number(JSONNumber(text: String(operation))),
      "status": waits ? "completed" : "acknowledged",
    ])
  }

  /// Strict mode's demand for an index of every field that is filtered by.
  func check(_ filter: PointFilter, by rule: String) throws(Refusal) {
    guard config.strictMode?["enabled"]?.bool == true, config.strictMode?[rule]?.bool == false,
      let missing = filter.unindexed(in: self)
    else { return }
    throw .badRequest(
      "Index required but not found for \"\(missing.field)\" of one of the following types: "
        + "[\(missing.types)]. Help: Create an index for this key or use a different filter.")
  }
}
