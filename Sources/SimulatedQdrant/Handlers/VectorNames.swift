import JSON

extension SimulatedServer {
  /// `/collections/{name}/vectors…`; `rest` begins after `vectors`.
  mutating func routeVectorNames(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    guard rest.count == 1, call.isMethod("PUT") || call.isMethod("DELETE") else {
      return .noRoute
    }
    try NameRule.checkLength(name)
    if let complaint = NameRule.complaint(aboutVector: rest[0]) {
      throw .invalid(
        "path parameters", [Violation(path: ["vector_name"], message: complaint)])
    }
    return call.isMethod("PUT")
      ? try createVectorName(call, name, rest[0]) : try deleteVectorName(call, name, rest[0])
  }

  private mutating func createVectorName(
    _ call: Call, _ name: String, _ vector: String
  ) throws(Refusal) -> Reply {
    let body = try call.body(Shapes.namedVector, settings: configuration)
    let waits = try call.updateParameters()
    let key = try resolve(name)
    try checkStrictTimeout(call, key)
    try collections[key]?.config.addVector(vector, body)
    let reply = update(key, operations: 2, waits: waits)
    if body["dense"]?["datatype"]?.string == "turbo4", collections[key]?.config.shardCount != 0 {
      throw .service(
        "task 29 panicked with message "
          + "\"not implemented: turbo4 datatype storage not yet wired up\"")
    }
    return reply
  }

  private mutating func deleteVectorName(
    _ call: Call, _ name: String, _ vector: String
  ) throws(Refusal) -> Reply {
    let waits = try call.updateParameters()
    let key = try resolve(name)
    if collections[key]?.config.removeVector(vector) == true {
      collections[key]?.points.updateAll { $0.vectors[vector] = nil }
    }
    return update(key, operations: 2, waits: waits)
  }
}

extension CollectionConfig {
  /// Adds a vector name; one that is there must have the same space.
  fileprivate mutating func addVector(_ name: String, _ body: JSONValue) throws(Refusal) {
    if let dense = body["dense"] {
      guard sparseVectors[name] == nil else {
        throw .wrongInput("Vector `\(name)` already exists as a sparse vector")
      }
      try addDense(name, dense)
    } else if let sparse = body["sparse"] {
      guard denseVectors[name] == nil else {
        throw .wrongInput("Vector `\(name)` already exists as a dense vector")
      }
      try addSparse(name, sparse)
    }
  }

  private mutating func addDense(_ name: String, _ space: JSONValue) throws(Refusal) {
    let parts = ["size", "distance", "datatype", "multivector_config"]
    if let present = denseVectors[name] {
      guard parts.allSatisfy({ present[$0] == space[$0] }) else {
        throw .wrongInput("Vector `\(name)` already exists with a different configuration")
      }
      return
    }
    var vector = JSONObject()
    for part in parts { vector[part] = space[part] }
    var vectors = denseVectors
    vectors.insertSorted(name, .object(vector))
    params["vectors"] = .object(vectors)
  }

  private mutating func addSparse(_ name: String, _ space: JSONValue) throws(Refusal) {
    if let present = sparseVectors[name] {
      guard present["index"]?["datatype"] == space["datatype"],
        present["modifier"] == space["modifier"]
      else {
        throw .wrongInput("Sparse vector `\(name)` already exists with a different configuration")
      }
      return
    }
    var vector = JSONObject()
    if let datatype = space["datatype"] { vector["index"] = ["datatype": datatype] }
    vector["modifier"] = space["modifier"]
    var vectors = sparseVectors
    vectors.insertSorted(name, .object(vector))
    params["sparse_vectors"] = .object(vectors)
  }

  /// Takes a vector name away; false when there is none.
  fileprivate mutating func removeVector(_ name: String) -> Bool {
    var dense = denseVectors
    if dense[name] != nil {
      dense[name] = nil
      params["vectors"] = .object(dense)
      return true
    }
    var sparse = sparseVectors
    guard sparse[name] != nil else { return false }
    sparse[name] = nil
    params["sparse_vectors"] = .object(sparse)
    return true
  }
}

extension JSONObject {
  /// Adds a member among others that are sorted by name.
  fileprivate mutating func insertSorted(_ key: String, _ value: JSONValue) {
    let place = members.firstIndex { key.precedes($0.key) } ?? count
    members.insert(Member(key: key, value: value), at: place)
  }
}
