import JSON

extension SimulatedServer {
  /// Finds what answers a request; unknown paths and methods are answered without a body.
  mutating func route(_ call: Call) throws(Refusal) -> Reply {
    let segments = call.target.segments
    switch segments.first {
    case nil: return call.isMethod("GET") ? root : .noRoute
    case "collections": return try routeCollections(call)
    case "aliases":
      return segments.count == 1 && call.isMethod("GET")
        ? visible(try listAliases(call), to: call.access) : .noRoute
    case "cluster": return try routeCluster(call, Array(segments.dropFirst()))
    case "snapshots": return try routeStorageSnapshots(call, Array(segments.dropFirst()))
    default: return try routeService(call)
    }
  }

  private mutating func routeCollections(_ call: Call) throws(Refusal) -> Reply {
    let segments = call.target.segments
    switch segments.count {
    case 1: return call.isMethod("GET") ? listCollections(call) : .noRoute
    case 2: return try routeCollection(call, segments[1])
    default: return try routePart(call, segments[1], Array(segments.dropFirst(2)))
    }
  }

  private mutating func routeCollection(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    switch call.request.method {
    case "GET": return try getCollection(call, name)
    case "PUT": return try createCollection(call, name)
    case "PATCH": return try patchCollection(call, name)
    case "DELETE": return try deleteCollection(call, name)
    case "POST" where name == "aliases": return try changeAliases(call)
    default: return .noRoute
    }
  }

  /// What stands below a collection; `rest` begins after its name.
  private mutating func routePart(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    defer { followUpdate(of: name, call) }
    if let key = try? resolve(name), collections[key]?.isDormant == true {
      return try routeDormantPart(call, name, rest)
    }
    switch rest[0] {
    case "index": return try routeIndexes(call, name, Array(rest.dropFirst()))
    case "vectors": return try routeVectorNames(call, name, Array(rest.dropFirst()))
    case "points":
      let reply = try routePoints(call, name, Array(rest.dropFirst()))
      guard configuration.reportsHardware, case .result(let value) = reply else { return reply }
      return .metered(value, usage: Reply.usage(configuration.behaviours))
    case "facet": return try routeFacet(call, name, Array(rest.dropFirst()))
    case "snapshots": return try routeSnapshots(call, name, Array(rest.dropFirst()))
    case "shards": return try routeShards(call, name, Array(rest.dropFirst()))
    default: break
    }
    guard rest.count == 1 else { return .noRoute }
    switch (call.request.method, rest[0]) {
    case ("GET", "exists"): return try collectionExists(name)
    case ("GET", "aliases"):
      return visible(try listAliases(call, of: name), to: call.access)
    case ("GET", "cluster"): return try collectionCluster(name)
    case ("POST", "cluster"): return try changeCollectionCluster(call, name)
    case ("GET", "optimizations") where configuration.behaviours.hasOptimizationReport:
      return try collectionOptimizations(call, name)
    case ("GET", "memory") where configuration.behaviours.hasMemoryReport:
      return try collectionMemory(name)
    default: return .noRoute
    }
  }

  /// The same for a collection that recovery mode left unloaded: settings change, points do not.
  private mutating func routeDormantPart(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    let key = try resolve(name)
    let acknowledged = Reply.result(["status": "acknowledged"])
    switch rest[0] {
    case "points":
      let isReading =
        call.isMethod("GET")
        || !["delete", "batch", "payload", "vectors"].contains(rest.dropFirst().first ?? "")
      if isReading, !call.isMethod("PUT") { try checkAwake(key, "Scroll") }
      let start = configuration.behaviours.namesFailedOperation ? "Failed to Update Points,  " : ""
      throw .service(start + (configuration.recoveryMode ?? ""))
    case "index":
      guard configuration.behaviours.indexesInRecovery else {
        throw .service(configuration.recoveryMode ?? "")
      }
      _ = try routeIndexes(call, name, Array(rest.dropFirst()))
      return acknowledged
    case "vectors":
      _ = try routeVectorNames(call, name, Array(rest.dropFirst()))
      return acknowledged
    default: break
    }
    collections[key]?.isDormant = false
    defer { collections[key]?.isDormant = true }
    return try routePart(call, name, rest)
  }

  /// A list of aliases without those whose name or target the credential does not name.
  private func visible(_ reply: Reply, to access: Access) -> Reply {
    guard case .collections = access, case .result(let result) = reply else { return reply }
    let shown = (result["aliases"]?.array ?? []).filter { link in
      [link["alias_name"], link["collection_name"]].allSatisfy { name in
        name?.string.map { access.shows(ExactString($0)) } ?? false
      }
    }
    return .result(["aliases": .array(shown)])
  }

  /// Lets optimisation of a collection start after a request that updated it.
  private mutating func followUpdate(of name: String, _ call: Call) {
    guard !call.isMethod("GET") else { return }
    let key = aliases[ExactString(name)] ?? ExactString(name)
    guard collections[key]?.lastOperation != collections[key]?.indexing.operation else { return }
    collections[key]?.planIndexing(at: call.now)
  }

  /// The collection that a name or an alias stands for.
  func resolve(_ name: String) throws(Refusal) -> ExactString {
    let key = ExactString(name)
    let target = aliases[key] ?? key
    guard collections[target] != nil else { throw .noCollection(target.string) }
    return target
  }

  /// Notes that persisted state changed.
  mutating func noteChange() { revision &+= 1 }
}

extension Call {
  func isMethod(_ method: String) -> Bool { request.method == method }
}
