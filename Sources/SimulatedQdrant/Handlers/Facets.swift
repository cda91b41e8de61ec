import JSON

extension SimulatedServer {
  /// `POST …/facet`.
  func countValues(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    let (collection, body) = try read(call, name, Shapes.facet)
    let key = body["key"]?.string ?? ""
    let types = ["keyword", "integer", "bool", "uuid"]
    guard let place = collection.index(of: key), types.contains(collection.indexes[place].type),
      let path = FieldPath(key)
    else {
      throw .wrongInput(
        "No appropriate index for faceting: `\(key)`. Please create one to facet on this field. "
          + Collection.advice + "Match conditions")
    }
    let isIndexed = IndexedValue.test(for: collection.indexes[place].type)
    var counts: [JSONValue: Int] = [:]
    for id in collection.matching(body["filter"] ?? [:]) {
      let values = path.values(in: collection.points[id]?.payload ?? JSONObject())
      for value in Set(values.filter(isIndexed)) { counts[value, default: 0] += 1 }
    }
    let ordered = counts.sorted { left, right in
      left.value == right.value
        ? left.key.text().precedes(right.key.text()) : left.value > right.value
    }
    let hits = ordered.prefix(body["limit"]?.integer ?? 10).map { value, count -> JSONValue in
      ["value": value, "count": .integer(count)]
    }
    return .result(["hits": .array(hits)])
  }
}
