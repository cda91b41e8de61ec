import JSON
import Testing

@testable import SimulatedQdrant

/// A server with a collection `c`, asked for points.
struct QueryBench {
  var server = SimulatedServer(settings: SimulatedSettings())
  var now = 1.0

  init(_ config: JSONValue, points: [JSONValue]) {
    #expect(send("PUT", "/collections/c", config).status == 200)
    #expect(send("PUT", "/collections/c/points", ["points": .array(points)]).status == 200)
  }

  /// Five points of two numbers, compared by a distance; worked out by hand.
  init(_ distance: String) {
    let vectors: [JSONValue] = [[1, 0], [0, 1], [3, 4], [-1, -1], [2, 0]]
    self.init(
      ["vectors": ["size": 2, "distance": .string(distance)]],
      points: vectors.enumerated().map { index, vector in
        ["id": .integer(index + 1), "vector": vector, "payload": ["n": .integer(index + 1)]]
      })
  }

  @discardableResult
  mutating func send(
    _ method: String, _ target: String, _ body: JSONValue
  ) -> SimulatedResponse {
    now += 1
    return server.handle(
      SimulatedRequest(method: method, target: target, body: body.bytes()), now: now)
  }

  /// What a POST below the points of `c` gives.
  mutating func result(_ path: String, _ body: JSONValue) throws -> JSONValue {
    let response = send("POST", "/collections/c/points/" + path, body)
    let document = try JSONParser.parse(response.body)
    return try #require(document["result"], "\(document.text())")
  }

  /// The text of a refusal.
  mutating func refusal(_ path: String, _ body: JSONValue) throws -> String? {
    let response = send("POST", "/collections/c/points/" + path, body)
    return try JSONParser.parse(response.body)["status"]?["error"]?.string
  }

  /// What a query finds.
  mutating func hits(_ body: JSONValue) throws -> [Found] {
    let points = try result("query", body)["points"]
    return (points?.array ?? []).map { Found($0) }
  }
}

/// A point that was found.
struct Found: Equatable, CustomStringConvertible {
  var id: Int
  var score: Double

  init(_ id: Int, _ score: Double) {
    self.id = id
    self.score = score
  }

  init(_ json: JSONValue) {
    self.init(json["id"]?.integer ?? -1, json["score"]?.double ?? .nan)
  }

  /// Scores are the same as far as 32 bits tell.
  static func == (left: Found, right: Found) -> Bool {
    left.id == right.id && abs(left.score - right.score) <= 1e-5 * max(1, abs(left.score))
  }

  var description: String { "\(id): \(score)" }
}
