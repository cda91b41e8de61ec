import JSON

extension SimulatedServer {
  /// `GET /collections`.
  func listCollections() -> Reply {
    let names = collections.keys.sorted().map { key -> JSONValue in
      ["name": .string(key.string)]
    }
    return .result(["collections": .array(names)])
  }

  /// `GET /collections/{name}`.
  func getCollection(_ name: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name)
    let key = try resolve(name)
    return .result(collections[key]?.information ?? .null)
  }

  /// `GET /collections/{name}/exists`.
  func collectionExists(_ name: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name)
    let key = ExactString(name)
    let exists = collections[key] != nil || aliases[key].map { collections[$0] != nil } ?? false
    return .result(["exists": .bool(exists)])
  }
}
