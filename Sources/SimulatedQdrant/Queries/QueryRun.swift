import JSON

/// Answers queries over one collection by exact comparison.
struct QueryRun {
  let collection: Collection
  let behaviours: Behaviours
  /// As the collection calls itself, for examples that are looked up elsewhere.
  let name: String
  /// Finds another collection by its name.
  let lookUp: (String) throws(Refusal) -> Collection
  /// What a random sample is drawn with.
  var seed: UInt64

  /// The hits of a query after its offset.
  func hits(of query: PointQuery) throws(Refusal) -> [Hit] {
    try query.check()
    let named = query.references(in: name)
    var filters = query.filter.map { [$0] } ?? []
    if !named.isEmpty {
      filters.append(["must_not": [["has_id": .array(named.map(\.json))]]])
    }
    var offset = query.offset
    if case .sample? = query.kind, query.sources.isEmpty { offset = 0 }
    let (limit, isTooMuch) = query.limit.addingReportingOverflow(offset)
    let found = try hits(of: query, filters, limit: isTooMuch ? Int.max : limit)
    return Array(found.dropFirst(offset))
  }

  private func hits(
    of query: PointQuery, _ filters: [JSONValue], limit: Int
  ) throws(Refusal) -> [Hit] {
    if query.sources.isEmpty {
      return try leaf(query, collection.matching(all: filters), limit)
    }
    var lists: [[Hit]] = []
    for source in query.sources {
      let inner = filters + (source.filter.map { [$0] } ?? [])
      lists.append(try hits(of: source, inner, limit: source.limit))
    }
    return try merged(lists, query, limit)
  }

  /// A query that looks at the points themselves.
  private func leaf(
    _ query: PointQuery, _ ids: [PointID], _ limit: Int
  ) throws(Refusal) -> [Hit] {
    guard let kind = query.kind else {
      return ids.prefix(limit).map { Hit($0, score: behaviours.scoreWithoutQuery) }
    }
    switch kind {
    case .rankFusion, .scoreFusion:
      throw .invalidQuery("cannot apply Fusion without prefetches")
    case .formula: throw .invalidQuery("cannot apply Formula without prefetches")
    case .diverse(_, _, let candidates):
      let near = try scored(query, ids, candidates ?? query.limit)
      return try diverse(query, near, limit)
    default: return try scored(query, ids, limit)
    }
  }

  /// A query that looks at what others found.
  private func merged(
    _ lists: [[Hit]], _ query: PointQuery, _ limit: Int
  ) throws(Refusal) -> [Hit] {
    let fused: [Hit]
    switch query.kind {
    case .rankFusion(let constant, let weights)?:
      fused = try Fusion.byRank(lists, constant: constant, weights: weights)
    case .scoreFusion?: fused = Fusion.byScore(lists)
    case .formula(let formula, let defaults)?:
      let scorer = FormulaScorer(collection, formula, defaults, lists)
      fused = try scorer.hits()
    default: return try leaf(query, QueryRun.union(lists), limit)
    }
    let kept = fused.filter { hit in query.threshold.map { hit.score >= $0 } ?? true }
    return Array(kept.prefix(limit))
  }

  /// Every point of several lists once, in the order of identifiers.
  static func union(_ lists: [[Hit]]) -> [PointID] {
    Set(lists.joined().map(\.id)).sorted()
  }

  /// Points by what a kind makes of each.
  private func scored(
    _ query: PointQuery, _ ids: [PointID], _ limit: Int
  ) throws(Refusal) -> [Hit] {
    switch query.kind {
    case .ordered(let order)?:
      let entries = try collection.ordered(ids, by: order)
      return entries.prefix(limit).map { Hit($0.id, order: $0.value) }
    case .sample?:
      var random = ClusterRandom(seed)
      return ids.shuffled(using: &random).prefix(limit).map { Hit($0) }
    default:
      let scorer = try scorer(of: query)
      let similarity = Similarity(of: query.using, in: collection.config, behaviours)
      return collection.hits(ids, scorer, similarity, limit, threshold: query.threshold)
    }
  }

  /// Near points that are unlike each other: the nearest first, then always the one for which its
  /// own likeness, less that to the most like of those taken, is greatest.
  private func diverse(
    _ query: PointQuery, _ near: [Hit], _ limit: Int
  ) throws(Refusal) -> [Hit] {
    guard case .diverse(_, let diversity, _)? = query.kind, near.count > 1 else {
      return Array(near.prefix(limit))
    }
    guard case .nearest(let wanted) = try scorer(of: query) else { return [] }
    let similarity = Similarity(of: query.using, in: collection.config, behaviours)
    let vectors = near.map { collection.points[$0.id]?.vectors[query.using] ?? .dense([]) }
    let relevance = vectors.map { similarity.raw(wanted, $0) }
    var rest = Array(near.indices)
    var closest = near.map { _ in -Float.infinity }
    var taken: [Int] = []
    while taken.count < limit, !rest.isEmpty {
      let best = rest.max { left, right in
        let scores = [left, right].map { index in
          taken.isEmpty
            ? relevance[index]
            : (1 - diversity) * relevance[index] - diversity * closest[index]
        }
        return scores[0] < scores[1]
      }
      guard let best else { break }
      taken.append(best)
      rest.removeAll { $0 == best }
      for index in rest {
        closest[index] = max(closest[index], similarity.raw(vectors[index], vectors[best]))
      }
    }
    return taken.map { near[$0] }
  }
}

extension Refusal {
  /// A query that cannot be planned.
  static func invalidQuery(_ text: String) -> Refusal { .wrongInput("Validation failed: " + text) }
}

extension PointQuery {
  /// What is refused whatever the points are.
  fileprivate func check() throws(Refusal) {
    if !sources.isEmpty, kind == nil {
      throw .badRequest(
        "A query is needed to merge the prefetches. Can't have prefetches without defining a query."
      )
    }
    switch kind {
    case .ordered? where threshold != nil:
      throw .badRequest("Can't use score_threshold with an order_by query.")
    case nil where threshold != nil:
      throw .badRequest(
        "A query is needed to use the score_threshold. Can't have score_threshold without "
          + "defining a query.")
    case .rankFusion?, .scoreFusion?:
      guard using.isEmpty else {
        throw .badRequest("Fusion queries cannot be combined with the 'using' field.")
      }
    default: break
    }
    for source in sources { try source.check() }
  }
}
