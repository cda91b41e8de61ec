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

  /// Where the shards lie, from the `result` of `GET /collections/{name}/cluster`; nil when it is
  /// no such thing.
  package func placement(_ result: JSONValue) -> ObservedPlacement? {
    guard let asked = result["peer_id"]?.number?.unsigned,
      let local = result["local_shards"]?.array, let remote = result["remote_shards"]?.array,
      let moving = result["shard_transfers"]?.array
    else { return nil }
    var shards: [UInt32: ObservedPlacement.Shard] = [:]
    for (entry, isLocal) in local.map({ ($0, true) }) + remote.map({ ($0, false) }) {
      let holder = isLocal ? asked : entry["peer_id"]?.number?.unsigned
      guard let id = shardID(entry), let peer = holder, let state = entry["state"]?.string else {
        return nil
      }
      let key = entry["shard_key"].flatMap { $0.isNull ? nil : ExactString($0.text()) }
      shards[id, default: ObservedPlacement.Shard(id: id, key: key, replicas: [])].replicas
        .append(ObservedPlacement.Replica(peer: peer, state: state))
    }
    var transfers: [ObservedPlacement.Transfer] = []
    for entry in moving {
      guard let id = shardID(entry), let from = entry["from"]?.number?.unsigned,
        let to = entry["to"]?.number?.unsigned
      else { return nil }
      transfers.append(ObservedPlacement.Transfer(shard: id, from: from, to: to))
    }
    let sorted = shards.values.sorted { $0.id < $1.id }.map { shard in
      var shard = shard
      shard.replicas.sort { $0.peer < $1.peer }
      return shard
    }
    return ObservedPlacement(shards: sorted, transfers: transfers)
  }

  private func shardID(_ entry: JSONValue) -> UInt32? {
    entry["shard_id"]?.number?.unsigned.flatMap { UInt32(exactly: $0) }
  }
}
