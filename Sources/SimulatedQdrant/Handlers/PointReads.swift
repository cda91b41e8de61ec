import JSON

extension SimulatedServer {
  /// `GET …/points/{id}`.
  func getPoint(_ call: Call, _ name: String, _ text: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name, configuration.behaviours)
    let isNumber = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    let json: JSONValue = isNumber ? .number(JSONNumber(text: text)) : .string(text)
    guard let id = PointID(json) else {
      throw .wrongInput("Can not recognize \"\(text)\" as point id")
    }
    let key = try resolve(name)
    guard let point = collections[key]?.points[id] else {
      throw .notFound("Point with id \(id.text) does not exists!")
    }
    return .result(point.shown(id, payload: true, vectors: true))
  }

  /// `POST …/points`.
  func retrievePoints(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    let (collection, body) = try read(call, name, Shapes.retrieval)
    try collection.checkVectorNames(body["with_vector"])
    let shown = (body["ids"]?.array ?? []).compactMap { json -> JSONValue? in
      guard let id = PointID(json), let point = collection.points[id] else { return nil }
      return point.shown(
        id, payload: body["with_payload"] ?? false, vectors: body["with_vector"] ?? false)
    }
    return .result(.array(shown))
  }

  /// `POST …/points/count`.
  func countPoints(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    let (collection, body) = try read(call, name, Shapes.count)
    guard let document = body["filter"] else {
      return .result(["count": .integer(collection.points.count)])
    }
    try collection.checkIndexed(document, "unindexed_filtering_retrieve")
    if body["exact"]?.bool == false, collection.isGuessed(document) {
      return .result(["count": .integer(collection.points.count / 2)])
    }
    let count = collection.matching(document).count
    return .result(["count": .integer(count)])
  }

  /// `POST …/points/scroll`.
  func scrollPoints(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    let (collection, body) = try read(call, name, Shapes.scroll)
    let limit = body["limit"]?.integer ?? 10
    try collection.checkLimit(body["limit"], "max_query_limit", "limit")
    if let document = body["filter"] {
      try collection.checkIndexed(document, "unindexed_filtering_retrieve")
    }
    try collection.checkVectorNames(body["with_vector"])
    if let order = body["order_by"] { return try collection.ordered(body, order) }
    let payload = body["with_payload"] ?? true
    let vectors = body["with_vector"] ?? false
    let (ids, next) = collection.page(
      from: body["offset"].flatMap { PointID($0) }, limit: limit, body["filter"])
    let shown = ids.compactMap { id in
      collection.points[id]?.shown(id, payload: payload, vectors: vectors)
    }
    return .result(["points": .array(shown), "next_page_offset": next?.json ?? .null])
  }

  func read(
    _ call: Call, _ name: String, _ shape: Shape
  ) throws(Refusal) -> (Collection, JSONValue) {
    try NameRule.checkCollection(name, configuration.behaviours)
    let body = try call.body(shape, settings: configuration)
    try call.checkTimeout()
    try call.checkConsistency()
    let key = try resolve(name)
    try collections[key]?.checkTimeoutLimit(call)
    guard let collection = collections[key] else { throw .noCollection(name) }
    if let complaint = collection.shardKeyComplaint(body) { throw .badRequest(complaint) }
    return (collection, body)
  }
}

extension Call {
  /// The `consistency` of a read: how many replicas have to agree.
  fileprivate func checkConsistency() throws(Refusal) {
    guard let text = target.value("consistency") else { return }
    guard ["majority", "quorum", "all"].contains(text) || UInt64(text) != nil else {
      throw query("failed to deserialize read consistency query parameter value '\(text)'")
    }
  }
}

extension Collection {
  /// A filter with what the indexes change about it.
  func filter(_ document: JSONValue) -> Filter {
    Filter(
      document: document,
      textFields: Set(indexes.filter { $0.type == "text" }.map { ExactString($0.field) }))
  }

  /// The points that fulfil a filter, in order.
  func matching(_ document: JSONValue) -> [PointID] { matching(all: [document]) }

  /// The points that fulfil several filters, in order.
  func matching(all documents: [JSONValue]) -> [PointID] {
    let filters = documents.filter { $0.object?.isEmpty != true }.map { filter($0) }
    guard !filters.isEmpty else { return points.ids }
    return points.ids.filter { id in
      guard let point = points[id] else { return false }
      return filters.allSatisfy { $0.matches(id, point) }
    }
  }

  /// Some points in order, and the one after them.
  func page(
    from offset: PointID?, limit: Int, _ document: JSONValue?
  ) -> (ids: [PointID], next: PointID?) {
    let filter = document.map { self.filter($0) }
    var found: [PointID] = []
    for id in points.ids[(offset.map { points.place(of: $0) } ?? 0)...] {
      if let filter, points[id].map({ filter.matches(id, $0) }) != true { continue }
      if found.count == limit { return (found, id) }
      found.append(id)
    }
    return (found, nil)
  }

  /// Whether a count that need not be exact is a guess: half of all, without an index.
  func isGuessed(_ document: JSONValue) -> Bool {
    Filter.conditions(of: document).contains { condition in
      condition["key"]?.string.map { index(of: $0) == nil } ?? false
    }
  }

  func checkVectorNames(_ wanted: JSONValue?) throws(Refusal) {
    for name in (wanted?.array ?? []).compactMap(\.string)
    where config.denseVectors[name] == nil && config.sparseVectors[name] == nil {
      throw .wrongInput("Not existing vector name error: \(name)")
    }
  }

  /// Strict mode may demand an index for every field of a filter.
  func checkIndexed(_ filter: JSONValue, _ rule: String) throws(Refusal) {
    guard let strictMode else { return }
    let conditions = Filter.conditions(of: filter)
    if let limit = strictMode["filter_max_conditions"]?.integer, conditions.count > limit {
      throw .badRequest(
        "Filter condition limit reached (\(conditions.count) > \(limit)). "
          + "Help: Reduce the amount of conditions of your filter.")
    }
    if let limit = strictMode["condition_max_size"]?.integer,
      let size = conditions.map(Filter.size(of:)).first(where: { $0 > limit })
    {
      throw .badRequest(
        "Condition size limit reached (\(size) > \(limit)). "
          + "Help: Reduce the size of your condition.")
    }
    guard strictMode[rule]?.bool == false else { return }
    for condition in conditions {
      guard let key = condition["key"]?.string else { continue }
      let types = Filter.indexTypes(for: condition)
      let present = index(of: key).map { indexes[$0].type }
      guard present.map({ types.contains($0) }) != true else { continue }
      throw .badRequest(
        "Index required but not found for \"\(key)\" of one of the following types: "
          + "[\(types.joined(separator: ", "))]. "
          + "Help: Create an index for this key or use a different filter.")
    }
  }
}

extension Filter {
  /// All conditions of a filter, those of filters in it too.
  static func conditions(of filter: JSONValue) -> [JSONValue] {
    let listed =
      ["should", "must", "must_not"].flatMap { filter[$0]?.array ?? [] }
      + (filter["min_should"]?["conditions"]?.array ?? [])
    return listed.flatMap { condition -> [JSONValue] in
      let isFilter = ["should", "must", "must_not", "min_should"].contains {
        condition[$0] != nil
      }
      return isFilter ? conditions(of: condition) : [condition]
    }
  }

  /// How many values a condition lists.
  static func size(of condition: JSONValue) -> Int {
    let match = condition["match"]
    return (condition["has_id"] ?? match?["any"] ?? match?["except"])?.array?.count ?? 0
  }

  /// The types of index that serve a condition.
  static func indexTypes(for condition: JSONValue) -> [String] {
    if let match = condition["match"] {
      if match["text"] != nil || match["text_any"] != nil || match["phrase"] != nil {
        return ["text"]
      }
      let value = match["value"] ?? (match["any"] ?? match["except"])?.array?.first
      if value?.number != nil { return ["integer"] }
      if value?.bool != nil { return ["bool"] }
      return ["keyword"]
    }
    if let range = condition["range"] {
      let isMoment = range.object?.members.contains { $0.value.string != nil } == true
      return isMoment ? ["datetime"] : ["float", "integer"]
    }
    if condition["geo_radius"] != nil || condition["geo_bounding_box"] != nil { return ["geo"] }
    return ["keyword"]
  }
}

extension Point {
  /// The point with the parts that were asked for.
  func shown(_ id: PointID, payload wanted: JSONValue, vectors names: JSONValue) -> JSONValue {
    var object: JSONObject = ["id": id.json]
    if wanted.bool != false { object["payload"] = .object(chosen(wanted)) }
    if let names = names.array {
      object["vector"] = vectors.shown { names.contains(.string($0)) }
    } else if names.bool == true {
      object["vector"] = vectors.shown
    }
    return .object(object)
  }

  private func chosen(_ wanted: JSONValue) -> JSONObject {
    let paths: (JSONValue?) -> [FieldPath] = { list in
      (list?.array ?? []).compactMap { $0.string.flatMap { FieldPath($0) } }
    }
    if wanted["exclude"] != nil {
      var rest = payload
      for path in paths(wanted["exclude"]) { path.remove(from: &rest) }
      return rest
    }
    guard let list = wanted.array.map({ JSONValue.array($0) }) ?? wanted["include"] else {
      return payload
    }
    return paths(list).reduce(into: JSONObject()) { $1.copy(from: payload, to: &$0) }
  }
}
