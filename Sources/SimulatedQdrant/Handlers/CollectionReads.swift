import JSON

extension SimulatedServer {
  /// `GET /collections`.
  func listCollections(_ call: Call) -> Reply {
    let names = collections.keys.filter { call.access.shows($0) }.sorted().map { key -> JSONValue in
      ["name": .string(key.string)]
    }
    return .result(["collections": .array(names)])
  }

  /// `GET /collections/{name}`.
  mutating func getCollection(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name, configuration.behaviours)
    let key = try resolve(name)
    try checkAwake(key, "Get Info")
    guard let collection = collections[key] else { return .result(.null) }
    // Once its optimisation is done, the time changes nothing; peers of a cluster add to it.
    let isKept = call.now >= collection.indexing.busyUntil && collection.layout == nil
    if isKept, let bytes = written[key] { return .written(bytes) }
    let information = collection.information(at: call.now, configuration.behaviours)
    guard isKept else { return .result(information) }
    let bytes = information.bytes()
    written[key] = bytes
    return .written(bytes)
  }

  /// `GET /collections/{name}/exists`.
  func collectionExists(_ name: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name, configuration.behaviours)
    let key = ExactString(name)
    let exists = collections[key] != nil || aliases[key].map { collections[$0] != nil } ?? false
    return .result(["exists": .bool(exists)])
  }

  /// Refuses to read a collection that recovery mode left unloaded.
  func checkAwake(_ key: ExactString, _ operation: String) throws(Refusal) {
    guard let collection = collections[key], collection.isDormant || collection.failure != nil
    else { return }
    let shards = collection.shardCount
    let mode = collection.failure ?? configuration.recoveryMode ?? ""
    if collection.failure != nil, !configuration.behaviours.countsFailedShards {
      throw .service("0 of 0 read operations failed")
    }
    let start = configuration.behaviours.namesFailedOperation ? "Failed to \(operation),  " : ""
    throw .service(
      "\(shards) of \(shards) read operations failed:\n  Service internal error: \(start)\(mode)")
  }
}
