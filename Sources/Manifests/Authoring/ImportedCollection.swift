package import JSON
package import ResourceModel

/// What a server said of a collection, as the document that asks for just that.
///
/// Everything that was reported and that a row knows is mentioned, so that drift in any of it is
/// seen later. What no manifest can say stands in `losses` and as a comment above the document.
package struct ImportedCollection: Sendable {
  /// The document's keys in the order in which people read them.
  package let document: JSONObject
  /// What the server said and the document does not.
  package let losses: [String]

  package init(
    _ collection: ObservedCollection, aliases: [ExactString], cluster: String,
    schema: ResourceSchema
  ) {
    var draft = Draft(schema: schema)
    draft.document = [
      "kind": "Collection", "name": .string(collection.name.string),
      "cluster": .string(cluster), "vectors": [:],
    ]
    let copies = ImportedCopies(collection)
    draft.write(collection.fields)
    if let reason = copies.reasonAgainstFactor {
      draft.document.members.removeAll { $0.key == FieldPath.replicationFactor.description }
      draft.losses.append(reason)
    }
    draft.write(indexes: collection.indexes)
    draft.document["aliases"] = .array(aliases.sorted().map { .string($0.string) })
    draft.write(shardKeys: collection.shardKeys ?? [:], copies)
    document = KeyOrder(kind: "Collection", schema: schema).sorted(draft.document)
    losses = draft.losses
  }
}

/// A document while it is put together.
private struct Draft {
  let schema: ResourceSchema
  var document = JSONObject()
  var losses: [String] = []

  init(schema: ResourceSchema) { self.schema = schema }

  mutating func write(_ fields: JSONObject) {
    var known = JSONObject()
    for element in schema.kinds[.collection]?.elements ?? [] {
      guard let container = element.container.fixedPath,
        let parts = fields.value(at: container)?.object
      else { continue }
      for part in parts.members {
        known.set([:], at: container.appending(part.key))
        set([:], at: container.appending(part.key))
      }
    }
    for leaf in schema.leaves(.collection, of: fields) where !isMark(leaf.path) {
      set(leaf.value, at: leaf.path)
      // A marker comes before its members.
      if leaf.value != [:] || known.value(at: leaf.path) == nil {
        known.set(leaf.value, at: leaf.path)
      }
    }
    compare(.object(fields), .object(known), FieldPath([]))
  }

  /// The unnamed vector stands without a name; a marker says nothing beside its members.
  private mutating func set(_ value: JSONValue, at path: FieldPath) {
    var path = path
    if path.segments.count > 1, path.segments[0] == "vectors", path.segments[1] == "" {
      path.segments.remove(at: 1)
    }
    if value == [:], document.value(at: path) != nil { return }
    document.set(value, at: path)
  }

  private func isMark(_ path: FieldPath) -> Bool {
    path.isWithin(FieldPath(["metadata", ExactString(OwnershipMark.key)]))
  }

  mutating func write(indexes: [ExactString: JSONObject]) {
    var list = JSONObject()
    for (name, fields) in indexes.sorted(by: { $0.key < $1.key }) {
      var known = JSONObject()
      for leaf in schema.leaves(.index, of: fields)
      where leaf.value != [:] || !leaf.path.isIn(known) {
        known.set(leaf.value, at: leaf.path)
      }
      compare(
        .object(fields), .object(known), FieldPath(["payload_indexes", name]))
      list[name.string] = .object(known)
    }
    document["payload_indexes"] = .object(list)
  }

  /// A key's address is its JSON text, since `"1"` and `1` are two keys.
  mutating func write(shardKeys: [ExactString: JSONObject], _ copies: ImportedCopies) {
    guard !shardKeys.isEmpty else { return }
    let inherited = document["shard_number"]
    document["shard_keys"] = .array(
      shardKeys.sorted { $0.key < $1.key }.compactMap { key, fields in
        guard let name = try? JSONParser.parse(Array(key.string.utf8)) else { return nil }
        var item: JSONObject = ["key": name]
        if let shards = fields[FieldPath.shardsNumber.description], shards != inherited {
          item[FieldPath.shardsNumber.description] = shards
        }
        if let factor = copies.own[key] {
          item[FieldPath.replicationFactor.description] = .integer(factor)
        }
        return item.count == 1 ? name : .object(item)
      })
  }

  /// Notes what the first has and the second has not; an empty object says nothing.
  ///
  /// Null means "unset" everywhere but in metadata, where a manifest's null means "take it away".
  private mutating func compare(_ said: JSONValue, _ written: JSONValue?, _ path: FieldPath) {
    if isMark(path) { return }
    if let object = said.object, !object.isEmpty {
      let other = written?.object ?? [:]
      for member in object.members {
        compare(member.value, other[member.key], path.appending(member.key))
      }
      return
    }
    let isInMetadata = path.segments.count > 1 && path.segments[0] == "metadata"
    if said == [:] || said.isNull && !isInMetadata { return }
    guard written == nil else { return }
    losses.append("\(path) = \(said.text())")
  }
}

extension FieldPath {
  fileprivate func isIn(_ object: JSONObject) -> Bool { object.value(at: self) != nil }
}
