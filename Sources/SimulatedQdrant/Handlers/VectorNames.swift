import JSON

extension SimulatedServer {
  /// `/collections/{name}/vectors…`; `rest` begins after `vectors`.
  mutating func routeVectorNames(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    guard rest.count == 1, !rest[0].isEmpty, configuration.behaviours.hasVectorNames else {
      return .noRoute
    }
    switch call.request.method {
    case "PUT": return try addVector(call, name, rest[0])
    case "DELETE": return try dropVector(call, name, rest[0])
    default: return .noRoute
    }
  }

  private func checkPath(_ name: String, _ vector: String) throws(Refusal) {
    try NameRule.checkLength(name)
    guard let complaint = NameRule.complaint(aboutVector: vector) else { return }
    throw .invalid(
      "path parameters", [Violation(path: ["vector_name"], message: complaint)])
  }

  private mutating func addVector(
    _ call: Call, _ name: String, _ vector: String
  ) throws(Refusal) -> Reply {
    try checkPath(name, vector)
    let waits = try call.updateParameters(configuration)
    let body = try call.body(Shapes.namedVector, settings: configuration)
    let key = try resolve(name)
    try collections[key]?.checkTimeoutLimit(call)
    if let dense = body["dense"]?.object {
      try collections[key]?.config.addDense(vector, dense)
      noteChange()
      if dense["datatype"]?.string == "turbo4", !configuration.behaviours.keepsTurbo4 {
        _ = collections[key]?.registered(waits: waits)
        throw .service(
          "task 1 panicked with message "
            + "\"not implemented: turbo4 datatype storage not yet wired up\"")
      }
    } else {
      try collections[key]?.config.addSparse(vector, body["sparse"]?.object ?? JSONObject())
      noteChange()
    }
    return collections[key]?.registered(waits: waits) ?? .noRoute
  }

  private mutating func dropVector(
    _ call: Call, _ name: String, _ vector: String
  ) throws(Refusal) -> Reply {
    try checkPath(name, vector)
    let waits = try call.updateParameters(configuration)
    let key = try resolve(name)
    collections[key]?.config.drop(vector)
    collections[key]?.points.dropVector(vector)
    noteChange()
    return collections[key]?.registered(waits: waits) ?? .noRoute
  }
}

extension Collection {
  /// Numbers the two operations of a change of the registry, and tells the second one; with
  /// several copies the answer of one counts that has not had the first yet (recorded on 1.18.3,
  /// lost-peers/one-killed).
  mutating func registered(waits: Bool) -> Reply {
    guard shardCount > 0 else { return .result(["status": "acknowledged"]) }
    for place in parts.indices { parts[place].lastOperation &+= 2 }
    let first = nextOperation()
    let second = nextOperation()
    let operation = isReplicated ? first : second
    return .result([
      "operation_id": .number(JSONNumber(text: String(operation))),
      "status": waits ? "completed" : "acknowledged",
    ])
  }

  /// Strict mode's limit on the `timeout` of a request.
  func checkTimeoutLimit(_ call: Call) throws(Refusal) {
    guard config.strictMode?["enabled"]?.bool == true,
      let limit = config.strictMode?["max_timeout"]?.integer,
      let timeout = try call.unsigned("timeout"), timeout > UInt64(clamping: limit)
    else { return }
    throw .badRequest(
      "Limit exceeded \(timeout) > \(limit) for \"timeout\". "
        + "Help: Reduce the \"timeout\" parameter to or below \(limit).")
  }
}

extension CollectionConfig {
  /// What makes two dense vectors the same space, as it was written: an explicit default differs.
  private static let denseSpace = ["size", "distance", "multivector_config", "datatype"]

  fileprivate mutating func addDense(_ name: String, _ space: JSONObject) throws(Refusal) {
    if sparseVectors[name] != nil {
      throw .wrongInput("Vector `\(name)` already exists as a sparse vector")
    }
    if let existing = denseVectors[name]?.object {
      guard CollectionConfig.denseSpace.allSatisfy({ existing[$0] == space[$0] }) else {
        throw .wrongInput("Vector `\(name)` already exists with a different configuration")
      }
      return
    }
    var vectors = denseVectors
    vectors[name] = .object(space)
    params["vectors"] = .object(vectors.sortedByName)
  }

  fileprivate mutating func addSparse(_ name: String, _ space: JSONObject) throws(Refusal) {
    if denseVectors[name] != nil {
      throw .wrongInput("Vector `\(name)` already exists as a dense vector")
    }
    var wanted = JSONObject()
    if let datatype = space["datatype"] { wanted["index"] = ["datatype": datatype] }
    if let modifier = space["modifier"] { wanted["modifier"] = modifier }
    if let existing = sparseVectors[name] {
      guard existing["modifier"] == space["modifier"],
        existing["index"]?["datatype"] == space["datatype"]
      else {
        throw .wrongInput("Sparse vector `\(name)` already exists with a different configuration")
      }
      return
    }
    var vectors = sparseVectors
    vectors[name] = .object(wanted)
    params["sparse_vectors"] = .object(vectors.sortedByName)
  }

  /// The maps stay, also when nothing is left in them.
  fileprivate mutating func drop(_ name: String) {
    if denseVectors[name] != nil, !name.isEmpty {
      var vectors = denseVectors
      vectors[name] = Optional.none
      params["vectors"] = .object(vectors)
    }
    if sparseVectors[name] != nil {
      var vectors = sparseVectors
      vectors[name] = Optional.none
      params["sparse_vectors"] = .object(vectors)
    }
  }
}

extension JSONObject {
  /// The members in the order of their names, as the server keeps its maps.
  fileprivate var sortedByName: JSONObject {
    JSONObject(members.sorted { $0.key.precedes($1.key) })
  }
}
