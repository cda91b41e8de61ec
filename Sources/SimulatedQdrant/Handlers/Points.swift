import JSON

extension SimulatedServer {
  /// `/collections/{name}/points…`; `rest` begins after `points`.
  mutating func routePoints(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    if let reply = try routeUpdates(call, name, rest.joined(separator: "/")) { return reply }
    let reply = try routeReads(call, name, rest)
    if case .noRoute = reply { return reply }
    try meterRead(call, name)
    return reply
  }

  private func routeReads(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    guard call.isMethod("POST") else {
      return call.isMethod("GET") && rest.count == 1
        ? try getPoint(call, name, rest[0]) : .noRoute
    }
    switch rest.joined(separator: "/") {
    case "": return try retrievePoints(call, name)
    case "scroll": return try scrollPoints(call, name)
    case "count": return try countPoints(call, name)
    default: return try routeQueries(call, name, rest) ?? .noRoute
    }
  }

  private mutating func routeUpdates(
    _ call: Call, _ name: String, _ path: String
  ) throws(Refusal) -> Reply? {
    switch (call.request.method, path) {
    case ("PUT", ""): return try change(call, name, "upsert", Shapes.insertion)
    case ("POST", "delete"): return try change(call, name, "delete", Shapes.selector)
    case ("POST", "batch"): return try changeInBatch(call, name)
    case ("POST", "payload"):
      return try change(call, name, "set_payload", .structure(Shapes.payloadChange))
    case ("PUT", "payload"):
      return try change(call, name, "overwrite_payload", .structure(Shapes.payloadChange))
    case ("POST", "payload/delete"):
      return try change(call, name, "delete_payload", .structure(Shapes.payloadDeletion))
    case ("POST", "payload/clear"):
      return try change(call, name, "clear_payload", Shapes.selector)
    case ("PUT", "vectors"):
      return try change(call, name, "update_vectors", .structure(Shapes.vectorUpdate))
    case ("POST", "vectors/delete"):
      return try change(call, name, "delete_vectors", .structure(Shapes.vectorDeletion))
    default: return nil
    }
  }

  /// Counts a read that would succeed; strict mode refuses it when there were too many.
  private mutating func meterRead(_ call: Call, _ name: String) throws(Refusal) {
    let key = try resolve(name)
    let (strictMode, behaviours) = (collections[key]?.strictMode, configuration.behaviours)
    try collections[key]?.rates.take(
      call.readCost, "Read", strictMode, behaviours, at: call.now)
  }

  /// `/collections/{name}/facet…`; `rest` begins after `facet`.
  mutating func routeFacet(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    guard call.isMethod("POST"), rest.isEmpty else { return .noRoute }
    let reply = try countValues(call, name)
    try meterRead(call, name)
    return reply
  }

  /// One update of points.
  private mutating func change(
    _ call: Call, _ name: String, _ kind: String, _ shape: Shape
  ) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name, configuration.behaviours)
    let body = try call.body(shape, settings: configuration)
    let waits = try call.updateParameters(configuration)
    let key = try resolve(name)
    if configuration.behaviours.knowsUpdateTimeouts {
      try collections[key]?.checkTimeoutLimit(call)
    }
    return .result(try change(call, key, kind, body, waits: waits))
  }

  /// `POST …/points/batch`: one after another; what was done before a failure stays.
  private mutating func changeInBatch(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name, configuration.behaviours)
    let body = try call.body(Shapes.batchUpdate, settings: configuration)
    let waits = try call.updateParameters(configuration)
    let key = try resolve(name)
    if configuration.behaviours.knowsUpdateTimeouts {
      try collections[key]?.checkTimeoutLimit(call)
    }
    var results: [JSONValue] = []
    for operation in body["operations"]?.array ?? [] {
      guard let member = operation.object?.members.first else { continue }
      results.append(try change(call, key, member.key, member.value, waits: waits))
    }
    return .result(.array(results))
  }

  private mutating func change(
    _ call: Call, _ key: ExactString, _ kind: String, _ body: JSONValue, waits: Bool
  ) throws(Refusal) -> JSONValue {
    let behaviours = configuration.behaviours
    try collections[key]?.checkChange(kind, body, behaviours)
    if let strictMode = collections[key]?.strictMode {
      let cost = collections[key]?.writeCost(body) ?? 1
      try collections[key]?.rates.take(cost, "Write", strictMode, behaviours, at: call.now)
    }
    noteChange()
    let operation = collections[key]?.nextOperation() ?? 0
    do throws(Refusal) { try collections[key]?.apply(kind, body, behaviours) } catch {
      guard !waits else { throw error }
    }
    return [
      "operation_id": .number(JSONNumber(text: String(operation))),
      "status": waits ? "completed" : "acknowledged",
    ]
  }
}

extension Collection {
  /// The rules of strict mode while it is enabled.
  var strictMode: JSONObject? {
    config.strictMode?["enabled"]?.bool == true ? config.strictMode : nil
  }

  /// Why no shard has the key that a request names, which none has on a standalone server.
  func shardKeyComplaint(_ body: JSONValue) -> String? {
    guard config.hasCustomSharding, !isPart, let key = body["shard_key"], !key.isNull else {
      return nil
    }
    return "Shard key \(key.text()) not found"
  }

  /// What is refused before an update gets its number.
  fileprivate func checkChange(
    _ kind: String, _ body: JSONValue, _ behaviours: Behaviours
  ) throws(Refusal) {
    let points = body["points"]?.array
    if let points, points.isEmpty { throw .badRequest("Empty update request") }
    if ["set_payload", "overwrite_payload", "delete_payload", "delete_vectors"].contains(kind),
      points == nil, body["filter"] == nil
    {
      throw Refusal(
        status: 400,
        text: "Format error in JSON body: Either list of point ids or filter must be provided")
    }
    guard isPart || config.shardCount > 0 else {
      throw .wrongInput(shardKeyComplaint(body) ?? behaviours.noShardText)
    }
    if let filter = body["filter"] { try checkIndexed(filter, "unindexed_filtering_update") }
    guard kind == "upsert" else { return }
    try checkLimits(of: points ?? [])
    guard behaviours.checksSizesFirst else { return }
    for point in points ?? [] { try config.checkDimensions(of: point["vector"] ?? [:]) }
  }

  private func checkLimits(of points: [JSONValue]) throws(Refusal) {
    guard let strictMode else { return }
    if let limit = strictMode["upsert_max_batchsize"]?.integer, points.count > limit {
      throw .badRequest(
        "Limit exceeded \(points.count) > \(limit) for \"upsert limit\". "
          + "Help: Reduce the \"upsert limit\" parameter to or below \(limit).")
    }
    for (name, vector) in points.flatMap({ CollectionConfig.named($0["vector"] ?? [:]) }) {
      let rows = vector.array?.first?.array == nil ? 1 : vector.array?.count ?? 0
      let indices = vector["indices"]?.array?.count ?? 0
      if let limit = strictMode["multivector_config"]?[name]?["max_vectors"]?.integer, rows > limit
      {
        throw .badRequest(
          "Multivector '\(name)' has a limit of \(limit) vectors, but \(rows) were provided!")
      }
      if let limit = strictMode["sparse_config"]?[name]?["max_length"]?.integer, indices > limit {
        throw .badRequest(
          "Sparse vector '\(name)' has a limit of \(limit) indices, "
            + "but \(indices) were provided!")
      }
    }
  }

  fileprivate mutating func apply(
    _ kind: String, _ body: JSONValue, _ behaviours: Behaviours
  ) throws(Refusal) {
    switch kind {
    case "upsert": try upsert(body, behaviours)
    case "delete": for id in try selected(by: body) { points[id] = nil }
    case "clear_payload": try changeSelected(body) { $0.payload = JSONObject() }
    case "set_payload", "overwrite_payload": try setPayload(body, whole: kind != "set_payload")
    case "delete_payload":
      let paths = (body["keys"]?.array ?? []).compactMap { $0.string.flatMap { FieldPath($0) } }
      try changeSelected(body) { point in
        for path in paths { path.remove(from: &point.payload) }
      }
    case "update_vectors": try updateVectors(body, behaviours)
    default: try deleteVectors(body)
    }
  }

  private mutating func upsert(_ body: JSONValue, _ behaviours: Behaviours) throws(Refusal) {
    var rows: [Row] = []
    var failure: Refusal?
    do throws(Refusal) {
      for point in body["points"]?.array ?? [] {
        guard let id = point["id"].flatMap({ PointID($0) }) else { continue }
        let vectors = try config.stored(point["vector"] ?? [:], behaviours)
        rows.append(
          Row(id: id, vectors: vectors, payload: point["payload"]?.object))
      }
    } catch {
      guard behaviours.keepsPointsBeforeFailure else { throw error }
      failure = error
    }
    write(rows, body, behaviours)
    if let failure { throw failure }
  }

  /// A point to be written.
  private struct Row {
    var id: PointID
    var vectors: NamedVectors
    /// Nil where none was sent.
    var payload: JSONObject?
  }

  private mutating func write(_ rows: [Row], _ body: JSONValue, _ behaviours: Behaviours) {
    let mode = body["update_mode"]?.string
    let filter = body["update_filter"].map { self.filter($0) }
    for row in rows {
      if let present = points[row.id] {
        if mode == "insert_only" || filter?.matches(row.id, present) == false { continue }
      } else if mode == "update_only" {
        continue
      }
      let left = behaviours.clearsPayload ? nil : points[row.id]?.payload
      points[row.id] = Point(
        version: lastOperation, payload: row.payload ?? left ?? JSONObject(),
        vectors: row.vectors)
    }
  }

  private mutating func setPayload(_ body: JSONValue, whole: Bool) throws(Refusal) {
    let payload = body["payload"]?.object ?? JSONObject()
    let path = body["key"]?.string.flatMap { FieldPath($0) }
    try changeSelected(body) { point in
      if let path {
        path.merge(payload, into: &point.payload)
      } else {
        point.payload = whole ? payload : point.payload.merged(with: .object(payload))
      }
    }
  }

  private mutating func updateVectors(
    _ body: JSONValue, _ behaviours: Behaviours
  ) throws(Refusal) {
    let filter = body["update_filter"].map { self.filter($0) }
    for change in body["points"]?.array ?? [] {
      guard let id = change["id"].flatMap({ PointID($0) }) else { continue }
      let vectors = try config.stored(change["vector"] ?? [:], behaviours)
      guard let present = points[id] else { throw Collection.missing(id) }
      if filter?.matches(id, present) == false { continue }
      points[id]?.vectors = present.vectors.merged(with: vectors)
      points[id]?.version = lastOperation
    }
  }

  private mutating func deleteVectors(_ body: JSONValue) throws(Refusal) {
    let names = (body["vector"]?.array ?? []).compactMap(\.string)
    for name in names where config.denseVectors[name] == nil && config.sparseVectors[name] == nil {
      throw .wrongInput("Not existing vector name error: \(name)")
    }
    try changeSelected(body) { point in
      for name in names { point.vectors[name] = nil }
    }
  }

  private mutating func changeSelected(
    _ body: JSONValue, _ change: (inout Point) -> Void
  ) throws(Refusal) {
    let isListed = body["points"] != nil
    for id in try selected(by: body) {
      guard var point = points[id] else {
        if isListed, body["payload"] != nil || body["keys"] != nil {
          throw Collection.missing(id)
        }
        continue
      }
      change(&point)
      point.version = lastOperation
      points[id] = point
    }
  }

  private static func missing(_ id: PointID) -> Refusal {
    .notFound("No point with id \(id.text) found")
  }

  /// The points that a body lists or describes.
  private func selected(by body: JSONValue) throws(Refusal) -> [PointID] {
    if let listed = body["points"]?.array { return listed.compactMap { PointID($0) } }
    let filter = filter(body["filter"] ?? [:])
    return points.ids.filter { id in points[id].map { filter.matches(id, $0) } ?? false }
  }
}

extension PointID {
  /// As it stands in messages.
  var text: String {
    switch self {
    case .number(let value): String(value)
    case .uuid(let text): text
    }
  }
}
