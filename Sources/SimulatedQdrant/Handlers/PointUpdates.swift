import JSON

extension SimulatedServer {
  /// What an operation of a batch is called by itself: its method and the path below `points`.
  private static let routes: [(name: String, method: String, path: [String])] = [
    ("upsert", "PUT", []), ("delete", "POST", ["delete"]), ("set_payload", "POST", ["payload"]),
    ("overwrite_payload", "PUT", ["payload"]), ("delete_payload", "POST", ["payload", "delete"]),
    ("clear_payload", "POST", ["payload", "clear"]), ("update_vectors", "PUT", ["vectors"]),
    ("delete_vectors", "POST", ["vectors", "delete"]),
  ]

  /// `POST …/points/batch`: one after the other; what was done before a failure stays.
  mutating func updateInBatch(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name)
    _ = try call.updateParameters()
    let body = try call.body(Shapes.updateBatch, settings: configuration)
    _ = try resolve(name)
    var results: [JSONValue] = []
    for operation in body["operations"]?.array ?? [] {
      guard let member = operation.object?.members.first,
        let route = SimulatedServer.routes.first(where: { $0.name == member.key })
      else { continue }
      var part = call
      part.request.method = route.method
      part.request.body = member.value.bytes()
      if case .result(let result) = try routePoints(part, name, route.path) {
        results.append(result)
      }
    }
    return .result(.array(results))
  }

  /// Sets a payload, below a path if one is given, or puts it in place of the former one.
  mutating func setPayload(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    let waits = try call.updateParameters()
    let body = try call.body(Shapes.setPayload, settings: configuration)
    let key = try resolve(name)
    let replaces = call.isMethod("PUT")
    let payload = body["payload"]?.object ?? JSONObject()
    let keys = body["key"]?.string.flatMap { FieldPath($0) }?.keys ?? []
    for id in try selected(body, in: key) {
      guard var point = collections[key]?.points[id] else { continue }
      if replaces { point.payload = JSONObject() }
      for member in payload.members {
        point.payload.set(member.value, at: keys + [member.key])
      }
      collections[key]?.points[id] = point
    }
    noteChange()
    return collections[key]?.updated(waits: waits) ?? .noRoute
  }

  /// `POST …/points/payload/delete`.
  mutating func deletePayload(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    let waits = try call.updateParameters()
    let body = try call.body(Shapes.deletePayload, settings: configuration)
    let key = try resolve(name)
    let paths = (body["keys"]?.array ?? []).compactMap { $0.string.flatMap { FieldPath($0) } }
    for id in try selected(body, in: key) {
      for path in paths { collections[key]?.points[id]?.payload.remove(at: path.keys) }
    }
    noteChange()
    return collections[key]?.updated(waits: waits) ?? .noRoute
  }

  /// `POST …/points/vectors/delete`.
  mutating func deleteVectors(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    let waits = try call.updateParameters()
    let body = try call.body(Shapes.deleteVectors, settings: configuration)
    let key = try resolve(name)
    let names = (body["vector"]?.array ?? []).compactMap(\.string)
    for vector in names
    where collections[key]?.config.denseVectors[vector] == nil
      && collections[key]?.config.sparseVectors[vector] == nil
    {
      throw .wrongInput("Not existing vector name error: \(vector)")
    }
    for id in try selected(body, in: key) {
      for vector in names { collections[key]?.points[id]?.vectors[vector] = Optional.none }
    }
    noteChange()
    return collections[key]?.updated(waits: waits) ?? .noRoute
  }

  /// The points that are listed, which must be there, or that a filter passes.
  private mutating func selected(
    _ body: JSONValue, in key: ExactString
  ) throws(Refusal) -> [PointID] {
    guard body["points"] != nil || body["filter"] != nil else {
      let text = "Format error in JSON body: Either list of point ids or filter must be provided"
      throw Refusal(status: 400, text: text)
    }
    if let listed = body["points"]?.array {
      guard !listed.isEmpty else { throw .badRequest("Empty update request") }
      let ids = listed.compactMap { PointID($0) }
      if let missing = ids.first(where: { collections[key]?.points[$0] == nil }) {
        _ = collections[key]?.nextOperation()
        throw .notFound("No point with id \(missing.json.string ?? missing.json.text()) found")
      }
      return ids
    }
    return try selected(body, in: key, checking: "unindexed_filtering_update")
  }
}

extension FieldPath {
  /// The names on the way, as far as it leads through objects only.
  var keys: [String] {
    steps.prefix { if case .key = $0 { true } else { false } }.compactMap { step in
      if case .key(let key) = step { key.string } else { nil }
    }
  }
}

extension JSONObject {
  /// Removes what stands under a chain of names, if it is there.
  mutating func remove(at path: [String]) {
    guard let first = path.first else { return }
    if path.count == 1 {
      self[first] = Optional.none
    } else if self[first]?.object != nil {
      withObject(at: first) { $0.remove(at: Array(path.dropFirst())) }
    }
  }
}
