import JSON
import Testing

@testable import SimulatedQdrant

/// Queries of points, held to scores worked out by hand.
@Suite struct QueryTests {
  @Test(
    arguments: [
      ("Dot", [Found(3, 11), Found(5, 2), Found(2, 2), Found(1, 1), Found(4, -3)]),
      (
        "Euclid",
        [
          Found(2, 1.4142135), Found(1, 2), Found(5, 2.236068), Found(3, 2.828427),
          Found(4, 3.6055512),
        ]
      ),
      ("Manhattan", [Found(2, 2), Found(1, 2), Found(5, 3), Found(3, 4), Found(4, 5)]),
      (
        "Cosine",
        [
          Found(3, 0.98386991), Found(2, 0.8944272), Found(5, 0.4472136), Found(1, 0.4472136),
          Found(4, -0.9486833),
        ]
      ),
    ])
  func `The nearest come first, of equally near ones the later`(
    distance: String, expected: [Found]
  ) throws {
    var bench = QueryBench(distance)
    #expect(try bench.hits(["query": [1, 2]]) == expected)
    #expect(try bench.hits(["query": [1, 2], "limit": 2, "offset": 1]) == Array(expected[1...2]))
    let older = try bench.result("search", ["vector": [1, 2], "limit": 5])
    #expect((older.array ?? []).map { Found($0) } == expected)
  }

  @Test func `A point is not near to itself, and a threshold is passed, not met`() throws {
    var bench = QueryBench("Dot")
    #expect(try bench.hits(["query": 1, "limit": 2]) == [Found(3, 3), Found(5, 2)])
    #expect(try bench.hits(["query": [1, 2], "score_threshold": 2]) == [Found(3, 11)])
    var far = QueryBench("Manhattan")
    #expect(
      try far.hits(["query": [1, 2], "score_threshold": 3]) == [Found(2, 2), Found(1, 2)])
  }

  @Test func `Several examples are weighed in three ways`() throws {
    var bench = QueryBench("Dot")
    func asked(_ strategy: String) -> JSONValue {
      [
        "query": [
          "recommend": [
            "positive": [[1.0, 2.0]], "negative": [[1.0, 0.0]], "strategy": .string(strategy),
          ]
        ]
      ]
    }
    // The mean lies at twice the positive less the negative: [1, 4].
    #expect(
      try bench.hits(asked("average_vector")) == [
        Found(3, 19), Found(2, 4), Found(5, 2), Found(1, 1), Found(4, -5),
      ])
    #expect(
      try bench.hits(asked("best_score")) == [
        Found(3, 23 / 24), Found(2, 5 / 6), Found(4, -0.25), Found(1, -0.75), Found(5, -5 / 6),
      ])
    #expect(
      try bench.hits(asked("sum_scores")) == [
        Found(3, 8), Found(2, 2), Found(5, 0), Found(1, 0), Found(4, -2),
      ])
  }

  @Test func `A context ranks by its pairs and a target within these`() throws {
    var bench = QueryBench("Dot")
    let pairs: JSONValue = [["positive": [1.0, 0.0], "negative": [0.0, 1.0]]]
    let discovered: JSONValue = ["discover": ["target": [1.0, 2.0], "context": pairs]]
    #expect(
      try bench.hits(["query": discovered]) == [
        Found(5, 11 / 6), Found(1, 1.75), Found(4, 0.125), Found(3, -1 / 24), Found(2, -1 / 6),
      ])
    #expect(
      try bench.hits(["query": ["context": pairs]]) == [
        Found(5, 0), Found(1, 0), Found(4, 0), Found(3, -0.5), Found(2, -0.5),
      ])
    let older = try bench.result(
      "discover", ["target": [1.0, 2.0], "context": pairs, "limit": 1])
    #expect((older.array ?? []).map { Found($0) } == [Found(5, 11 / 6)])
  }

  private let sources: JSONValue = [
    ["query": [1.0, 2.0], "limit": 2], ["query": [-1.0, -1.0], "limit": 2],
  ]

  @Test func `Lists are fused by place, or by score after they were spread`() throws {
    var bench = QueryBench("Dot")
    #expect(
      try bench.hits(["prefetch": sources, "query": ["fusion": "rrf"]]) == [
        Found(3, 0.5), Found(4, 0.5), Found(5, 1 / 3), Found(2, 1 / 3),
      ])
    #expect(
      try bench.hits(["prefetch": sources, "query": ["rrf": ["weights": [3, 1]]]]) == [
        Found(3, 0.75), Found(5, 0.6), Found(4, 0.5), Found(2, 1 / 3),
      ])
    // 11, 2 and 2 have the mean 5 and the deviation √27.
    let deviation = 27.0.squareRoot()
    let low = (2 - 5 + 3 * deviation) / (6 * deviation)
    #expect(
      try bench.hits([
        "prefetch": ["query": [1.0, 2.0], "limit": 3], "query": ["fusion": "dbsf"],
      ]) == [Found(3, (11 - 5 + 3 * deviation) / (6 * deviation)), Found(5, low), Found(2, low)])
  }

  @Test func `A query looks at what those below it found, and its filter holds for them`() throws {
    var bench = QueryBench("Dot")
    #expect(
      try bench.hits(["prefetch": sources, "query": [0, 1]]) == [
        Found(3, 4), Found(2, 1), Found(5, 0), Found(4, -1),
      ])
    let filter: JSONValue = ["must": [["key": "n", "range": ["lt": 3]]]]
    #expect(
      try bench.hits(["prefetch": sources, "query": [0, 1], "filter": filter]) == [
        Found(2, 1), Found(1, 0),
      ])
  }

  @Test func `A formula reckons with scores, payloads and conditions`() throws {
    var bench = QueryBench("Dot")
    let formula: JSONValue = [
      "sum": [
        "$score", ["mult": [10, "n"]], ["neg": ["abs": -1]],
        ["div": ["left": "absent", "right": 2]],
        ["key": "n", "match": ["value": 2]],
        ["pow": ["base": "n", "exponent": 2]], ["sqrt": 4],
        ["lin_decay": ["x": "n", "target": 3, "scale": 4, "midpoint": 0.5]],
      ]
    ]
    let query: JSONValue = ["formula": formula, "defaults": ["absent": 8]]
    // $score + 10 n - 1 + 4 + (n = 2) + n² + 2 + (1 - |n - 3| / 8), for n of 3, 5 and 2.
    #expect(
      try bench.hits(["prefetch": ["query": [1.0, 2.0], "limit": 3], "query": query]) == [
        Found(5, 82.75), Found(3, 56), Found(2, 32.875),
      ])
    let missing: JSONValue = ["formula": ["sum": ["absent"]]]
    #expect(
      try bench.refusal("query", ["prefetch": sources, "query": missing])?.hasPrefix(
        "Wrong input: Expected number value for absent in the payload") == true)
  }

  @Test func `Unlike ones are preferred as far as is asked for`() throws {
    var bench = QueryBench("Dot")
    func ids(_ diversity: Double) throws -> [Int] {
      try bench.hits([
        "query": ["nearest": [1, 2], "mmr": ["diversity": .double(diversity)]], "limit": 4,
      ]).map(\.id)
    }
    #expect(try ids(0) == [3, 5, 2, 1])
    // After 3, its products count against the others: 1 has 3, 2 has 4 and 5 has 6.
    #expect(try ids(0.9) == [3, 1, 2, 5])
  }

  /// Ratings 3, 1 and 1 make two pairs, each with the weight 2² · 0.5 = 2: a point scores
  /// 0.1 (x + 2 y) + 2 (x - y) + 2 (x + x + y), by its numbers x and y.
  @Test func `Ratings of examples draw the target to the better ones`() throws {
    var bench = QueryBench("Dot")
    let query: JSONValue = [
      "relevance_feedback": [
        "target": [1.0, 2.0],
        "feedback": [
          ["example": [1.0, 0.0], "score": 3], ["example": [0.0, 1.0], "score": 1],
          ["example": [-1.0, -1.0], "score": 1],
        ],
        "strategy": ["naive": ["a": 0.1, "b": 2, "c": 0.5]],
      ]
    ]
    #expect(
      try bench.hits(["query": query]) == [
        Found(3, 19.1), Found(5, 12.2), Found(1, 6.1), Found(2, 0.2), Found(4, -6.3),
      ])
  }

  /// 1.14 has no queries by weighted ranks, and passes over diversity and weights.
  @Test func `An older server knows fewer kinds of query`() throws {
    var bench = QueryBench("Dot")
    var settings = bench.server.settings
    settings.version = .v1_14_1
    bench.server = try SimulatedServer(settings: settings, state: bench.server.exportState())
    let body: JSONValue = ["prefetch": sources, "query": ["rrf": ["k": 3]]]
    #expect(
      try bench.refusal("query", body)
        == "Format error in JSON body: Expected some form of vector, id, or a type of query "
        + "at line 1 column \(body.bytes().count)")
    #expect(
      try bench.hits([
        "query": ["nearest": [1, 2], "mmr": ["diversity": 0.9]], "limit": 4,
      ]).map(\.id) == [3, 5, 2, 1])
    #expect(
      try bench.hits(["query": ["recommend": ["positive": [[0, 1]]]], "limit": 1]).count == 1)
  }

  @Test func `What cannot be answered is refused`() throws {
    var bench = QueryBench("Dot")
    let cases: [(JSONValue, String)] = [
      (
        ["query": ["fusion": "rrf"]],
        "Wrong input: Validation failed: cannot apply Fusion without prefetches"
      ),
      (["query": [1.0, 2.0, 3.0]], "Wrong input: Vector dimension error: expected dim: 2, got 3"),
      (["query": 9], "Not found: No point with id 9 found"),
      (
        ["query": ["recommend": ["negative": [1]]]],
        "Wrong input: Positive vectors should not be empty with `average` strategy"
      ),
      (
        ["prefetch": ["limit": 1]],
        "Bad request: A query is needed to merge the prefetches. Can't have prefetches without "
          + "defining a query."
      ),
      (
        ["query": ["text": "a", "model": "m"]],
        "Service internal error: Inference is not simulated"
      ),
    ]
    for (body, expected) in cases {
      #expect(try bench.refusal("query", body) == expected, "\(body.text())")
    }
  }
}
