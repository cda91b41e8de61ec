import JSON

extension SimulatedServer {
  /// `POST /collections/aliases`: action by action; what was done before a failure stays.
  mutating func changeAliases(_ call: Call) throws(Refusal) -> Reply {
    let body = try call.body(Shapes.changeAliases, settings: configuration)
    try call.checkTimeout()
    for (applied, action) in (body["actions"]?.array ?? []).enumerated() {
      if let limit = call.partialLimit, applied >= limit {
        throw .service("The update was interrupted")
      }
      try apply(action)
      noteChange()
    }
    return .true
  }

  private mutating func apply(_ action: JSONValue) throws(Refusal) {
    if let creation = action["create_alias"] {
      let alias = ExactString(creation["alias_name"]?.string ?? "")
      let target = ExactString(creation["collection_name"]?.string ?? "")
      guard collections[target] != nil else { throw .noCollection(target.string) }
      guard collections[alias] == nil else { throw .conflict(collection: alias.string) }
      aliases[alias] = target
    } else if let renaming = action["rename_alias"] {
      let old = ExactString(renaming["old_alias_name"]?.string ?? "")
      guard let target = aliases.removeValue(forKey: old) else {
        throw .notFound("Alias \(old.string) does not exists!")
      }
      aliases[ExactString(renaming["new_alias_name"]?.string ?? "")] = target
    } else if let alias = action["delete_alias"]?["alias_name"]?.string {
      aliases[ExactString(alias)] = nil
    }
  }

  /// `GET /aliases`.
  func listAliases(_ call: Call) throws(Refusal) -> Reply { shown { _ in true } }

  /// `GET /collections/{name}/aliases`; empty for what is no collection.
  func listAliases(_ call: Call, of name: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name)
    let key = ExactString(name)
    return shown { $0 == key }
  }

  /// The aliases of the chosen targets, by name.
  private func shown(_ isChosen: (ExactString) -> Bool) -> Reply {
    let chosen = aliases.filter { isChosen($0.value) }.sorted { $0.key < $1.key }
    let links = chosen.map { alias, target -> JSONValue in
      ["alias_name": .string(alias.string), "collection_name": .string(target.string)]
    }
    return .result(["aliases": .array(links)])
  }
}
