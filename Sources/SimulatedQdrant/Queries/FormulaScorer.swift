import JSON

/// Scores points by an arithmetic expression over earlier scores and payloads.
struct FormulaScorer {
  private let collection: Collection
  private let formula: JSONValue
  private let defaults: JSONObject
  /// The scores that each earlier query gave.
  private let scores: [[PointID: Float]]
  private let ids: [PointID]

  init(
    _ collection: Collection, _ formula: JSONValue, _ defaults: JSONObject, _ lists: [[Hit]]
  ) {
    self.collection = collection
    self.formula = formula
    self.defaults = defaults
    scores = lists.map { hits in
      Dictionary(hits.map { ($0.id, $0.score) }) { first, _ in first }
    }
    ids = QueryRun.union(lists)
  }

  /// Every point of the earlier queries, the best first.
  func hits() throws(Refusal) -> [Hit] {
    var best = BestHits(ids.count, isRising: true)
    for id in ids {
      guard let point = collection.points[id] else { continue }
      let score = try value(of: formula, id, point)
      best.add(Hit(id, version: point.version, score: Float(score)))
    }
    return best.sorted
  }

  private func value(
    of expression: JSONValue, _ id: PointID, _ point: Point
  ) throws(Refusal) -> Double {
    if let constant = expression.number { return Double(Float(constant.text) ?? 0) }
    if let variable = expression.string { return try value(named: variable, id, point) }
    guard let name = expression.object?.members.first?.key, let inner = expression[name] else {
      throw SimulatedServer.unknownQuery
    }
    switch name {
    case "mult":
      var product = 1.0
      for factor in inner.array ?? [] {
        let value = try value(of: factor, id, point)
        if value == 0 { return 0 }
        product *= value
      }
      return product
    case "sum":
      var sum = 0.0
      for part in inner.array ?? [] { sum += try value(of: part, id, point) }
      return sum
    case "neg": return -(try value(of: inner, id, point))
    case "abs": return abs(try value(of: inner, id, point))
    case "div": return try quotient(inner, id, point)
    case "sqrt", "exp", "ln", "log10": return try function(name, inner, id, point)
    case "pow":
      let base = try value(of: inner["base"] ?? .null, id, point)
      let exponent = try value(of: inner["exponent"] ?? .null, id, point)
      return try finite(Exponential.power(base, exponent), "\(base)^\(exponent)")
    case "lin_decay", "exp_decay", "gauss_decay": return try decay(name, inner, id, point)
    case "geo_distance", "datetime", "datetime_key": return try typed(name, inner, point)
    default: return collection.filter(["must": [expression]]).matches(id, point) ? 1 : 0
    }
  }

  /// `$score`, `$score[1]`, or a path in the payload.
  private func value(
    named variable: String, _ id: PointID, _ point: Point
  ) throws(Refusal) -> Double {
    if let place = FormulaScorer.scorePlace(variable) {
      let score = scores.indices.contains(place) ? scores[place][id] : Float?.none
      if let score { return Double(score) }
      let names = place == 0 ? ["$score", "$score[0]"] : ["$score[\(place)]"]
      return names.compactMap { defaults[$0]?.double }.first ?? 0
    }
    return try payload(variable, point, "number", \.double)
  }

  /// Which list of scores a variable means.
  private static func scorePlace(_ variable: String) -> Int? {
    if variable.hasSameBytes(as: "$score") { return 0 }
    guard variable.hasPrefix("$score["), variable.hasSuffix("]") else { return nil }
    return Int(variable.dropFirst(7).dropLast())
  }

  /// A value of the payload, or its default, read as a type.
  private func payload<Value>(
    _ name: String, _ point: Point, _ type: String, _ read: (JSONValue) -> Value?
  ) throws(Refusal) -> Value {
    func refusal(_ reason: String) -> Refusal {
      .wrongInput(
        "Expected \(type) value for \(name) in the payload and/or in the formula defaults. "
          + "Error: \(reason)")
    }
    guard let path = FieldPath(name) else { throw SimulatedServer.unknownQuery }
    let values = path.values(in: point.payload)
    guard let found = values.count > 1 ? .array(values) : values.first ?? defaults[name] else {
      throw refusal("No value found in a payload nor defaults")
    }
    guard let value = read(found) else { throw refusal("Value is not a \(type)") }
    return value
  }

  private func quotient(
    _ parts: JSONValue, _ id: PointID, _ point: Point
  ) throws(Refusal) -> Double {
    let left = try value(of: parts["left"] ?? .null, id, point)
    if left == 0 { return 0 }
    let right = try value(of: parts["right"] ?? .null, id, point)
    if right == 0, let byZero = parts["by_zero_default"]?.double { return byZero }
    return try finite(left / right, "\(left)/\(right)")
  }

  private func function(
    _ name: String, _ inner: JSONValue, _ id: PointID, _ point: Point
  ) throws(Refusal) -> Double {
    let value = try value(of: inner, id, point)
    switch name {
    case "sqrt": return try finite(value.squareRoot(), "√\(value)")
    case "exp": return try finite(Exponential.natural(value), "exp(\(value))")
    default:
      let logarithm = value > 0 ? Logarithm.natural(value) : value == 0 ? -.infinity : .nan
      let base = name == "ln" ? 1 : Logarithm.natural(10)
      return try finite(logarithm / base, "\(name)(\(value))")
    }
  }

  private func finite(_ value: Double, _ expression: String) throws(Refusal) -> Double {
    guard value.isFinite else {
      throw .wrongInput(
        "The expression \(expression) = \(value) produced a non-finite number")
    }
    return value
  }

  /// What becomes of 1 with the distance from a target: `midpoint` is reached at `scale`.
  private func decay(
    _ name: String, _ parts: JSONValue, _ id: PointID, _ point: Point
  ) throws(Refusal) -> Double {
    let place = try value(of: parts["x"] ?? .null, id, point)
    let target = try parts["target"].map { inner throws(Refusal) in
      try value(of: inner, id, point)
    }
    let distance = abs(place - (target ?? 0))
    let scale = parts["scale"]?.double ?? 1
    let midpoint = parts["midpoint"]?.double ?? 0.5
    switch name {
    case "lin_decay": return max(0, 1 - (1 - midpoint) / scale * distance)
    case "exp_decay": return Exponential.natural(Logarithm.natural(midpoint) / scale * distance)
    default:
      let rate = Logarithm.natural(midpoint) / (scale * scale)
      return Exponential.natural(rate * distance * distance)
    }
  }

  /// Metres between places, or the seconds of a moment since 1970.
  private func typed(
    _ name: String, _ inner: JSONValue, _ point: Point
  ) throws(Refusal) -> Double {
    if name == "geo_distance" {
      guard let origin = inner["origin"].flatMap({ Place($0) }) else {
        throw SimulatedServer.unknownQuery
      }
      let place = try payload(inner["to"]?.string ?? "", point, "geo point") { Place($0) }
      return origin.distance(to: place)
    }
    let moment = { (value: JSONValue) in value.string.flatMap { Moment.microseconds($0) } }
    if name == "datetime_key" {
      return Double(try payload(inner.string ?? "", point, "datetime", moment)) / 1_000_000
    }
    guard let constant = moment(inner) else { throw SimulatedServer.unknownQuery }
    return Double(constant) / 1_000_000
  }
}
