import JSON
import Testing

@testable import SimulatedQdrant

/// Indexes and vector names beside what was recorded.
@Suite struct IndexTests {
  private func server(_ config: JSONValue) -> SimulatedServer {
    var server = SimulatedServer(settings: SimulatedSettings())
    #expect(send(&server, "PUT", "/collections/c", config).status == 200)
    return server
  }

  private func send(
    _ server: inout SimulatedServer, _ method: String, _ target: String, _ body: JSONValue
  ) -> SimulatedResponse {
    server.handle(
      SimulatedRequest(method: method, target: target, body: body.bytes()), now: 1)
  }

  private func error(_ response: SimulatedResponse) -> String? {
    (try? JSONParser.parse(response.body))?["status"]?["error"]?.string
  }

  @Test(
    arguments: [
      ("datetime", "2024-02-29", true), ("datetime", "2023-02-29", false),
      ("datetime", "+024-01-01", false), ("datetime", "2024-01-01T10:00:00.5+01:00", true),
      ("datetime", "2024-01-01 10:00", true), ("datetime", "2024-01-01T", false),
      ("datetime", 20_240_101, false), ("integer", 1, true), ("integer", 1.5, false),
      ("float", 1, true), ("keyword", 1, false), ("bool", true, true), ("bool", "true", false),
      ("uuid", "550e8400-e29b-41d4-a716-446655440000", true), ("uuid", "550e8400", false),
      ("geo", ["lon": 180, "lat": -90], true), ("geo", ["lon": 181, "lat": 0], false),
      ("geo", ["lon": 1], false), ("keyword", [["a"]], false), ("keyword", ["a", 1], true),
    ] as [(String, JSONValue, Bool)])
  func `An index counts the points whose values it takes`(
    type: String, value: JSONValue, isTaken: Bool
  ) throws {
    var server = server(["vectors": ["size": 1, "distance": "Dot"]])
    let points: JSONValue = ["points": [["id": 1, "vector": [1], "payload": ["f": value]]]]
    #expect(send(&server, "PUT", "/collections/c/points", points).status == 200)
    let index: JSONValue = ["field_name": "f", "field_schema": .string(type)]
    #expect(send(&server, "PUT", "/collections/c/index", index).status == 200)
    let answer = send(&server, "GET", "/collections/c", [:])
    let shown = try JSONParser.parse(answer.body)["result"]?["payload_schema"]?["f"]
    #expect(shown?["points"] == (isTaken ? 1 : 0))
  }

  /// The server checks the collection and its strict mode before it looks at the schema.
  @Test func `A missing collection and a full one are told before a missing schema`() {
    var server = server([
      "strict_mode_config": ["enabled": true, "max_payload_index_count": 0]
    ])
    let body: JSONValue = ["field_name": "f"]
    let missing = send(&server, "PUT", "/collections/none/index", body)
    #expect(error(missing) == "Not found: Collection `none` doesn't exist!")
    let full = send(&server, "PUT", "/collections/c/index", body)
    #expect(error(full)?.contains("maximum number of payload indices (0)") == true)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `Vectors are counted as if they were counted anew`(seed: UInt64) {
    var state = seed
    func next(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    let names = ["", "a", "e\u{301}", "\u{E9}"]
    var store = PointStore()
    for _ in 0..<400 {
      let id = PointID.number(next(20))
      switch next(8) {
      case 0: store[id] = nil
      case 1: store.dropVector(names[Int(next(4))])
      case 2: store[id]?.vectors[names[Int(next(4))]] = .dense([1])
      default:
        var vectors = NamedVectors()
        for name in names where next(2) == 0 { vectors[name] = .dense([1]) }
        store[id] = Point(version: 1, payload: JSONObject(), vectors: vectors)
      }
      for name in names {
        let counted = store.ids.count { store[$0]?.vectors[name] != nil }
        #expect(store.count(ofVector: name) == counted, "seed \(seed), vector \(name)")
      }
    }
  }
}
