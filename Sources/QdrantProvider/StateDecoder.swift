package import JSON
package import ResourceModel

/// Turns a server's answers into observed state, by the rows.
///
/// What is read is re-rooted, not copied field by field: the rows tell that
/// `config.optimizer_config` is `optimizers_config` in a manifest, and the subtree moves there as
/// it is.
package struct StateDecoder: Sendable {
  private struct Move: Sendable, Hashable {
    var key: String
    var path: [String]
  }

  private let moves: [Move]

  package init(schema: ResourceSchema) {
    var moves: [Move] = []
    var seen: Set<Move> = []
    for row in schema.kinds[.collection]?.rows ?? [] {
      guard let move = StateDecoder.move(of: row), seen.insert(move).inserted else { continue }
      moves.append(move)
    }
    self.moves = moves
  }

  /// The part of the read path that has no twin in the manifest's path.
  private static func move(of row: FieldSpec) -> Move? {
    guard let read = row.wire?.read.segments, case .key(let key)? = row.path.segments.first,
      read.count >= row.path.segments.count
    else { return nil }
    let root = read.dropLast(row.path.segments.count - 1)
    let path = root.compactMap { segment -> String? in
      if case .key(let key) = segment { return key }
      return nil
    }
    return path.count == root.count ? Move(key: key, path: path) : nil
  }

  /// A collection from the `result` of `GET /collections/{name}`; nil when it is no such thing.
  package func collection(_ name: ExactString, _ result: JSONValue) -> ObservedCollection? {
    guard result["config"]?["params"]?.object != nil else { return nil }
    var fields = JSONObject()
    for move in moves {
      guard let value = result[path: move.path], !value.isNull else { continue }
      fields.members.append(JSONObject.Member(key: move.key, value: value))
    }
    if let vectors = fields["vectors"], vectors["size"]?.number != nil {
      fields["vectors"] = ["": vectors]
    }
    var observed = ObservedCollection(name: name, fields: fields)
    observed.indexes = indexes(result["payload_schema"])
    observed.pointsCount = result["points_count"]?.integer
    observed.status = result["status"]?.string
    observed.optimizerStatus =
      result["optimizer_status"]?.string ?? result["optimizer_status"]?["error"]?.string
    observed.mark = OwnershipMark(fields["metadata"]?[OwnershipMark.key])
    return observed
  }

  private func indexes(_ schema: JSONValue?) -> [ExactString: JSONObject] {
    guard let members = schema?.object?.members, !members.isEmpty else { return [:] }
    var indexes: [ExactString: JSONObject] = [:]
    indexes.reserveCapacity(members.count)
    for member in members {
      guard let type = member.value["data_type"] else { continue }
      var index: JSONObject = ["type": type]
      for parameter in member.value["params"]?.object?.members ?? [] {
        guard parameter.key != "type", !parameter.value.isNull else { continue }
        var value = parameter.value
        if parameter.key == "stopwords", value.string != nil { value = ["languages": [value]] }
        index.members.append(JSONObject.Member(key: parameter.key, value: value))
      }
      indexes[ExactString(member.key)] = index
    }
    return indexes
  }

  /// Alias → collection, from the `result` of `GET /aliases`; nil when it is no such thing.
  package func aliases(_ result: JSONValue) -> [ExactString: ExactString]? {
    guard let list = result["aliases"]?.array else { return nil }
    var aliases: [ExactString: ExactString] = [:]
    for entry in list {
      guard let alias = entry["alias_name"]?.string, let target = entry["collection_name"]?.string
      else { return nil }
      aliases[ExactString(alias)] = ExactString(target)
    }
    return aliases
  }

  /// The names from the `result` of `GET /collections`; nil when it is no such thing.
  package func names(_ result: JSONValue) -> Set<ExactString>? {
    guard let list = result["collections"]?.array else { return nil }
    var names: Set<ExactString> = []
    for entry in list {
      guard let name = entry["name"]?.string else { return nil }
      names.insert(ExactString(name))
    }
    return names
  }

  /// The shard keys from the `result` of `GET /collections/{name}/cluster`, by their JSON text.
  package func shardKeys(_ result: JSONValue) -> [ExactString: JSONObject] {
    var keys: [ExactString: JSONObject] = [:]
    for list in ["local_shards", "remote_shards"] {
      for shard in result[list]?.array ?? [] {
        guard let key = shard["shard_key"], !key.isNull else { continue }
        keys[ExactString(key.text())] = [:]
      }
    }
    return keys
  }
}
