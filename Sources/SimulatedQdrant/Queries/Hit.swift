import JSON

/// A point that was found.
struct Hit: Sendable {
  var id: PointID
  var version: UInt64
  var score: Float
  /// What it was ordered by, if not by its score.
  var order: JSONValue?

  init(_ id: PointID, version: UInt64 = 0, score: Float = 1, order: JSONValue? = nil) {
    self.id = id
    self.version = version
    self.score = score
    self.order = order
  }
}

/// Keeps the best of many hits without sorting them all.
struct BestHits {
  private let limit: Int
  private let isRising: Bool
  private var kept: [Hit] = []

  /// - Parameter isRising: whether a greater score is better.
  init(_ limit: Int, isRising: Bool) {
    self.limit = limit
    self.isRising = isRising
  }

  mutating func add(_ hit: Hit) {
    kept.append(hit)
    guard kept.count >= 1024, kept.count / 2 >= limit else { return }
    kept = sorted
  }

  /// The best first; of equally good ones, the later.
  var sorted: [Hit] {
    let sorted = kept.sorted { left, right in
      if left.score == right.score { return left.id > right.id }
      return isRising ? left.score > right.score : left.score < right.score
    }
    return Array(sorted.prefix(limit))
  }
}

extension Collection {
  /// Hits with the parts of their points that were asked for.
  func shown(_ hits: [Hit], payload: JSONValue?, vectors: JSONValue?) -> [JSONValue] {
    hits.compactMap { hit in
      guard let point = points[hit.id] else { return nil }
      let parts = point.shown(hit.id, payload: payload ?? false, vectors: vectors ?? false)
      var object: JSONObject = [
        "id": hit.id.json, "version": .number(JSONNumber(text: String(hit.version))),
        "score": hit.score.isFinite
          ? .number(JSONNumber(text: WireNumber.text(of: hit.score))) : .null,
      ]
      for part in ["payload", "vector"] { object[part] = parts[part] }
      object["order_value"] = hit.order
      return .object(object)
    }
  }
}
