import JSON
import Testing

@testable import SimulatedQdrant

/// Searches held to plain ones that look at each number by itself.
@Suite struct SearchTests {
  /// Numbers from -1 to 1 that follow a seed.
  private struct Numbers {
    var random: ClusterRandom

    mutating func list(_ count: Int) -> [Double] {
      (0..<count).map { _ in Double(Int.random(in: -1000...1000, using: &random)) / 1000 }
    }
  }

  private func json(_ values: [Double]) -> JSONValue { .array(values.map { .double($0) }) }

  private func product(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func plain(_ distance: String, _ left: [Double], _ right: [Double]) -> Double {
    switch distance {
    case "Euclid": zip(left, right).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    case "Manhattan": zip(left, right).reduce(0) { $0 + abs($1.0 - $1.1) }
    case "Cosine":
      product(left, right) / (product(left, left) * product(right, right)).squareRoot()
    default: product(left, right)
    }
  }

  @Test(arguments: ["Dot", "Cosine", "Euclid", "Manhattan"], [3, 31, 32, 37, 128])
  func `Every number of a vector counts`(distance: String, size: Int) throws {
    var numbers = Numbers(random: ClusterRandom(UInt64(size)))
    let vectors = (1...40).map { _ in numbers.list(size) }
    let wanted = numbers.list(size)
    var bench = QueryBench(
      ["vectors": ["size": .integer(size), "distance": .string(distance)]],
      points: vectors.enumerated().map { ["id": .integer($0 + 1), "vector": json($1)] })
    let scored = vectors.enumerated().map { Found($0 + 1, plain(distance, wanted, $1)) }
    let isRising = distance == "Dot" || distance == "Cosine"
    let expected = scored.sorted { isRising ? $0.score > $1.score : $0.score < $1.score }
    #expect(try bench.hits(["query": json(wanted), "limit": 7]) == Array(expected.prefix(7)))
  }

  @Test func `Of several rows the best for each one asked for are added up`() throws {
    var numbers = Numbers(random: ClusterRandom(5))
    let points = (1...30).map { _ in (0..<3).map { _ in numbers.list(6) } }
    let wanted = (0..<2).map { _ in numbers.list(6) }
    var bench = QueryBench(
      [
        "vectors": [
          "size": 6, "distance": "Dot", "multivector_config": ["comparator": "max_sim"],
        ]
      ],
      points: points.enumerated().map {
        ["id": .integer($0 + 1), "vector": .array($1.map(json))]
      })
    let scored = points.enumerated().map { index, rows in
      Found(
        index + 1,
        wanted.reduce(0) { sum, row in sum + (rows.map { product(row, $0) }.max() ?? 0) })
    }
    let expected = scored.sorted { $0.score > $1.score }.prefix(6)
    #expect(
      try bench.hits(["query": .array(wanted.map(json)), "limit": 6]) == Array(expected))
  }

  /// Of four points two have the index 7: it weighs ln((4 - 2 + 0.5) / (2 + 0.5) + 1) = ln 2.
  @Test func `Sparse vectors share indices, and rare ones weigh more if asked for`() throws {
    let vectors: [JSONValue] = [
      ["indices": [7, 1], "values": [2, 1]], ["indices": [7], "values": [3]],
      ["indices": [1], "values": [5]], ["indices": [9], "values": [1]],
    ]
    var bench = QueryBench(
      ["sparse_vectors": ["s": [:], "i": ["modifier": "idf"]]],
      points: vectors.enumerated().map {
        ["id": .integer($0 + 1), "vector": ["s": $1, "i": $1]]
      })
    let wanted: JSONValue = ["indices": [7], "values": [2]]
    #expect(
      try bench.hits(["query": wanted, "using": "s"]) == [Found(2, 6), Found(1, 4)])
    #expect(
      try bench.hits(["query": wanted, "using": "i"]) == [
        Found(2, 6 * 0.6931471805599453), Found(1, 4 * 0.6931471805599453),
      ])
  }

  @Test func `Groups hold their best hits, and a point may be in several`() throws {
    let tags: [JSONValue] = [["a"], ["a", "b"], ["b"], ["a"], [1.5], ["c"]]
    var bench = QueryBench(
      ["vectors": ["size": 1, "distance": "Dot"]],
      points: tags.enumerated().map {
        ["id": .integer($0 + 1), "vector": [.integer(10 - $0)], "payload": ["tag": $1]]
      })
    let body: JSONValue = ["query": [1.0], "group_by": "tag", "limit": 3, "group_size": 2]
    let groups = try bench.result("query/groups", body)["groups"]?.array ?? []
    #expect(groups.map { $0["id"] } == ["a", "b", "c"])
    let hits = groups.map { ($0["hits"]?.array ?? []).map { Found($0) } }
    #expect(
      hits == [
        [Found(1, 10), Found(2, 9)], [Found(2, 9), Found(3, 8)], [Found(6, 5)],
      ])
  }

  @Test func `Equally good groups come in the order of a point's values`() throws {
    var bench = QueryBench(
      ["vectors": ["size": 1, "distance": "Dot"]],
      points: [["id": 1, "vector": [1], "payload": ["tag": ["d", "b", "c", "a", "d"]]]])
    let body: JSONValue = ["query": [1.0], "group_by": "tag[]", "limit": 3]
    let groups = try bench.result("query/groups", body)["groups"]?.array ?? []
    #expect(groups.map { $0["id"] } == ["d", "b", "c"])
  }

  @Test func `Points of a sample are compared with each other in two forms`() throws {
    var bench = QueryBench("Dot")
    let pairs = try bench.result("search/matrix/pairs", ["sample": 5, "limit": 1])["pairs"]
    let listed = (pairs?.array ?? []).map { [$0["a"], $0["b"], $0["score"]] }
    #expect(
      listed == [[1, 3, 3.0], [2, 3, 4.0], [3, 5, 6.0], [4, 2, -1.0], [5, 3, 6.0]])
    let offsets = try bench.result("search/matrix/offsets", ["sample": 5, "limit": 1])
    #expect(offsets["ids"] == [1, 2, 3, 4, 5])
    #expect(offsets["offsets_row"] == [0, 1, 2, 3, 4])
    #expect(offsets["offsets_col"] == [2, 2, 4, 1, 2])
  }

  @Test func `Examples are looked up in another collection that a credential may read`() throws {
    var bench = QueryBench("Dot")
    bench.send("PUT", "/collections/d", ["vectors": ["w": ["size": 2, "distance": "Dot"]]])
    bench.send(
      "PUT", "/collections/d/points", ["points": [["id": 1, "vector": ["w": [0, 1]]]]])
    let body: JSONValue = [
      "query": 1, "lookup_from": ["collection": "d", "vector": "w"], "limit": 2,
    ]
    #expect(try bench.hits(body) == [Found(3, 4), Found(2, 1)])
    let call = Call(
      request: SimulatedRequest(
        method: "POST", target: "/collections/c/points/query", body: body.bytes()),
      target: Target("/collections/c/points/query"), now: 1,
      access: .collections([ExactString("c"): .read]))
    #expect(throws: Refusal.forbidden("Access to collection d is required")) {
      try bench.server.route(call)
    }
  }

  @Test func `A vector survives the export of the state, even one that is not finite`() throws {
    let bench = QueryBench(
      ["vectors": ["size": 2, "distance": "Dot", "datatype": "float16"]],
      points: [["id": 1, "vector": [100_000, 0.1]]])
    let restored = try SimulatedServer(
      settings: bench.server.settings, state: bench.server.exportState())
    let kept = restored.collections["c"]?.points[.number(1)]?.vectors[""]
    #expect(kept == .dense([.infinity, 0.099975586]))
  }

  @Test func `Strict mode lets so many points through a minute`() throws {
    var bucket = TokenBucket(perMinute: 6, at: 0)
    try bucket.take(4, at: 0, "Write", Behaviours(line: .v1_18_3))
    #expect(throws: Refusal.self) { try bucket.take(3, at: 5, "Write", Behaviours(line: .v1_18_3)) }
    try bucket.take(3, at: 10, "Write", Behaviours(line: .v1_18_3))
    #expect(throws: Refusal.self) {
      try bucket.take(7, at: 1000, "Write", Behaviours(line: .v1_18_3))
    }
    do throws(Refusal) { try bucket.take(1, at: 10, "Read", Behaviours(line: .v1_18_3)) } catch {
      #expect(error.status == 429)
      #expect(error.headers.map(\.value) == ["10"])
    }
  }

  @Test(arguments: [(5.0, 5.0, true), (15, 5, false), (3, 3, false), (1, 9, true), (-1, 5, false)])
  func `A polygon holds what is inside its ring and not in a hole`(
    longitude: Double, latitude: Double, isInside: Bool
  ) throws {
    func ring(_ low: Int, _ high: Int) -> JSONValue {
      let corners = [(low, low), (high, low), (high, high), (low, high), (low, low)]
      return [
        "points": .array(corners.map { ["lon": .integer($0.0), "lat": .integer($0.1)] })
      ]
    }
    let polygon: JSONValue = ["exterior": ring(0, 10), "interiors": [ring(2, 4)]]
    let place = Place(["lon": .double(longitude), "lat": .double(latitude)])
    #expect(try #require(place).lies(inPolygon: polygon) == isInside)
  }

  @Test func `Powers and distances on the globe are those of the tables`() {
    #expect(abs(Exponential.natural(1) - 2.718281828459045) < 1e-15)
    #expect(abs(Exponential.natural(-20) / 2.061153622438558e-9 - 1) < 1e-14)
    #expect(abs(Exponential.power(2, 0.5) - 1.4142135623730951) < 1e-15)
    #expect(Exponential.power(-2, 3) == -8)
    #expect(Exponential.power(-2, 0.5).isNaN)
    let places = [(0.0, 0.0), (90, 0), (180, 0)].compactMap {
      Place(["lon": .double($0.0), "lat": .double($0.1)])
    }
    #expect(abs(places[0].distance(to: places[1]) - 6_371_008.8 * .pi / 2) < 1e-3)
    #expect(abs(places[0].distance(to: places[2]) - 6_371_008.8 * .pi) < 1)
  }
}
