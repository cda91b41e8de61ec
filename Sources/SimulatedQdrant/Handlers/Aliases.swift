import JSON

extension SimulatedServer {
  /// `POST /collections/aliases`: one action after the other; what was done before a failure stays.
  mutating func changeAliases(_ call: Call) throws(Refusal) -> Reply {
    let body = try call.body(Shapes.changeAliases, settings: configuration)
    try call.checkTimeout()
    var applied = 0
    for action in body["actions"]?.array ?? [] {
      if let limit = call.partialLimit, applied >= limit {
        throw .service("The update was interrupted")
      }
      try change(action)
      applied += 1
    }
    return .true
  }

  private mutating func change(_ action: JSONValue) throws(Refusal) {
    func name(_ path: String...) -> String { action[path: path]?.string ?? "" }
    if action["create_alias"] != nil {
      try link(
        name("create_alias", "alias_name"), to: name("create_alias", "collection_name"))
    } else if action["delete_alias"] != nil {
      guard aliases.removeValue(forKey: ExactString(name("delete_alias", "alias_name"))) != nil
      else { return }
    } else {
      let old = name("rename_alias", "old_alias_name")
      guard let target = aliases.removeValue(forKey: ExactString(old)) else {
        throw .notFound("Alias \(old) does not exists!")
      }
      aliases[ExactString(name("rename_alias", "new_alias_name"))] = target
    }
    noteChange()
  }

  /// An alias that was there is switched without a word; aliases are not chained.
  private mutating func link(_ alias: String, to collection: String) throws(Refusal) {
    guard collections[ExactString(collection)] != nil else { throw .noCollection(collection) }
    guard collections[ExactString(alias)] == nil else { throw .conflict(collection: alias) }
    aliases[ExactString(alias)] = ExactString(collection)
  }

  /// `GET /aliases`.
  func listAliases(_ call: Call) throws(Refusal) -> Reply {
    SimulatedServer.list(aliases)
  }

  /// `GET /collections/{name}/aliases`: empty for a name that is unknown, or an alias itself.
  func listAliases(_ call: Call, of name: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name, configuration.behaviours)
    let key = ExactString(name)
    return SimulatedServer.list(aliases.filter { $0.value == key })
  }

  private static func list(_ aliases: [ExactString: ExactString]) -> Reply {
    let list = aliases.sorted { $0.key < $1.key }.map { alias, target -> JSONValue in
      ["alias_name": .string(alias.string), "collection_name": .string(target.string)]
    }
    return .result(["aliases": .array(list)])
  }
}
