import JSON

extension SimulatedServer {
  /// `/collections/{name}/index…`; `rest` begins after `index`.
  mutating func routeIndexes(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    switch (call.request.method, rest.count) {
    case ("PUT", 0): return try createIndex(call, name)
    case ("DELETE", 1): return try deleteIndex(call, name, rest[0])
    default: return .noRoute
    }
  }

  private mutating func createIndex(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name)
    let body = try call.body(Shapes.createIndex, settings: configuration)
    let waits = try call.updateParameters()
    let key = try resolve(name)
    try checkStrictTimeout(call, key)
    try checkIndexLimit(key)
    guard let field = body["field_name"]?.string, let schema = body["field_schema"],
      !schema.isNull
    else {
      throw .badRequest(
        "Can't auto-detect field type, please specify `field_schema` in the request")
    }
    collections[key]?.setIndex(field, schema)
    return update(key, operations: 2, waits: waits)
  }

  private mutating func deleteIndex(
    _ call: Call, _ name: String, _ field: String
  ) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name)
    guard let path = FieldPath(field) else {
      throw Refusal(
        status: 400, text: "Deserialize error in path parameters: Invalid json path: '\(field)'")
    }
    let waits = try call.updateParameters()
    let key = try resolve(name)
    if let place = collections[key]?.index(of: path.text) {
      collections[key]?.indexes.remove(at: place)
    }
    return update(key, operations: 2, waits: waits)
  }

  /// Strict mode limits the number of indexes, also for one that is there already.
  private func checkIndexLimit(_ key: ExactString) throws(Refusal) {
    guard let collection = collections[key],
      let limit = collection.strictMode?["max_payload_index_count"]?.integer,
      collection.indexes.count >= limit
    else { return }
    throw .badRequest(
      "Collection already has the maximum number of payload indices (\(limit)). "
        + "Help: Please delete an existing index before creating a new one.")
  }

  /// Strict mode limits the `timeout` of a request.
  func checkStrictTimeout(_ call: Call, _ key: ExactString) throws(Refusal) {
    guard let limit = collections[key]?.strictMode?["max_timeout"]?.number?.unsigned,
      let timeout = try call.unsigned("timeout"), timeout > limit
    else { return }
    throw .badRequest(
      "Limit exceeded \(timeout) > \(limit) for \"timeout\". "
        + "Help: Reduce the \"timeout\" parameter to or below \(limit).")
  }

  /// Counts operations and says how the update went; without a shard it is only recorded.
  mutating func update(_ key: ExactString, operations: Int, waits: Bool) -> Reply {
    noteChange()
    guard var operation = collections[key]?.lastOperation,
      collections[key]?.config.shardCount ?? 0 > 0
    else { return .result(["status": "acknowledged"]) }
    for _ in 0..<operations { operation = collections[key]?.nextOperation() ?? operation }
    return .result([
      "operation_id": .number(JSONNumber(text: String(operation))),
      "status": waits ? "completed" : "acknowledged",
    ])
  }
}

extension Collection {
  /// The rules of strict mode while it is enabled.
  var strictMode: JSONObject? {
    config.strictMode?["enabled"]?.bool == true ? config.strictMode : nil
  }

  /// Puts an index in place; one of the same meaning keeps the form it was made in.
  mutating func setIndex(_ field: String, _ schema: JSONValue) {
    guard let place = index(of: field) else {
      indexes.append(Index(field: field, schema: schema, isBuilt: true))
      return
    }
    guard indexes[place].identity != Index.identity(of: schema) else { return }
    indexes[place].schema = schema
  }

  /// The object under `payload_schema`.
  var shownIndexes: JSONValue {
    .object(
      JSONObject(
        indexes.map { index in
          var shown: JSONObject = ["data_type": .string(index.type)]
          if index.schema.object != nil { shown["params"] = index.schema }
          shown["points"] = .integer(pointCount(of: index))
          return JSONObject.Member(key: index.field, value: .object(shown))
        }))
  }

  /// How many points have a value that the index takes.
  private func pointCount(of index: Index) -> Int {
    guard points.count > 0, let path = FieldPath(index.field) else { return 0 }
    let isIndexed = IndexedValue.test(for: index.type)
    return points.ids.count { id in
      guard let payload = points[id]?.payload else { return false }
      return path.values(in: payload).contains(where: isIndexed)
    }
  }
}
