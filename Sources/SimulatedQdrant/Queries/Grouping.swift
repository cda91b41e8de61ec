import JSON

/// Finds the best hits of each of the best groups, in the rounds in which the real server does it.
///
/// A round asks for as many hits as all groups may hold, without what was found already; rounds
/// differ in the groups that they look for. Fused scores stand on places, so that rounds matter.
struct Grouping {
  let path: String
  let groupCount: Int
  let groupSize: Int
  private let isRising: Bool
  private var hits: [GroupKey: [Hit]] = [:]
  private var best: [GroupKey: Float] = [:]
  /// In the order in which they were met.
  private var met: [GroupKey] = []

  init(path: String, groups: Int, size: Int, isRising: Bool) {
    self.path = path
    groupCount = groups
    groupSize = size
    self.isRising = isRising
  }

  /// Asks as often as the real server does: five times for new groups, five to fill those found.
  mutating func run(
    _ query: PointQuery, _ payloads: (PointID) -> JSONObject,
    _ ask: (PointQuery) throws(Refusal) -> [Hit]
  ) throws(Refusal) {
    for isFilling in [false, true] {
      for _ in 0..<5 {
        let found = try ask(asked(query, isFilling: isFilling))
        for hit in found { add(hit, payloads(hit.id)) }
        if bestKeys.count(where: isFull) >= groupCount { return }
        if found.isEmpty { break }
      }
    }
  }

  /// The groups and their hits, the best first.
  var result: [(key: GroupKey, hits: [Hit])] {
    bestKeys.map { key in
      var sorted = BestHits(groupSize, isRising: isRising)
      for hit in hits[key] ?? [] { sorted.add(hit) }
      return (key, sorted.sorted)
    }
  }

  private var bestKeys: [GroupKey] {
    let ordered = met.enumerated().sorted { left, right in
      let (first, second) = (best[left.element] ?? 0, best[right.element] ?? 0)
      if first == second { return left.offset < right.offset }
      return isRising ? first > second : first < second
    }
    return ordered.prefix(groupCount).map(\.element)
  }

  private func isFull(_ key: GroupKey) -> Bool { (hits[key]?.count ?? 0) >= groupSize }

  private mutating func add(_ hit: Hit, _ payload: JSONObject) {
    let values = FieldPath(path)?.values(in: payload) ?? []
    let keys = values.compactMap { GroupKey($0) }
    guard keys.count == values.count else { return }
    for key in keys where hits[key]?.contains(where: { $0.id == hit.id }) != true {
      if hits[key] == nil { met.append(key) }
      hits[key, default: []].append(hit)
      let known = best[key] ?? hit.score
      best[key] = isRising ? max(known, hit.score) : min(known, hit.score)
    }
  }

  /// The query of one round.
  private func asked(_ query: PointQuery, isFilling: Bool) -> PointQuery {
    var must = query.filter.map { [$0] } ?? []
    let keys = isFilling ? bestKeys.filter { !isFull($0) } : met.filter(isFull)
    let sorted = [keys.filter(\.isText), keys.filter { !$0.isText }].filter { !$0.isEmpty }
    let matches = sorted.map { keys -> JSONValue in
      let word = isFilling ? "any" : "except"
      return ["key": .string(path), "match": .object([word: .array(keys.map(\.json))])]
    }
    must += isFilling ? [["should": .array(matches)]] : matches
    let known = hits.values.joined().map(\.id.json)
    let isEmpty: JSONValue = ["is_empty": ["key": .string(path)]]
    var asked = query
    asked.filter = [
      "must": .array(must), "must_not": .array([isEmpty, ["has_id": .array(known)]]),
    ]
    asked.limit = groupCount.saturatingProduct(groupSize)
    asked.sources = query.sources.map { $0.widened(groupCount) }
    return asked
  }
}

/// The value that the hits of a group share: a text or a whole number.
struct GroupKey: Hashable, Sendable {
  let json: JSONValue

  init?(_ json: JSONValue) {
    guard json.string != nil || json.number?.isIntegerLiteral == true else { return nil }
    self.json = json
  }

  var isText: Bool { json.string != nil }

  /// The point of another collection that stands for the group.
  var id: PointID? {
    if let text = json.string, let number = UInt64(text) { return .number(number) }
    return PointID(json)
  }
}

extension PointQuery {
  /// The same with room for so many times as many hits, in the queries below it, too.
  fileprivate func widened(_ factor: Int) -> PointQuery {
    var result = self
    result.limit = limit.saturatingProduct(factor)
    result.sources = sources.map { $0.widened(factor) }
    return result
  }
}
