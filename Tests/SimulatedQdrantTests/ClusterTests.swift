import JSON
import Testing

@testable import SimulatedQdrant

/// What holds for the simulated cluster beside what was recorded.
@Suite struct ClusterTests {
  /// A cluster with a clock of its own, which answers move.
  struct Bench {
    var cluster: SimulatedCluster
    var now = 1_760_000_000.0

    init(seed: UInt64 = 1, peers: [UInt64] = [11, 12, 13]) {
      cluster = SimulatedCluster(settings: SimulatedSettings(), peers: peers, seed: seed)
    }

    @discardableResult
    mutating func send(
      _ method: String, _ target: String, _ body: JSONValue? = nil, at peer: Int = 0
    ) -> (status: Int, body: JSONValue) {
      let request = SimulatedRequest(method: method, target: target, body: body?.bytes() ?? [])
      let (response, seconds) = cluster.handle(request, at: peer, now: now)
      now += seconds
      let parsed = try? JSONParser.parse(response.body)
      return (response.status, parsed ?? .null)
    }

    mutating func wait(_ seconds: Double) {
      now += seconds
      cluster.settle(now: now)
    }

    mutating func config(at peer: Int) -> JSONValue? {
      send("GET", "/collections/c", at: peer).body["result"]?["config"]
    }
  }

  private static let body: JSONValue = ["vectors": ["size": 4, "distance": "Dot"]]

  private static func withCollection(_ extra: JSONObject = [:]) -> Bench {
    var bench = Bench()
    let request = body.object?.merged(with: .object(extra)) ?? JSONObject()
    #expect(bench.send("PUT", "/collections/c", .object(request)).status == 200)
    return bench
  }

  @Test func `A new collection, its alias and its index show at every peer at once`() {
    var bench = Self.withCollection()
    let actions: JSONValue = [
      "actions": [["create_alias": ["collection_name": "c", "alias_name": "a"]]]
    ]
    #expect(bench.send("POST", "/collections/aliases", actions, at: 1).status == 200)
    let index: JSONValue = ["field_name": "n", "field_schema": "integer"]
    #expect(bench.send("PUT", "/collections/c/index?wait=true", index, at: 2).status == 200)
    for peer in 0..<3 {
      let found = bench.send("GET", "/collections/a", at: peer).body["result"]
      #expect(found?["payload_schema"]?["n"] != nil)
      #expect(found?["config"]?["params"]?["shard_number"] == 3)
    }
  }

  @Test func `A PATCH and a deletion show at the asked peer at once and at others later`() {
    var bench = Self.withCollection()
    bench.cluster.timing.lag = 0.2...0.3
    bench.cluster.timing.longLag = 0.2...0.3
    bench.send("PATCH", "/collections/c", ["metadata": ["a": 1]], at: 1)
    #expect(bench.config(at: 1)?["metadata"]?["a"] == 1)
    #expect(bench.config(at: 2)?["metadata"] == nil)
    bench.wait(0.3)
    #expect(bench.config(at: 2)?["metadata"]?["a"] == 1)
    #expect(bench.send("DELETE", "/collections/c", at: 1).body["result"] == true)
    #expect(bench.send("GET", "/collections/c", at: 1).status == 404)
    #expect(bench.send("GET", "/collections/c", at: 2).status == 200)
    bench.wait(0.3)
    #expect(bench.send("GET", "/collections/c", at: 2).status == 404)
  }

  @Test(arguments: [LateApplication.always, .never])
  func `Without a quorum an operation fails after its timeout, and comes later or never`(
    rule: LateApplication
  ) {
    var bench = Self.withCollection()
    bench.cluster.lateApplication = rule
    bench.cluster.loseQuorum(keeping: 0, now: bench.now)
    let before = bench.now
    let patch = bench.send("PATCH", "/collections/c?timeout=3", ["metadata": ["a": 1]])
    #expect(patch.status == 500)
    #expect(bench.now - before >= 3)
    #expect(bench.cluster.waitingOperations == 1)
    bench.wait(60)
    bench.cluster.restart(1, now: bench.now)
    bench.cluster.restart(2, now: bench.now)
    bench.wait(3)
    for peer in 0..<3 {
      #expect(bench.config(at: peer)?["metadata"]?["a"] == (rule == .always ? 1 : nil))
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `A barrier that is answered comes after everything that is late`(seed: UInt64) {
    var bench = Bench(seed: seed)
    bench.send("PUT", "/collections/c", Self.body)
    bench.cluster.lateApplication = .byChance
    bench.cluster.loseQuorum(keeping: 0, now: bench.now)
    for name in ["d", "e"] { bench.send("PUT", "/collections/\(name)?timeout=1", Self.body) }
    bench.cluster.restart(1, now: bench.now)
    #expect(bench.send("POST", "/collections/aliases", ["actions": []]).status == 200)
    let atBarrier = bench.send("GET", "/collections").body
    bench.wait(10)
    #expect(bench.send("GET", "/collections").body["result"] == atBarrier["result"])
  }

  @Test func `A lost leader is followed by another one, and what it was sent is lost`() {
    var bench = Self.withCollection()
    bench.cluster.kill(0, now: bench.now)
    let patch = bench.send("PATCH", "/collections/c?timeout=5", ["metadata": ["a": 1]], at: 1)
    #expect(patch.status == 500)
    #expect(bench.send("PATCH", "/collections/c", ["metadata": ["b": 1]], at: 1).status == 200)
    bench.cluster.restart(0, now: bench.now)
    bench.wait(1)
    for peer in 0..<3 { #expect(bench.config(at: peer)?["metadata"] == ["b": 1]) }
  }

  @Test func `A shard key is made, copied to another peer, dropped there and deleted`() {
    var bench = Self.withCollection(["sharding_method": "custom"])
    let key: JSONValue = ["shard_key": "k", "placement": [11]]
    #expect(bench.send("PUT", "/collections/c/shards", key).status == 200)
    let way: JSONValue = ["shard_id": 1, "from_peer_id": 11, "to_peer_id": 12]
    let copy = bench.send("POST", "/collections/c/cluster", ["replicate_shard": way], at: 2)
    #expect(copy.status == 200)
    bench.wait(1)
    let shown = bench.send("GET", "/collections/c/cluster", at: 1).body["result"]
    #expect(shown?["local_shards"]?.array?.first?["state"] == "Active")
    #expect(shown?["remote_shards"]?.array?.count == 1)
    let drop: JSONValue = ["drop_replica": ["shard_id": 1, "peer_id": 11]]
    #expect(bench.send("POST", "/collections/c/cluster", drop).status == 200)
    let last: JSONValue = ["drop_replica": ["shard_id": 1, "peer_id": 12]]
    #expect(bench.send("POST", "/collections/c/cluster", last).status == 400)
    #expect(bench.send("POST", "/collections/c/shards/delete", ["shard_key": "k"]).status == 200)
    let keys = bench.send("GET", "/collections/c/shards").body["result"]
    #expect(keys == ["shard_keys": []])
  }

  @Test func `What is asked of a lost peer is refused, and of a paused one never answered`() {
    var bench = Self.withCollection()
    bench.cluster.kill(2, now: bench.now)
    let request = SimulatedRequest(method: "GET", target: "/collections")
    #expect(bench.cluster.exchange(request, at: 2, now: bench.now).outcome == .refused)
    #expect(bench.send("GET", "/collections/c").status == 500)
    bench.cluster.restart(2, now: bench.now)
    bench.cluster.pause(2, now: bench.now)
    #expect(bench.cluster.exchange(request, at: 2, now: bench.now).outcome == .silence)
    bench.cluster.resume(2, now: bench.now)
    #expect(bench.send("GET", "/collections/c").status == 200)
  }

  @Test func `Points that were written while a peer was away are there when it is back`() {
    var bench = Self.withCollection(["replication_factor": 3, "shard_number": 1])
    bench.cluster.kill(2, now: bench.now)
    let points: JSONValue = ["points": [["id": 1, "vector": [1, 2, 3, 4]]]]
    #expect(bench.send("PUT", "/collections/c/points?wait=true", points).status == 200)
    bench.cluster.restart(2, now: bench.now)
    bench.wait(2)
    let count = bench.send("POST", "/collections/c/points/count", [:], at: 2)
    #expect(count.body["result"]?["count"] == 1)
    #expect(bench.cluster.isAtRest)
  }

  @Test func `The same seed gives the same cluster`() {
    func picture(_ seed: UInt64) -> [JSONValue] {
      var bench = Bench(seed: seed)
      bench.send("PUT", "/collections/c", ["vectors": [:], "shard_number": 6])
      bench.send("PATCH", "/collections/c", ["metadata": ["a": 1]], at: 2)
      return (0..<3).map { bench.send("GET", "/collections/c/cluster", at: $0).body }
    }
    #expect(picture(5) == picture(5))
    #expect(picture(5) != picture(6))
  }
}
