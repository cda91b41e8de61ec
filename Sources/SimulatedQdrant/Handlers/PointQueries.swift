import JSON

extension SimulatedServer {
  static let unknownQuery = Refusal.service("This kind of query is not simulated")

  /// The endpoints that look for points; nil when the rest of the path is none of them.
  func routeQueries(_ call: Call, _ name: String, _ rest: [String]) throws(Refusal) -> Reply? {
    guard let form = rest.first.flatMap({ QueryForm(rawValue: $0) }) else { return nil }
    switch (form, rest.dropFirst().joined(separator: "/")) {
    case (_, ""): return try single(call, name, form)
    case (_, "batch"): return try batch(call, name, form)
    case (.discover, _): return nil
    case (_, "groups"): return try groups(call, name, form)
    case (.search, "matrix/pairs"): return try matrix(call, name, asPairs: true)
    case (.search, "matrix/offsets"): return try matrix(call, name, asPairs: false)
    default: return nil
    }
  }

  /// One query.
  private func single(
    _ call: Call, _ name: String, _ form: QueryForm
  ) throws(Refusal) -> Reply {
    let (collection, body) = try read(call, name, form.shape)
    return .result(try found(call, name, collection, body, form))
  }

  /// Several queries, one after another; all are refused if one is.
  private func batch(_ call: Call, _ name: String, _ form: QueryForm) throws(Refusal) -> Reply {
    let (collection, body) = try read(call, name, form.batchShape)
    let searches = body["searches"]?.array ?? []
    try collection.checkLimit(
      .integer(searches.count), "search_max_batchsize", "search batch size")
    var results: [JSONValue] = []
    for search in searches {
      results.append(try found(call, name, collection, search, form))
    }
    return .result(.array(results))
  }

  /// What one query finds; the older endpoints answer with the list alone.
  private func found(
    _ call: Call, _ name: String, _ collection: Collection, _ body: JSONValue,
    _ form: QueryForm
  ) throws(Refusal) -> JSONValue {
    let query = try query(call, collection, body, form)
    try collection.checkVectorNames(body["with_vector"])
    let hits = try run(call, name, collection).hits(of: query)
    let shown = JSONValue.array(
      collection.shown(hits, payload: body["with_payload"], vectors: body["with_vector"]))
    return form == .query ? ["points": shown] : shown
  }

  /// The query in a checked body.
  private func query(
    _ call: Call, _ collection: Collection, _ body: JSONValue, _ form: QueryForm
  ) throws(Refusal) -> PointQuery {
    if let complaint = collection.shardKeyComplaint(body) { throw .badRequest(complaint) }
    try collection.checkQueryLimits(body)
    guard PointQuery.isKnown(body, to: configuration.behaviours) else {
      throw Refusal(
        status: 400,
        text: "Format error in JSON body: Expected some form of vector, id, or a type of query "
          + "at line 1 column \(call.request.body.count)")
    }
    let query = try form.query(body).asRead(by: configuration.behaviours)
    for other in query.lookedUp { try check(call, mayRead: other) }
    return query
  }

  /// A credential for some collections names those that examples come from, too.
  private func check(_ call: Call, mayRead name: String) throws(Refusal) {
    guard case .collections = call.access, !call.access.shows(ExactString(name)) else { return }
    throw .forbidden("Access to collection \(name) is required")
  }

  private func run(_ call: Call, _ name: String, _ collection: Collection) -> QueryRun {
    let key = aliases[ExactString(name)] ?? ExactString(name)
    return QueryRun(
      collection: collection, behaviours: configuration.behaviours, name: key.string,
      lookUp: { other throws(Refusal) in
        let key = try resolve(other)
        guard let found = collections[key] else { throw .noCollection(other) }
        return found
      }, seed: call.now.bitPattern ^ collection.lastOperation)
  }

  /// The best of each of the best groups.
  private func groups(_ call: Call, _ name: String, _ form: QueryForm) throws(Refusal) -> Reply {
    let (collection, body) = try read(call, name, form.groupsShape)
    let query = try query(call, collection, body, form)
    try collection.checkVectorNames(body["with_vector"])
    let run = run(call, name, collection)
    var grouping = Grouping(
      path: body["group_by"]?.string ?? "", groups: body["limit"]?.count ?? 10,
      size: body["group_size"]?.count ?? 3, isRising: collection.isRising(query))
    try grouping.run(query, { collection.points[$0]?.payload ?? JSONObject() }) {
      asked throws(Refusal) in try run.hits(of: asked)
    }
    var lookup: Collection?
    if let other = body["with_lookup"]?["collection"]?.string {
      try check(call, mayRead: other)
      lookup = try run.lookUp(other)
    }
    let shown = grouping.result.map { key, hits -> JSONValue in
      let listed = collection.shown(
        hits, payload: body["with_payload"], vectors: body["with_vector"])
      var object: JSONObject = ["hits": .array(listed), "id": key.json]
      if let lookup, let id = key.id, let wanted = body["with_lookup"] {
        object["lookup"] = lookup.points[id]?.shown(
          id, payload: wanted["with_payload"] ?? true, vectors: wanted["with_vectors"] ?? false)
      }
      return .object(object)
    }
    return .result(["groups": .array(shown)])
  }

  /// How near points of a sample are to each other.
  private func matrix(_ call: Call, _ name: String, asPairs: Bool) throws(Refusal) -> Reply {
    let (collection, body) = try read(call, name, Shapes.searchMatrix)
    let limit = body["limit"]?.count ?? 3
    let size = body["sample"]?.count ?? 10
    var limited = body.object ?? JSONObject()
    limited["limit"] = .integer(limit.saturatingProduct(size))
    try collection.checkQueryLimits(.object(limited))
    let using = body["using"]?.string ?? ""
    guard collection.config.hasVector(using) else {
      throw CollectionConfig.unknown(using)
    }
    var random = ClusterRandom(run(call, name, collection).seed)
    let sample = collection.matching(body["filter"] ?? [:])
      .filter { collection.points[$0]?.vectors[using] != nil }
      .shuffled(using: &random).prefix(size).sorted()
    guard sample.count > 1 else {
      return .result(asPairs ? Matrix.pairs([], []) : Matrix.offsets([], []))
    }
    let similarity = Similarity(of: using, in: collection.config, configuration.behaviours)
    let rows = sample.map { id -> [Hit] in
      guard let vector = collection.points[id]?.vectors[using] else { return [] }
      return collection.hits(
        sample.filter { $0 != id }, .nearest(vector), similarity, limit, threshold: nil)
    }
    return .result(asPairs ? Matrix.pairs(sample, rows) : Matrix.offsets(sample, rows))
  }
}

/// The forms in which nearness among points is told.
private enum Matrix {
  static func pairs(_ ids: [PointID], _ rows: [[Hit]]) -> JSONValue {
    let pairs = zip(ids, rows).flatMap { id, hits in
      hits.map { hit -> JSONValue in
        ["a": id.json, "b": hit.id.json, "score": score(hit)]
      }
    }
    return ["pairs": .array(pairs)]
  }

  static func offsets(_ ids: [PointID], _ rows: [[Hit]]) -> JSONValue {
    let places = Dictionary(uniqueKeysWithValues: zip(ids, ids.indices))
    let hits = rows.enumerated().flatMap { row, hits in hits.map { (row, $0) } }
    return [
      "offsets_row": .array(hits.map { .integer($0.0) }),
      "offsets_col": .array(hits.map { .integer(places[$0.1.id] ?? 0) }),
      "scores": .array(hits.map { score($0.1) }), "ids": .array(ids.map(\.json)),
    ]
  }

  private static func score(_ hit: Hit) -> JSONValue {
    hit.score.isFinite ? .number(JSONNumber(text: WireNumber.text(of: hit.score))) : .null
  }
}

extension Collection {
  static let advice =
    "Check https://qdrant.tech/documentation/concepts/indexing/#payload-index to see which "
    + "payload schemas support "

  /// Whether a greater score is better in what a query finds.
  fileprivate func isRising(_ query: PointQuery) -> Bool {
    let isPlain: Bool
    switch query.kind {
    case .nearest?, .diverse?, .recommend(_, _, .averageVector)?: isPlain = true
    default: isPlain = false
    }
    return !isPlain || Similarity.Measure(config.denseVectors[query.using]).isRising
  }

  /// What strict mode limits in a query and in those below it.
  fileprivate func checkQueryLimits(_ body: JSONValue) throws(Refusal) {
    for inner in body["prefetch"]?.array ?? [] { try checkQueryLimits(inner) }
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
}
