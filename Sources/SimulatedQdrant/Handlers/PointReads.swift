import JSON

extension SimulatedServer {
  func count(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name)
    try call.checkConsistency()
    let body = try call.body(Shapes.count, settings: configuration)
    let key = try resolve(name)
    guard let collection = collections[key] else { return .noRoute }
    if let complaint = collection.shardKeyComplaint(body) { throw .badRequest(complaint) }
    let filter = body["filter"]?.object.map(PointFilter.init)
    if let filter { try collection.check(filter, by: "unindexed_filtering_retrieve") }
    let count = filter.map { filter in
      collection.points.ids.count { id in
        collection.points[id].map { filter.passes(id, $0) } ?? false
      }
    }
    return .result(["count": .integer(count ?? collection.points.count)])
  }

  /// Points in the order of their identifiers, from the offset on.
  func scroll(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name)
    try call.checkConsistency()
    let body = try call.body(Shapes.scroll, settings: configuration)
    let key = try resolve(name)
    guard let collection = collections[key] else { return .noRoute }
    if let complaint = collection.shardKeyComplaint(body) { throw .badRequest(complaint) }
    let filter = body["filter"]?.object.map(PointFilter.init)
    if let filter { try collection.check(filter, by: "unindexed_filtering_retrieve") }
    let limit = body["limit"]?.integer ?? 10
    let start = body["offset"].flatMap { PointID($0) }.map(collection.points.place) ?? 0
    var shown: [JSONValue] = []
    var next = JSONValue.null
    for id in collection.points.ids[start...] {
      guard let point = collection.points[id], filter?.passes(id, point) ?? true else { continue }
      if shown.count == limit {
        next = id.json
        break
      }
      shown.append(
        point.shown(
          id, payload: body["with_payload"] ?? true, vector: body["with_vector"] ?? false))
    }
    return .result(["points": .array(shown), "next_page_offset": next])
  }

  func retrieve(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name)
    try call.checkConsistency()
    let body = try call.body(.anyObject, settings: configuration)
    let key = try resolve(name)
    let ids = (body["ids"]?.array ?? []).compactMap { PointID($0) }
    let shown = ids.compactMap { id -> JSONValue? in
      collections[key]?.points[id]?.shown(
        id, payload: body["with_payload"] ?? false,
        vector: body["with_vector"] ?? body["with_vectors"] ?? false)
    }
    return .result(.array(shown))
  }

  func retrieveOne(_ call: Call, _ name: String, _ text: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name)
    let key = try resolve(name)
    let json: JSONValue =
      UInt64(text).map { .number(JSONNumber(text: String($0))) } ?? .string(text)
    guard let id = PointID(json) else {
      throw .wrongInput("Can not recognize \"\(text)\" as point id")
    }
    guard let point = collections[key]?.points[id] else {
      throw .notFound("Point with id \(text) does not exists!")
    }
    return .result(point.shown(id, payload: true, vector: true))
  }

  /// Exact search by one dense vector.
  func query(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name)
    try call.checkConsistency()
    let body = try call.body(.anyObject, settings: configuration)
    let key = try resolve(name)
    guard let collection = collections[key] else { return .noRoute }
    if let complaint = collection.shardKeyComplaint(body) { throw .badRequest(complaint) }
    let filter = body["filter"]?.object.map(PointFilter.init)
    if let filter { try collection.check(filter, by: "unindexed_filtering_retrieve") }
    let using = body["using"]?.string ?? ""
    guard let space = collection.config.denseVectors[using] else {
      throw .wrongInput("Not existing vector name error: \(using)")
    }
    let distance = space["distance"]?.string ?? ""
    guard let wanted = body["query"].flatMap(VectorText.components) else {
      return try scroll(call, name)
    }
    let scored = collection.scored(wanted, using, distance, filter)
    let shown = scored.prefix(max(0, body["limit"]?.integer ?? 10)).map { id, score -> JSONValue in
      [
        "id": id.json,
        "version": .number(JSONNumber(text: String(collection.points[id]?.version ?? 0))),
        "score": VectorText.number(score),
      ]
    }
    return .result(["points": .array(Array(shown))])
  }
}

extension Call {
  /// The `consistency` of a read: how many replicas have to agree.
  fileprivate func checkConsistency() throws(Refusal) {
    guard let text = target.value("consistency") else { return }
    guard ["majority", "quorum", "all"].contains(text) || UInt64(text) != nil else {
      throw query("failed to deserialize read consistency query parameter value '\(text)'")
    }
  }
}

extension Collection {
  /// Points with that vector, the best first.
  fileprivate func scored(
    _ wanted: [Float], _ using: String, _ distance: String, _ filter: PointFilter?
  ) -> [(PointID, Float)] {
    let isDistance = distance == "Euclid" || distance == "Manhattan"
    return points.ids.compactMap { id -> (PointID, Float)? in
      guard let point = points[id], filter?.passes(id, point) ?? true,
        let vector = point.vectors[using].flatMap(VectorText.components)
      else { return nil }
      return (id, VectorText.score(wanted, vector, distance: distance))
    }.sorted { left, right in
      if left.1 != right.1 { return isDistance ? left.1 < right.1 : left.1 > right.1 }
      return left.0 > right.0
    }
  }
}

extension Point {
  /// The point as answers show it.
  func shown(_ id: PointID, payload: JSONValue, vector: JSONValue) -> JSONValue {
    var shown: JSONObject = ["id": id.json]
    if payload != false { shown["payload"] = .object(self.payload) }
    if vector != false {
      let isPlain = vectors.count == 1 && vectors[""] != nil
      shown["vector"] = isPlain ? vectors[""] : .object(vectors)
    }
    return .object(shown)
  }
}
