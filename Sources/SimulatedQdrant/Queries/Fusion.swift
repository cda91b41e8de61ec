/// Makes one list of several that were scored apart.
enum Fusion {
  /// By place: each list gives `1 / ((place + 1) / weight + constant - 1)`, places from 0.
  static func byRank(
    _ lists: [[Hit]], constant: Int, weights: [Float]?
  ) throws(Refusal) -> [Hit] {
    if let weights, weights.count != lists.count {
      throw .invalidQuery(
        "RRF weights length (\(weights.count)) does not match number of prefetches "
          + "(\(lists.count))")
    }
    let scored = lists.enumerated().map { index, list in
      let weight = weights?[index] ?? 1
      return list.enumerated().map { place, hit in
        var hit = hit
        hit.score = weight > 0 ? 1 / (Float(place + 1) / weight + Float(constant) - 1) : 0
        return hit
      }
    }
    return summed(scored)
  }

  /// By score, after each list was spread so that three standard deviations around its mean are 0
  /// and 1. Small scores stay small here even where they mean nearness, as on the real server.
  static func byScore(_ lists: [[Hit]]) -> [Hit] { summed(lists.map(spread)) }

  private static func spread(_ list: [Hit]) -> [Hit] {
    var mean: Float = 0
    var aggregate: Float = 0
    for (index, hit) in list.enumerated() {
      let before = hit.score - mean
      mean += before / Float(index + 1)
      aggregate += before * (hit.score - mean)
    }
    let deviation = list.count > 1 ? (aggregate / (Float(list.count) - 1)).squareRoot() : 0
    let (least, most) = (mean - 3 * deviation, mean + 3 * deviation)
    return list.map { hit in
      var hit = hit
      hit.score = least == most ? 0.5 : (hit.score - least) / (most - least)
      return hit
    }
  }

  /// Each point once with the sum of its scores, the best first; of equally good ones, the first.
  private static func summed(_ lists: [[Hit]]) -> [Hit] {
    var places: [PointID: Int] = [:]
    var hits: [Hit] = []
    for hit in lists.joined() {
      if let place = places[hit.id] {
        hits[place].score += hit.score
      } else {
        places[hit.id] = hits.count
        hits.append(hit)
      }
    }
    let ordered = hits.enumerated().sorted { left, right in
      (right.element.score, left.offset) < (left.element.score, right.offset)
    }
    return ordered.map(\.element)
  }
}
