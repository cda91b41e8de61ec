package import JSON

extension SimulatedServer {
  /// Everything that outlives a restart, as a document that `init(settings:state:)` reads.
  package func exportState() -> JSONValue {
    let sorted = collections.sorted { $0.key < $1.key }
    let listed = sorted.map { entry -> JSONValue in
      var object = entry.value.document
      object.members.insert(
        JSONObject.Member(key: "name", value: .string(entry.key.string)), at: 0)
      return .object(object)
    }
    let links = aliases.sorted { $0.key < $1.key }.map { alias, target -> JSONValue in
      ["alias_name": .string(alias.string), "collection_name": .string(target.string)]
    }
    let folders = snapshots.sorted { $0.key.path.precedes($1.key.path) }
      .map { folder, files -> JSONValue in
        ["folder": .string(folder.path), "files": .array(files.map(\.state))]
      }
    var document: JSONObject = [
      "collections": .array(listed), "aliases": .array(links), "snapshots": .array(folders),
    ]
    if configuration.behaviours.hasQuotas { document["quotas"] = quotas }
    return .object(document)
  }

  /// What a snapshot of the whole server holds: not the snapshots before it, which would double
  /// with each.
  func contentOfSnapshot() -> JSONValue {
    var copy = self
    copy.snapshots = [:]
    return copy.exportState()
  }

  /// Takes over what `exportState` gave.
  mutating func restore(_ state: JSONValue) throws(SimulatedStateError) {
    guard let listed = state["collections"]?.array else {
      throw SimulatedStateError(path: "collections")
    }
    for document in listed {
      guard let name = document["name"]?.string else {
        throw SimulatedStateError(path: "collections.name")
      }
      var collection = try Collection(document: document)
      collection.isDormant = configuration.recoveryMode != nil
      collections[ExactString(name)] = collection
    }
    for link in state["aliases"]?.array ?? [] {
      guard let alias = link["alias_name"]?.string, let target = link["collection_name"]?.string
      else { throw SimulatedStateError(path: "aliases") }
      aliases[ExactString(alias)] = ExactString(target)
    }
    if let saved = state["quotas"] { quotas = saved }
    for folder in state["snapshots"]?.array ?? [] {
      guard let path = folder["folder"]?.string else {
        throw SimulatedStateError(path: "snapshots.folder")
      }
      var files: [SnapshotFile] = []
      for file in folder["files"]?.array ?? [] { files.append(try SnapshotFile(state: file)) }
      snapshots[SnapshotFolder(path: path)] = files
    }
  }
}

extension Collection {
  /// The collection as a part of the exported state.
  var document: JSONObject {
    let listed = indexes.map { index -> JSONValue in
      ["field": .string(index.field), "schema": index.schema, "is_built": .bool(index.isBuilt)]
    }
    var object: JSONObject = [
      "config": config.shown, "indexes": .array(listed),
      "points": .array(points.ids.compactMap { points[$0]?.document(id: $0) }),
      "last_operation": .number(JSONNumber(text: String(lastOperation))),
      "indexing": indexing.document,
    ]
    if let uuid { object["uuid"] = .string(uuid) }
    if let failure { object["failure"] = .string(failure) }
    if let savedLayout { object["layout"] = savedLayout }
    return object
  }

  init(document: JSONValue) throws(SimulatedStateError) {
    guard let shown = document["config"] else { throw SimulatedStateError(path: "config") }
    self.init(config: try CollectionConfig(shown: shown), uuid: document["uuid"]?.string)
    failure = document["failure"]?.string
    lastOperation = document["last_operation"]?.number?.unsigned ?? 0
    indexing = IndexingState(document: document["indexing"])
    for index in document["indexes"]?.array ?? [] {
      guard let field = index["field"]?.string, let schema = index["schema"] else {
        throw SimulatedStateError(path: "indexes")
      }
      indexes.append(
        Index(field: field, schema: schema, isBuilt: index["is_built"]?.bool ?? true))
    }
    for point in document["points"]?.array ?? [] {
      guard let id = point["id"].flatMap({ PointID($0) }) else {
        throw SimulatedStateError(path: "points.id")
      }
      points[id] = Point(document: point)
    }
    if let layout = document["layout"] { restore(layout: layout) }
  }
}

extension Point {
  /// The point as a part of the exported state.
  func document(id: PointID) -> JSONValue {
    [
      "id": id.json, "version": .number(JSONNumber(text: String(version))),
      "payload": .object(payload), "vectors": vectors.document,
    ]
  }

  init(document: JSONValue) {
    version = document["version"]?.number?.unsigned ?? 0
    payload = document["payload"]?.object ?? JSONObject()
    vectors = NamedVectors(document: document["vectors"])
  }
}
