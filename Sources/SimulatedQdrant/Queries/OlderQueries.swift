import JSON

/// The endpoints that look for points, of which the older ones ask for one kind each.
enum QueryForm: String {
  case query
  case search
  case recommend
  case discover

  var shape: Shape {
    switch self {
    case .query: Shapes.queryRequest
    case .search: Shapes.search
    case .recommend: Shapes.recommend
    case .discover: Shapes.discover
    }
  }

  var batchShape: Shape {
    let name = rawValue.prefix(1).uppercased() + rawValue.dropFirst() + "RequestBatch"
    return .structure(Structure(name, [.required("searches", .list(shape))]))
  }

  /// The shape of a request for groups; there is none to discover.
  var groupsShape: Shape {
    switch self {
    case .query, .discover: Shapes.queryGroups
    case .search: Shapes.searchGroups
    case .recommend: Shapes.recommendGroups
    }
  }

  /// The query in a checked body.
  func query(_ body: JSONValue) throws(Refusal) -> PointQuery {
    if self == .query { return PointQuery(body) }
    var query = PointQuery()
    query.takeCommonParts(of: body)
    switch self {
    case .search:
      let vector = body["vector"] ?? .null
      query.using = vector["name"]?.string ?? ""
      query.kind = .nearest(PointQuery.Example(vector["vector"] ?? vector))
    case .recommend: query.kind = try recommendation(body)
    default: query.kind = try discovery(body)
    }
    return query
  }

  private func recommendation(_ body: JSONValue) throws(Refusal) -> PointQuery.Kind {
    let kind = PointQuery.Kind(["recommend": body])
    guard case .recommend(let positive, let negative, let strategy) = kind else { return kind }
    if strategy == .averageVector, positive.isEmpty {
      throw .badRequest("At least one positive vector ID required with this strategy")
    }
    if positive.isEmpty, negative.isEmpty {
      throw .badRequest(
        "At least one positive or negative vector ID required with this strategy")
    }
    return kind
  }

  private func discovery(_ body: JSONValue) throws(Refusal) -> PointQuery.Kind {
    let pairs = (body["context"]?.array ?? []).map { PointQuery.Pair($0) }
    if let target = body["target"] {
      return .discover(target: PointQuery.Example(target), pairs)
    }
    guard !pairs.isEmpty else {
      throw .badRequest("target and/or context_pairs must be specified")
    }
    return .context(pairs)
  }
}
