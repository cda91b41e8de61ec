import JSON
package import ResourceModel

/// Encodes operations as requests, by the rows.
package struct RequestEncoder: Sendable {
  let schema: ResourceSchema

  package init(schema: ResourceSchema) { self.schema = schema }

  /// The one request of an operation; `run` goes into the ownership mark.
  ///
  /// Throws `rejected` for an operation that Qdrant has no request for.
  package func request(
    _ operation: Operation, run: String?
  ) throws(ProviderError) -> RequestPreview {
    let address = operation.address
    switch address.kind {
    case .collection: return collection(operation, run: run)
    case .vector, .sparseVector: return vector(operation)
    case .index: return index(operation)
    case .alias: return try alias(operation)
    case .shardKey: return try shardKey(operation)
    case .replica: return try replica(operation)
    case .cluster:
      throw ProviderError(.rejected, "a cluster is what resources live on, and has no request")
    }
  }

  private func path(_ collection: ExactString) -> String {
    "/collections/" + PercentEncoding.segment(collection.string)
  }

  private func collection(_ operation: Operation, run: String?) -> RequestPreview {
    let target = path(operation.address.collection)
    switch operation.action {
    case .create:
      var body = body(operation) { $0.create }
      addMark(operation, run, to: &body)
      if let vectors = body["vectors"]?.object, vectors.count == 1, let only = vectors[""] {
        body["vectors"] = only
      }
      return RequestPreview(method: "PUT", target: target, body: .object(body))
    case .update:
      var body = body(operation) { $0.update }
      addMark(operation, run, to: &body)
      return RequestPreview(method: "PATCH", target: target, body: .object(body))
    case .delete:
      return RequestPreview(method: "DELETE", target: target, body: nil)
    }
  }

  private func addMark(_ operation: Operation, _ run: String?, to body: inout JSONObject) {
    if var mark = operation.mark {
      mark.run = mark.run ?? run
      body.set(mark.json, at: ["metadata", OwnershipMark.key])
    } else if operation.removesMark {
      body.set(.null, at: ["metadata", OwnershipMark.key])
    }
  }

  /// The assignments at their places in a body; those without a row stand at their own path.
  private func body(
    _ operation: Operation, _ place: (FieldSpec.Wire) -> FieldPattern?
  ) -> JSONObject {
    var body = JSONObject()
    for assignment in operation.fields {
      let row = schema.row(operation.address.kind, assignment.path)
      guard let row, let wire = row.wire else {
        body.set(assignment.value, at: assignment.path)
        continue
      }
      guard let pattern = place(wire) else { continue }
      let names = row.path.names(in: assignment.path) ?? []
      let path = pattern.path(names: names)
      let isMarker = row.type == .object
      if isMarker, body.value(at: path) != nil { continue }
      body.set(isMarker ? [:] : onTheWire(assignment.value, row), at: path)
    }
    return body
  }

  /// A word of the manifest as the server spells it: `disabled` is sent as `Disabled`.
  private func onTheWire(_ value: JSONValue, _ row: FieldSpec) -> JSONValue {
    if case .word = row.type, case .removes(let word) = row.unset { return word }
    return value
  }

  private func vector(_ operation: Operation) -> RequestPreview {
    let address = operation.address
    let target =
      path(address.collection) + "/vectors/" + PercentEncoding.segment(address.name.string)
      + "?wait=true"
    guard operation.action != .delete else {
      return RequestPreview(method: "DELETE", target: target, body: nil)
    }
    var space = JSONObject()
    for assignment in operation.fields {
      // The element's own keys: without the container and the name.
      let inner = FieldPath(Array(assignment.path.segments.dropFirst(2)))
      if !inner.segments.isEmpty, schema.row(.collection, assignment.path)?.type != .object {
        space.set(assignment.value, at: inner)
      }
    }
    let wrapper = address.kind == .vector ? "dense" : "sparse"
    return RequestPreview(method: "PUT", target: target, body: [wrapper: .object(space)])
  }

  private func index(_ operation: Operation) -> RequestPreview {
    let address = operation.address
    let target = path(address.collection) + "/index"
    guard operation.action != .delete else {
      return RequestPreview(
        method: "DELETE",
        target: target + "/" + PercentEncoding.segment(address.name.string) + "?wait=true",
        body: nil)
    }
    let object = body(operation) { $0.create }
    let isShort = object.count == 1
    let short = isShort ? object["type"] : nil
    return RequestPreview(
      method: "PUT", target: target + "?wait=true",
      body: [
        "field_name": .string(address.name.string), "field_schema": short ?? .object(object),
      ])
  }

  private func alias(_ operation: Operation) throws(ProviderError) -> RequestPreview {
    let name = JSONValue.string(operation.address.name.string)
    let action: JSONValue
    let old = operation.fields.first { $0.path == .renamedFrom }?.value
    if let old {
      action = ["rename_alias": ["old_alias_name": old, "new_alias_name": name]]
    } else if operation.action == .delete {
      action = ["delete_alias": ["alias_name": name]]
    } else {
      guard let target = operation.fields.first?.value else {
        throw ProviderError(.rejected, "an alias needs a collection")
      }
      action = ["create_alias": ["collection_name": target, "alias_name": name]]
    }
    return RequestPreview(
      method: "POST", target: "/collections/aliases", body: ["actions": [action]])
  }

  /// A key as it stands in a request.
  static func shardKey(_ address: ResourceAddress) throws(ProviderError) -> JSONValue {
    guard let key = try? JSONParser.parse(address.name.string) else {
      throw ProviderError(.rejected, "a shard key is text or an integer")
    }
    return key
  }

  private func shardKey(_ operation: Operation) throws(ProviderError) -> RequestPreview {
    let address = operation.address
    let target = path(address.collection) + "/shards"
    let key = try RequestEncoder.shardKey(address)
    switch operation.action {
    case .create:
      var body = body(operation) { $0.create }
      body["shard_key"] = key
      return RequestPreview(method: "PUT", target: target, body: .object(body))
    case .delete:
      return RequestPreview(
        method: "POST", target: target + "/delete", body: ["shard_key": key])
    case .update:
      throw ProviderError(.rejected, "a shard key cannot be changed")
    }
  }

  /// A copy is made from another one, and its answer says only that the transfer begins.
  private func replica(_ operation: Operation) throws(ProviderError) -> RequestPreview {
    guard let name = ReplicaName(operation.address.name) else {
      throw ProviderError(.rejected, "a replica is named by its shard and its peer")
    }
    let shard = JSONValue.integer(Int(name.shard))
    let peer = JSONValue.peer(name.peer)
    let body: JSONValue
    switch operation.action {
    case .create:
      let source = operation.fields.first { $0.path == .replicaSource }?.value
      guard let source else {
        throw ProviderError(.rejected, "a replica is made from another one")
      }
      body = ["replicate_shard": ["shard_id": shard, "from_peer_id": source, "to_peer_id": peer]]
    case .delete: body = ["drop_replica": ["shard_id": shard, "peer_id": peer]]
    case .update: throw ProviderError(.rejected, "a replica cannot be changed")
    }
    return RequestPreview(
      method: "POST", target: path(operation.address.collection) + "/cluster", body: body)
  }
}
