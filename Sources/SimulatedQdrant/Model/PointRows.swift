import JSON

/// The points of an update, whichever form it came in.
enum PointRows {
  struct Row {
    var id: PointID
    var vector: JSONValue
    var payload: JSONObject
  }

  static func rows(_ body: JSONValue) throws(Refusal) -> [Row] {
    if let batch = body["batch"] { return try columns(batch) }
    guard let points = body["points"]?.array else {
      throw Refusal(
        status: 400,
        text: "Format error in JSON body: data did not match any variant of untagged enum "
          + "PointInsertOperations")
    }
    var rows: [Row] = []
    for point in points {
      guard let id = point["id"].flatMap({ PointID($0) }) else { throw malformed }
      let vector = point["vector"] ?? point["vectors"] ?? [:]
      rows.append(Row(id: id, vector: vector, payload: point["payload"]?.object ?? JSONObject()))
    }
    return rows
  }

  private static let malformed = Refusal(
    status: 400,
    text: "Format error in JSON body: data did not match any variant of untagged enum "
      + "PointInsertOperations")

  private static func columns(_ batch: JSONValue) throws(Refusal) -> [Row] {
    guard let ids = batch["ids"]?.array, let vectors = batch["vectors"] else { throw malformed }
    var rows: [Row] = []
    for (index, json) in ids.enumerated() {
      guard let id = PointID(json) else { throw malformed }
      rows.append(
        Row(
          id: id, vector: try vector(index, of: vectors),
          payload: batch["payloads"]?.array.flatMap { list in
            list.indices.contains(index) ? list[index].object : nil
          } ?? JSONObject()))
    }
    return rows
  }

  private static func vector(_ index: Int, of vectors: JSONValue) throws(Refusal) -> JSONValue {
    if let list = vectors.array {
      guard list.indices.contains(index) else { throw malformed }
      return list[index]
    }
    var named = JSONObject()
    for member in vectors.object?.members ?? [] {
      guard let list = member.value.array, list.indices.contains(index) else { throw malformed }
      named[member.key] = list[index]
    }
    return .object(named)
  }
}

extension CollectionConfig {
  /// Vectors as they are stored, by name; refused when a name or a dimension is wrong.
  func stored(_ vector: JSONValue) throws(Refusal) -> JSONObject {
    var stored = JSONObject()
    let given = vector.object ?? (vector.isNull ? JSONObject() : ["": vector])
    for member in given.members {
      if sparseVectors[member.key] != nil {
        stored[member.key] = VectorText.sparse(member.value)
        continue
      }
      guard let space = denseVectors[member.key] else {
        throw .wrongInput("Not existing vector name error: \(member.key)")
      }
      stored[member.key] = try self.stored(member.value, in: space)
    }
    return stored
  }

  private func stored(_ value: JSONValue, in space: JSONValue) throws(Refusal) -> JSONValue {
    let distance = space["distance"]?.string ?? ""
    let datatype = space["datatype"]?.string
    let size = space["size"]?.integer ?? 0
    func checked(_ value: JSONValue) throws(Refusal) -> JSONValue {
      guard let components = VectorText.components(value) else {
        throw .wrongInput("Conversion between multi and regular vectors failed")
      }
      guard components.count == size else {
        throw .wrongInput("Vector dimension error: expected dim: \(size), got \(components.count)")
      }
      return VectorText.stored(components, distance: distance, datatype: datatype)
    }
    guard space["multivector_config"] != nil, let rows = value.array, rows.first?.array != nil
    else { return try checked(value) }
    var stored: [JSONValue] = []
    for row in rows { stored.append(try checked(row)) }
    return .array(stored)
  }
}
