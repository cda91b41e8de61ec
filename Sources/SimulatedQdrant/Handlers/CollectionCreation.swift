import JSON

extension SimulatedServer {
  /// `PUT /collections/{name}`.
  mutating func createCollection(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    try NameRule.checkNewCollection(name, configuration.behaviours)
    let body = try call.body(Shapes.createCollection, settings: configuration)
    try call.checkTimeout()
    let request = body.object ?? JSONObject()
    try checkVectorNames(of: request)
    let key = ExactString(name)
    guard collections[key] == nil else { throw .conflict(collection: name) }
    guard aliases[key] == nil else {
      throw .wrongInput(
        "Can't create collection with name \(name). Alias with the same name already exists")
    }
    if let limit = configuration.maxCollections, collections.count >= limit {
      throw .badRequest(
        "Can't create collection with name \(name). Max collections limit reached: \(limit)")
    }
    let config = CollectionConfig(request: request, settings: configuration)
    try checkStorable(name, config)
    var collection = Collection(config: config, uuid: request["uuid"]?.string)
    collection.lastOperation = configuration.behaviours.operationBeforeFirst
    collection.indexing.operation = collection.lastOperation
    if let source = request["init_from"]?["collection"]?.string {
      collection.takeFirstPoints(of: collections[try resolve(source)])
    }
    collections[key] = collection
    noteChange()
    return .true
  }

  private func checkVectorNames(of request: JSONObject) throws(Refusal) {
    let vectors = request["vectors"]?.object ?? JSONObject()
    let isSingle = vectors["size"]?.number != nil
    let dense = isSingle ? [] : vectors.keys
    let isStrict = configuration.behaviours.checksVectorNames
    for name in dense where isStrict {
      if let complaint = NameRule.complaint(aboutVector: name) {
        throw .wrongInput("Invalid dense vector name `\(name)`: " + complaint)
      }
    }
    for name in request["sparse_vectors"]?.object?.keys ?? [] {
      guard !name.isEmpty || !isStrict else {
        throw .wrongInput("Sparse vector name cannot be empty")
      }
      if isStrict, let complaint = NameRule.complaint(aboutVector: name) {
        throw .wrongInput("Invalid sparse vector name `\(name)`: " + complaint)
      }
      guard !dense.contains(where: { $0.hasSameBytes(as: name) }) else {
        throw .wrongInput(
          "Dense and sparse vector names must be unique - duplicate found with '\(name)'")
      }
    }
  }

  /// What only the storage refuses, with 500.
  private func checkStorable(_ name: String, _ config: CollectionConfig) throws(Refusal) {
    let storage = SnapshotFolder.root + "/storage/"
    let folder = storage + "collections/"
    if name.hasSameBytes(as: "."), configuration.behaviours.takesParentAsName {
      throw .service(
        "Can't clear directory for collection .. Error: failed to remove directory "
          + "`\(folder).`: Invalid argument (os error 22)")
    }
    if name.hasSameBytes(as: ".") {
      throw .service(
        "failed to rename file from \(folder). to \(storage).deleted/XXXXXX: "
          + "Device or resource busy (os error 16)")
    }
    if name.hasSameBytes(as: ".."), !configuration.behaviours.takesParentAsName {
      throw .service("Invalid path to delete: \(folder)..")
    }
    if let vector = config.denseVectors.keys.first(where: { $0.utf8.contains(0) }) {
      guard configuration.behaviours.catchesFilePanics else {
        let bytes = Array("vector-\(vector)".utf8)
        let place = bytes.firstIndex(of: 0) ?? 0
        throw .service(
          "Segment DB create panickedwith:\ncalled `Result::unwrap()` on an `Err` value: "
            + "NulError(\(place), \(bytes))")
      }
      let segment = folder + name + "/0/segments/00000000-0000-4000-8000-000000000000"
      let reason = configuration.behaviours.failure(
        to: "create directory `\(segment)/vector_storage-\(vector)`",
        "file name contained an unexpected NUL byte")
      throw .service("IO Error: " + reason)
    }
    if name.utf8.count > 255 {
      let reason = configuration.behaviours.failure(
        to: "create directory `\(folder)\(name)`", "File name too long (os error 36)")
      throw .service("Can't create directory for collection \(name). Error: " + reason)
    }
    if config.wal["wal_retain_closed"]?.integer == 0 {
      guard configuration.behaviours.catchesLogPanics else { throw .noAnswer }
      throw .service(
        "Tokio task join error: task 29 panicked with message "
          + "\"called `Option::unwrap()` on a `None` value\"")
    }
    if config.denseVectors.members.contains(where: { $0.value["datatype"]?.string == "turbo4" }),
      config.shardCount > 0, !configuration.behaviours.keepsTurbo4
    {
      throw .service(
        "Segment DB create panickedwith:\n"
          + "not implemented: turbo4 datatype storage not yet wired up")
    }
  }

  /// `DELETE /collections/{name}`; an alias is no collection here.
  mutating func deleteCollection(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name, configuration.behaviours)
    try call.checkTimeout()
    let key = ExactString(name)
    guard collections.removeValue(forKey: key) != nil else { return .result(false) }
    aliases = aliases.filter { $0.value != key }
    noteChange()
    return .true
  }
}
