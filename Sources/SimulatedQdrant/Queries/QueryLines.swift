import JSON

/// What a release knows of queries, by the descriptions of the interface that came with them.
extension PointQuery {
  /// Whether a release knows every kind of query in a checked body; it says of others that they are
  /// none.
  static func isKnown(_ body: JSONValue, to line: ServerLine) -> Bool {
    let query = body["query"]
    if query?["recommend"]?["strategy"] == "sum_scores", line < .v1_14_1 { return false }
    if query?["rrf"] != nil, line < .v1_15_5 { return false }
    if query?["relevance_feedback"] != nil, line < .v1_17_1 { return false }
    return (body["prefetch"]?.array ?? []).allSatisfy { isKnown($0, to: line) }
  }

  /// The query without fields that a release passes over since it does not know them.
  func asRead(by line: ServerLine) -> PointQuery {
    var result = self
    result.sources = sources.map { $0.asRead(by: line) }
    switch kind {
    case .diverse(let example, _, _)? where line < .v1_15_5: result.kind = .nearest(example)
    case .rankFusion(let constant, _)? where line < .v1_17_1:
      result.kind = .rankFusion(constant: constant, weights: nil)
    default: break
    }
    return result
  }
}
