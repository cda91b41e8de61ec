import JSON

extension SimulatedServer {
  /// Finds what answers a request; unknown paths and methods are answered without a body.
  mutating func route(_ call: Call) throws(Refusal) -> Reply {
    let segments = call.target.segments
    switch segments.first {
    case nil: return call.isMethod("GET") ? root : .noRoute
    case "collections": return try routeCollections(call)
    case "aliases":
      return segments.count == 1 && call.isMethod("GET") ? try listAliases(call) : .noRoute
    case "cluster": return try routeCluster(call, Array(segments.dropFirst()))
    case "snapshots": return try routeStorageSnapshots(call, Array(segments.dropFirst()))
    default: return try routeService(call)
    }
  }

  private mutating func routeCollections(_ call: Call) throws(Refusal) -> Reply {
    let segments = call.target.segments
    switch segments.count {
    case 1: return call.isMethod("GET") ? listCollections() : .noRoute
    case 2: return try routeCollection(call, segments[1])
    default: return try routePart(call, segments[1], Array(segments.dropFirst(2)))
    }
  }

  private mutating func routeCollection(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    switch call.request.method {
    case "GET": return try getCollection(name)
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
    switch rest[0] {
    case "index": return try routeIndexes(call, name, Array(rest.dropFirst()))
    case "vectors": return try routeVectorNames(call, name, Array(rest.dropFirst()))
    case "points": return try routePoints(call, name, Array(rest.dropFirst()))
    case "facet": return try routeFacet(call, name, Array(rest.dropFirst()))
    case "snapshots": return try routeSnapshots(call, name, Array(rest.dropFirst()))
    case "shards": return try routeShards(call, name, Array(rest.dropFirst()))
    default: break
    }
    guard rest.count == 1 else { return .noRoute }
    switch (call.request.method, rest[0]) {
    case ("GET", "exists"): return try collectionExists(name)
    case ("GET", "aliases"): return try listAliases(call, of: name)
    case ("GET", "cluster"): return try collectionCluster(name)
    case ("POST", "cluster"): return try changeCollectionCluster(call, name)
    case ("GET", "optimizations"): return try collectionOptimizations(call, name)
    case ("GET", "memory"): return try collectionMemory(name)
    default: return .noRoute
    }
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
