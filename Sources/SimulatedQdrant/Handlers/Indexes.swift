import JSON

extension SimulatedServer {
  /// `/collections/{name}/index…`; `rest` begins after `index`.
  mutating func routeIndexes(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    switch (call.request.method, rest.count) {
    case ("PUT", 0): return try createIndex(call, name)
    case ("DELETE", 1) where !rest[0].isEmpty: return try deleteIndex(call, name, rest[0])
    default: return .noRoute
    }
  }

  /// An index over another replaces it; the same again changes nothing, whatever its form.
  private mutating func createIndex(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name, configuration.behaviours)
    let waits = try call.updateParameters(configuration)
    let body = try call.body(Shapes.createIndex, settings: configuration)
    let field = body["field_name"]?.string ?? ""
    let key = try resolve(name)
    try collections[key]?.checkIndexLimit()
    try collections[key]?.checkTimeoutLimit(call)
    guard let schema = body["field_schema"] else {
      throw .badRequest(
        "Can't auto-detect field type, please specify `field_schema` in the request")
    }
    try checkShards(key)
    noteChange()
    let behaviours = configuration.behaviours
    return collections[key]?.updated(waits: waits) { collection in
      collection.put(Collection.Index(field: field, schema: schema, isBuilt: true), behaviours)
    } ?? .noRoute
  }

  /// Whether there is a shard that could index, which matters to older lines.
  private func checkShards(_ key: ExactString) throws(Refusal) {
    guard configuration.behaviours.needsShardForIndex, collections[key]?.shardCount == 0 else {
      return
    }
    throw .wrongInput(configuration.behaviours.noShardText)
  }

  private mutating func deleteIndex(
    _ call: Call, _ name: String, _ field: String
  ) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name, configuration.behaviours)
    guard let path = FieldPath(field) else {
      throw Refusal(
        status: 400,
        text: "Deserialize error in path parameters: Invalid json path: '\(field)'")
    }
    let waits = try call.updateParameters(configuration)
    let key = try resolve(name)
    try checkShards(key)
    noteChange()
    return collections[key]?.updated(waits: waits) { collection in
      if let index = collection.index(of: path.text) { collection.indexes.remove(at: index) }
    } ?? .noRoute
  }
}

extension Collection {
  /// Makes a change of the registry and answers it.
  fileprivate mutating func updated(
    waits: Bool, _ change: (inout Collection) -> Void
  ) -> Reply {
    change(&self)
    return registered(waits: waits)
  }

  fileprivate mutating func put(_ index: Index, _ behaviours: Behaviours) {
    guard let place = self.index(of: index.field) else {
      indexes.append(index)
      return
    }
    if indexes[place].identity(behaviours) != index.identity(behaviours) {
      indexes[place] = index
    }
  }

  /// Strict mode's limit, which refuses an index that is there already, too.
  fileprivate func checkIndexLimit() throws(Refusal) {
    guard config.strictMode?["enabled"]?.bool == true,
      let limit = config.strictMode?["max_payload_index_count"]?.integer, indexes.count >= limit
    else { return }
    throw .badRequest(
      "Collection already has the maximum number of payload indices (\(limit)). "
        + "Help: Please delete an existing index before creating a new one.")
  }

  /// The object under `payload_schema`.
  var shownIndexes: JSONValue {
    var shown = JSONObject()
    for index in indexes where index.isBuilt {
      var entry: JSONObject = ["data_type": .string(index.type)]
      if index.schema.object != nil { entry["params"] = index.schema }
      entry["points"] = .integer(pointCount(of: index))
      shown.members.append(JSONObject.Member(key: index.field, value: .object(entry)))
    }
    return .object(shown)
  }

  /// The points with a value that the index takes.
  private func pointCount(of index: Index) -> Int {
    guard points.count > 0, index.isUseful, let path = FieldPath(index.field) else { return 0 }
    let isIndexed = IndexedValue.test(for: index.type)
    return points.ids.count { id in
      guard let payload = points[id]?.payload else { return false }
      return path.values(in: payload).contains(where: isIndexed)
    }
  }
}
