import JSON

/// A query of points as it was asked, taken from a checked body.
struct PointQuery: Sendable {
  /// Another collection that examples are looked up in.
  struct Lookup: Sendable {
    var collection: String
    var vector: String?
  }

  /// Queries whose results alone are looked at.
  var sources: [PointQuery] = []
  /// Nil lists points by their identifiers.
  var kind: Kind?
  var using = ""
  var filter: JSONValue?
  var threshold: Float?
  var limit = 10
  var offset = 0
  var lookup: Lookup?

  /// What is asked for.
  indirect enum Kind: Sendable {
    case nearest(Example)
    /// Near ones that are unlike each other. `diversity` from 0 to 1; how many are chosen from.
    case diverse(Example, diversity: Float, candidates: Int?)
    case recommend(positive: [Example], negative: [Example], Strategy)
    case discover(target: Example, [Pair])
    case context([Pair])
    case ordered(JSONValue)
    case rankFusion(constant: Int, weights: [Float]?)
    case scoreFusion
    case formula(JSONValue, defaults: JSONObject)
    case sample
    /// Near to a target as a better judge would see it, who rated some examples.
    case rated(target: Example, [Rating], Judgement)
  }

  /// How recommendations are scored.
  enum Strategy: String, Sendable {
    case averageVector = "average_vector"
    case bestScore = "best_score"
    case sumScores = "sum_scores"
  }

  /// An example and what a better judge gave it.
  struct Rating: Sendable {
    var example: Example
    var score: Float
  }

  /// What trained numbers weigh: the likeness to the target, and how far ratings are apart, as a
  /// power and as a factor.
  struct Judgement: Sendable {
    var target: Float
    var power: Float
    var factor: Float

    init(_ json: JSONValue?) {
      let number: (String) -> Float = { name in
        json?[name]?.number.map { Float($0.double) } ?? 0
      }
      (target, power, factor) = (number("a"), number("b"), number("c"))
    }
  }

  /// A vector, or the point that has it.
  enum Example: Sendable {
    case point(PointID)
    case vector(JSONValue)
    /// Something of which a model would make a vector.
    case inferred

    init(_ json: JSONValue) {
      if let id = PointID(json) {
        self = .point(id)
      } else if json.array != nil || json["indices"] != nil {
        self = .vector(json)
      } else {
        self = .inferred
      }
    }
  }

  /// An example to be near to and one to be far from.
  struct Pair: Sendable {
    var positive: Example
    var negative: Example

    init(_ json: JSONValue) {
      positive = Example(json["positive"] ?? .null)
      negative = Example(json["negative"] ?? .null)
    }
  }
}

extension PointQuery {
  /// A body of `…/points/query`, or one of its `prefetch`.
  init(_ body: JSONValue) {
    sources = (body["prefetch"]?.array ?? []).map { PointQuery($0) }
    kind = body["query"].map { Kind($0) }
    takeCommonParts(of: body)
  }

  /// What the older endpoints share with the newer ones.
  mutating func takeCommonParts(of body: JSONValue) {
    using = body["using"]?.string ?? ""
    filter = body["filter"]
    threshold = body["score_threshold"]?.number.flatMap { Float($0.text) }
    limit = body["limit"]?.count ?? 10
    offset = body["offset"]?.count ?? 0
    lookup = body["lookup_from"].map { from in
      Lookup(collection: from["collection"]?.string ?? "", vector: from["vector"]?.string)
    }
  }

  /// The points that examples name, in this query and those below it.
  func references(in collection: String) -> [PointID] {
    let isElsewhere = lookup.map { !$0.collection.hasSameBytes(as: collection) } ?? false
    let own = isElsewhere ? [] : kind?.examples.compactMap(\.id) ?? []
    return own + sources.flatMap { $0.references(in: collection) }
  }

  /// The collections that examples of this query and those below it are looked up in.
  var lookedUp: [String] {
    (lookup.map { [$0.collection] } ?? []) + sources.flatMap(\.lookedUp)
  }
}

extension PointQuery.Example {
  /// The point that has the vector.
  var id: PointID? {
    if case .point(let id) = self { return id }
    return nil
  }
}

extension PointQuery.Kind {
  /// The kind in a checked body.
  init(_ json: JSONValue) {
    let list: (JSONValue?) -> [PointQuery.Example] = { listed in
      (listed?.array ?? []).map { PointQuery.Example($0) }
    }
    let pairs: (JSONValue?) -> [PointQuery.Pair] = { listed in
      (listed?.array ?? []).map { PointQuery.Pair($0) }
    }
    if let nearest = json["nearest"] {
      self = .nearest(PointQuery.Example(nearest))
      guard let mmr = json["mmr"] else { return }
      self = .diverse(
        PointQuery.Example(nearest),
        diversity: mmr["diversity"]?.number.flatMap { Float($0.text) } ?? 0.5,
        candidates: mmr["candidates_limit"]?.count)
    } else if let wanted = json["recommend"] {
      self = .recommend(
        positive: list(wanted["positive"]), negative: list(wanted["negative"]),
        PointQuery.Strategy(rawValue: wanted["strategy"]?.string ?? "") ?? .averageVector)
    } else if let wanted = json["discover"] {
      self = .discover(
        target: PointQuery.Example(wanted["target"] ?? .null), pairs(wanted["context"]))
    } else if let wanted = json["context"] {
      self = .context(pairs(wanted))
    } else if let order = json["order_by"] {
      self = .ordered(order)
    } else if let fusion = json["fusion"]?.string {
      self = fusion == "dbsf" ? .scoreFusion : .rankFusion(constant: 2, weights: nil)
    } else if let wanted = json["rrf"] {
      self = .rankFusion(
        constant: wanted["k"]?.count ?? 2,
        weights: wanted["weights"]?.array.map(VectorValue.floats))
    } else if let formula = json["formula"] {
      self = .formula(formula, defaults: json["defaults"]?.object ?? JSONObject())
    } else if json["sample"] != nil {
      self = .sample
    } else if let wanted = json["relevance_feedback"] {
      let ratings = (wanted["feedback"]?.array ?? []).map { item in
        PointQuery.Rating(
          example: PointQuery.Example(item["example"] ?? .null),
          score: item["score"]?.number.map { Float($0.double) } ?? 0)
      }
      self = .rated(
        target: PointQuery.Example(wanted["target"] ?? .null), ratings,
        PointQuery.Judgement(wanted["strategy"]?["naive"]))
    } else {
      self = .nearest(PointQuery.Example(json))
    }
  }

  /// Every example, in no order that counts.
  var examples: [PointQuery.Example] {
    switch self {
    case .nearest(let example), .diverse(let example, _, _): [example]
    case .recommend(let positive, let negative, _): positive + negative
    case .discover(let target, let pairs):
      [target] + pairs.flatMap { [$0.positive, $0.negative] }
    case .context(let pairs): pairs.flatMap { [$0.positive, $0.negative] }
    case .rated(let target, let ratings, _): [target] + ratings.map(\.example)
    case .ordered, .rankFusion, .scoreFusion, .formula, .sample: []
    }
  }
}

extension JSONValue {
  /// A number of things; more than can be counted is as many as can be.
  var count: Int? { number?.unsigned.map { Int(clamping: $0) } }
}

extension Int {
  /// The product, or the greatest number.
  func saturatingProduct(_ factor: Int) -> Int {
    let (product, isTooMuch) = multipliedReportingOverflow(by: factor)
    return isTooMuch ? Int.max : product
  }
}
