import JSON

extension SimulatedServer {
  /// `POST …/points/query`: by exact comparison with every point.
  func queryPoints(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    let (collection, body) = try read(call, name, Shapes.queryRequest)
    try collection.checkQueryLimits(body)
    guard body["prefetch"] == nil else { throw SimulatedServer.unknownQuery }
    let hits = try collection.hits(of: body, configuration.behaviours)
    let offset = body["offset"]?.integer ?? 0
    let chosen = hits.dropFirst(offset).prefix(body["limit"]?.integer ?? 10)
    let shown = chosen.compactMap { hit -> JSONValue? in
      guard let point = collection.points[hit.id] else { return nil }
      let parts = point.shown(
        hit.id, payload: body["with_payload"] ?? false, vectors: body["with_vector"] ?? false)
      var object: JSONObject = [
        "id": hit.id.json, "version": .number(JSONNumber(text: String(hit.version))),
        "score": hit.score.isFinite
          ? .number(JSONNumber(text: WireNumber.text(of: hit.score))) : .null,
      ]
      for part in ["payload", "vector"] { object[part] = parts[part] }
      return .object(object)
    }
    return .result(["points": .array(shown)])
  }

  static let unknownQuery = Refusal.service("This kind of query is not simulated")

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

/// A point that was found.
private struct Hit {
  var id: PointID
  var version: UInt64
  var score: Float
}

extension Collection {
  static let advice =
    "Check https://qdrant.tech/documentation/concepts/indexing/#payload-index to see which "
    + "payload schemas support "

  fileprivate func checkQueryLimits(_ body: JSONValue) throws(Refusal) {
    if let filter = body["filter"] {
      try checkIndexed(filter, "unindexed_filtering_retrieve")
    }
    guard let strictMode else { return }
    try checkLimit(body["limit"], "max_query_limit", "limit")
    if strictMode["search_allow_exact"]?.bool == false, body["params"]?["exact"]?.bool == true {
      throw .badRequest("Exact search disabled!. Help: Set exact=false.")
    }
    try checkLimit(body["params"]?["hnsw_ef"], "search_max_hnsw_ef", "hnsw_ef")
    try checkLimit(
      body["params"]?["quantization"]?["oversampling"], "search_max_oversampling", "oversampling")
  }

  /// Strict mode limits a number in a request.
  func checkLimit(_ value: JSONValue?, _ rule: String, _ name: String) throws(Refusal) {
    guard let value = value?.number, let limit = strictMode?[rule]?.number,
      value.double > limit.double
    else { return }
    let texts = [value, limit].map { RustText.display($0) }
    throw .badRequest(
      "Limit exceeded \(texts[0]) > \(texts[1]) for \"\(name)\". "
        + "Help: Reduce the \"\(name)\" parameter to or below \(texts[1]).")
  }

  fileprivate func hits(
    of body: JSONValue, _ behaviours: Behaviours
  ) throws(Refusal) -> [Hit] {
    let name = body["using"]?.string ?? ""
    let ids = matching(body["filter"] ?? [:])
    guard var query = body["query"] else {
      return ids.map { Hit(id: $0, version: 0, score: behaviours.scoreWithoutQuery) }
    }
    guard config.denseVectors[name] != nil || config.sparseVectors[name] != nil else {
      throw .wrongInput(config.complaint(aboutUnknown: name, behaviours))
    }
    let excluded = PointID(query)
    if let id = excluded {
      guard let vector = points[id]?.vectors[name] else {
        throw .notFound("No point with id \(id.text) found")
      }
      query = vector
    }
    let candidates = ids.filter { $0 != excluded }
    if let config = config.denseVectors[name] {
      return try nearest(query, config, candidates, name, body["score_threshold"]?.double)
    }
    return sparse(query, candidates, name)
  }

  private func nearest(
    _ query: JSONValue, _ config: JSONValue, _ ids: [PointID], _ name: String,
    _ threshold: Double?
  ) throws(Refusal) -> [Hit] {
    guard let elements = query.array else {
      guard query["indices"] != nil else { throw SimulatedServer.unknownQuery }
      throw .wrongInput("Conversion between sparse and regular vectors failed")
    }
    let rows = elements.first?.array == nil ? [elements] : elements.map { $0.array ?? [] }
    let size = config["size"]?.integer ?? 0
    for row in rows where row.count != size {
      throw .wrongInput("Vector dimension error: expected dim: \(size), got \(row.count)")
    }
    let nearness = Nearness(rows, config)
    let isRising = nearness.isRising
    let hits = ids.compactMap { id -> Hit? in
      guard let point = points[id], let vector = point.vectors[name] else { return nil }
      let hit = Hit(id: id, version: point.version, score: nearness.score(of: vector))
      guard let threshold else { return hit }
      let score = Double(hit.score)
      return (isRising ? score >= threshold : score <= threshold) ? hit : nil
    }
    return Collection.sorted(hits, isRising: isRising)
  }

  private func sparse(_ query: JSONValue, _ ids: [PointID], _ name: String) -> [Hit] {
    let isWeighted = config.sparseVectors[name]?["modifier"]?.string == "idf"
    var counts: [Int: Int] = [:]
    var total = 0
    if isWeighted {
      for id in points.ids {
        guard let vector = points[id]?.vectors[name] else { continue }
        total += 1
        for (index, _) in SparseNearness.pairs(vector) { counts[index, default: 0] += 1 }
      }
    }
    let nearness = SparseNearness(query) { index in
      guard isWeighted else { return 1 }
      let count = Double(counts[index] ?? 0)
      return Float(Logarithm.natural((Double(total) - count + 0.5) / (count + 0.5) + 1))
    }
    let hits = ids.compactMap { id -> Hit? in
      guard let point = points[id], let vector = point.vectors[name],
        let score = nearness.score(of: vector)
      else { return nil }
      return Hit(id: id, version: point.version, score: score)
    }
    return Collection.sorted(hits, isRising: true)
  }

  /// The nearest first; of equally near ones, the later.
  private static func sorted(_ hits: [Hit], isRising: Bool) -> [Hit] {
    hits.sorted { left, right in
      if left.score == right.score { return left.id > right.id }
      return isRising ? left.score > right.score : left.score < right.score
    }
  }
}
