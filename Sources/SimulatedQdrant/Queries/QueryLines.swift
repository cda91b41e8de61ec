import JSON

/// What a release knows of queries, by the descriptions of the interface that came with them.
extension PointQuery {
  /// Whether a release knows every kind of query in a checked body; it says of others that they are
  /// none.
  static func isKnown(_ body: JSONValue, to behaviours: Behaviours) -> Bool {
    let query = body["query"]
    if query?["recommend"]?["strategy"] == "sum_scores", !behaviours.knowsSumOfScores {
      return false
    }
    if query?["rrf"] != nil, !behaviours.knowsRankFusionConstant { return false }
    if query?["relevance_feedback"] != nil, !behaviours.knowsFeedback { return false }
    return (body["prefetch"]?.array ?? []).allSatisfy { isKnown($0, to: behaviours) }
  }

  /// The query without fields that a release passes over since it does not know them.
  func asRead(by behaviours: Behaviours) -> PointQuery {
    var result = self
    result.sources = sources.map { $0.asRead(by: behaviours) }
    switch kind {
    case .diverse(let example, _, _)? where !behaviours.knowsDiversity:
      result.kind = .nearest(example)
    case .rankFusion(let constant, _)? where !behaviours.weighsRanks:
      result.kind = .rankFusion(constant: constant, weights: nil)
    default: break
    }
    return result
  }
}
