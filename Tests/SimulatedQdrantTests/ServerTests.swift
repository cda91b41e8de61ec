import JSON
import Testing

@testable import SimulatedQdrant

/// What holds for the simulated server beside what was recorded.
@Suite struct ServerTests {
  private func request(
    _ method: String, _ target: String, _ body: JSONValue? = nil
  ) -> SimulatedRequest {
    SimulatedRequest(method: method, target: target, body: body?.bytes() ?? [])
  }

  private func config(_ server: SimulatedServer, _ name: String) -> JSONValue? {
    var copy = server
    let response = copy.handle(request("GET", "/collections/" + name), now: 5)
    return (try? JSONParser.parse(response.body))?["result"]?["config"]
  }

  private func serverWithCollection() -> SimulatedServer {
    var server = SimulatedServer(settings: SimulatedSettings())
    let body: JSONValue = ["vectors": ["size": 4, "distance": "Dot"]]
    #expect(server.handle(request("PUT", "/collections/c", body), now: 1).status == 200)
    return server
  }

  @Test func `A snapshot of the whole server does not hold the snapshots before it`() throws {
    var server = serverWithCollection()
    var sizes: Set<Int> = []
    for second in 1...12 {
      let response = server.handle(request("POST", "/snapshots"), now: Double(second))
      let size = try JSONParser.parse(response.body)["result"]?["size"]?.integer
      sizes.insert(try #require(size))
    }
    #expect(sizes.count == 1, "\(sizes)")
  }

  @Test(arguments: 0...3)
  func `A limit stops a PATCH between its sections and leaves the first ones applied`(limit: Int)
    throws
  {
    var server = serverWithCollection()
    let body: JSONValue = [
      "metadata": ["a": 1], "hnsw_config": ["m": 8],
      "optimizers_config": ["flush_interval_sec": 9],
    ]
    let response = server.handle(
      request("PATCH", "/collections/c", body), now: 2, partialLimit: limit)
    #expect(response.status == (limit < 3 ? 500 : 200))
    let found = try #require(config(server, "c"))
    #expect(found["optimizer_config"]?["flush_interval_sec"] == (limit > 0 ? 9 : 5))
    #expect(found["hnsw_config"]?["m"] == (limit > 1 ? 8 : 16))
    #expect((found["metadata"] != nil) == (limit > 2))
  }

  @Test func `The same requests at the same times give the same bytes`() {
    let requests = [
      request("PUT", "/collections/c", ["vectors": ["size": 4, "distance": "Dot"]]),
      request("PATCH", "/collections/c", ["metadata": ["a": 1]]),
      request("GET", "/collections/c"), request("GET", "/telemetry?details_level=9"),
      request("GET", "/metrics"), request("POST", "/collections/c/snapshots"),
      request("GET", "/collections/c/snapshots"), request("DELETE", "/collections/c"),
    ]
    func answers() -> [SimulatedResponse] {
      var server = SimulatedServer(settings: SimulatedSettings())
      return requests.enumerated().map { server.handle($1, now: Double($0)) }
    }
    #expect(answers() == answers())
  }

  @Test func `The revision grows with what is to be kept and with nothing else`() {
    var server = serverWithCollection()
    let before = server.revision
    for target in ["/collections", "/collections/c", "/telemetry", "/collections/none"] {
      _ = server.handle(request("GET", target), now: 2)
    }
    _ = server.handle(request("PUT", "/collections/c", [:]), now: 2)
    _ = server.handle(request("DELETE", "/collections/none"), now: 2)
    #expect(server.revision == before)
    _ = server.handle(request("DELETE", "/collections/c"), now: 3)
    #expect(server.revision > before)
  }

  /// What a collection shows is written once until something changes: a server that starts on the
  /// same state has nothing written yet.
  @Test func `What a collection shows is never older than the last change`() throws {
    var server = serverWithCollection()
    let points = (1...400).map { id -> JSONValue in
      ["id": .integer(id), "vector": [1, 2, 3, 4], "payload": ["n": 1]]
    }
    let changes: [(method: String, target: String, body: JSONValue?)] = [
      ("PUT", "/collections/c/points", ["points": .array(points)]),
      ("PATCH", "/collections/c", ["optimizers_config": ["indexing_threshold": 1]]),
      ("PUT", "/collections/c/index", ["field_name": "n", "field_schema": "integer"]),
      ("PUT", "/collections/c/vectors/v", ["dense": ["size": 2, "distance": "Dot"]]),
      ("POST", "/collections/c/points/delete", ["points": [1]]),
      ("POST", "/collections/c/points/payload/clear", ["points": [2]]),
      ("PATCH", "/collections/c", ["metadata": ["a": 1]]),
      ("PATCH", "/collections/c", ["strict_mode_config": ["enabled": true]]),
      ("DELETE", "/collections/c/index/n", nil), ("DELETE", "/collections/c/vectors/v", nil),
      ("POST", "/collections/c/snapshots", nil), ("DELETE", "/collections/c", nil),
      ("PUT", "/collections/c", ["vectors": ["size": 9, "distance": "Dot"]]),
      (
        "POST", "/collections/aliases",
        ["actions": [["create_alias": ["alias_name": "d", "collection_name": "c"]]]]
      ),
    ]
    var seen: Set<[UInt8]> = []
    var now = 10.0
    for change in changes {
      let response = server.handle(request(change.method, change.target, change.body), now: now)
      #expect(response.status == 200, "\(change.method) \(change.target)")
      // At once, again, while it is optimised, before that (a clock may be set back), and after.
      for moment in [now, now, now + 0.000_01, now - 5, now + 100, now] {
        for name in ["c", "d"] {
          let read = request("GET", "/collections/" + name)
          var fresh = try SimulatedServer(settings: server.settings, state: server.exportState())
          let answer = server.handle(read, now: moment)
          #expect(answer == fresh.handle(read, now: moment), "\(change) at \(moment)")
          seen.insert(answer.body)
        }
      }
      now += 200
    }
    #expect(seen.count > 10)
    #expect(seen.contains { String(decoding: $0, as: UTF8.self).contains("yellow") })
  }

  @Test func `Names are told apart by their bytes`() {
    var server = SimulatedServer(settings: SimulatedSettings())
    for name in ["%C3%A9", "e%CC%81"] {
      #expect(server.handle(request("PUT", "/collections/" + name, [:]), now: 1).status == 200)
    }
    #expect(server.collections.count == 2)
  }

  @Test(
    arguments: [
      ([:], "collections"), (["collections": [[:]]], "collections.name"),
      (["collections": [["name": "c"]]], "config"),
      (["collections": [["name": "c", "config": [:]]]], "config.params"),
      (["collections": [], "aliases": [["alias_name": "a"]]], "aliases"),
      (["collections": [], "snapshots": [[:]]], "snapshots.folder"),
    ] as [(JSONValue, String)])
  func `A malformed state is refused with the place`(state: JSONValue, path: String) {
    #expect(throws: SimulatedStateError(path: path)) {
      try SimulatedServer(settings: SimulatedSettings(), state: state)
    }
  }

  @Test(arguments: [
    "GET /collections/%", "GET /%00", "PUT /collections/c?timeout=99999999999999999999",
    "DELETE /collections//", "GET /collections/c/shards/99999999999/snapshots",
    "GET /telemetry?details_level=18446744073709551616", "POST /collections/c/snapshots/upload",
    "PUT /collections/c/snapshots/recover", "BREW /", "GET ?", "GET ", "GET //?&&==&",
  ])
  func `Whatever is asked is answered`(line: String) {
    let parts = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    for body in [[], Array("{".utf8), [0xFF, 0x00], Array("[[[[".utf8)] {
      var server = serverWithCollection()
      let response = server.handle(
        SimulatedRequest(method: parts[0], target: parts[1], body: body), now: 1)
      #expect((200...599).contains(response.status))
    }
  }
}
