import InProcessTransport
import JSON
import QdrantProvider
import ResourceModel
import SimulatedQdrant
import TestSupport
import Transport

/// Three simulated peers, one of which is asked.
package struct ClusterBench {
  package static let peers: [UInt64] = [11, 12, 13]

  package let cluster: InMemoryCluster
  package let bench: Bench
  /// The place of the peer that is asked.
  package let asked: Int

  /// - Parameter wrap: what stands between the client and the asked peer.
  package init(
    seed: UInt64, asked: Int = 0,
    wrap: (any SimulatedEndpoint, InMemoryCluster) -> any SimulatedEndpoint = { inner, _ in inner }
  ) {
    let settings = SimulatedSettings(version: .v1_18_3, environment: [:])
    var simulated = SimulatedCluster(settings: settings, peers: Self.peers, seed: seed)
    // Every change shows late at the peers that were not asked.
    simulated.timing.lag = 0.05...0.4
    simulated.timing.longLag = 0.5...1.5
    cluster = InMemoryCluster(simulated)
    self.asked = asked
    bench = Bench(
      wrap(cluster.endpoint(of: asked), cluster),
      identity: ClusterIdentity(
        version: ServerVersion(1, 18, 3), isDistributed: true, peers: Self.peers.map(String.init),
        consensus: "working"))
  }

  package var now: Double { bench.clock.transportTime.now() }

  /// Lets time pass.
  package func wait(_ seconds: Int) async throws {
    try await bench.clock.sleep(
      until: bench.clock.now.advanced(by: .seconds(seconds)), tolerance: nil)
    cluster.settle(now: now)
  }

  /// Writes points, numbered from 1, under a shard key or spread by their numbers.
  package func write(_ count: Int, to name: String, key: JSONValue? = nil) async throws {
    let points = (1...count).map { number -> JSONValue in
      ["id": .integer(number), "vector": [:], "payload": ["n": .integer(number)]]
    }
    var body: JSONObject = ["points": .array(points)]
    if let key { body["shard_key"] = key }
    try await send("PUT", "/collections/\(name)/points?wait=true", .object(body))
  }

  /// A request of somebody else, past the tool, to the peer that is asked.
  package func send(_ method: String, _ target: String, _ body: JSONValue) async throws {
    let request = HTTPRequest(
      method: method, target: target, body: body.bytes(), effect: .mutation,
      timeout: .seconds(60))
    _ = try await bench.transport.send(request)
  }

  /// Where the shards of a collection lie now.
  package func placement(_ name: String) async throws -> ObservedPlacement? {
    try await bench.provider.observe(collection: ExactString(name), withPlacement: true)?.placement
  }
}

extension RandomCollections {
  /// What a cluster can hold: no more copies than peers, and shard keys where they may be.
  package mutating func spread(
    _ collection: DesiredResource, copies: ClosedRange<Int>, like other: DesiredResource? = nil
  ) -> DesiredResource {
    var collection = collection
    for index in collection.fields.indices
    where collection.fields[index].path == .replicationFactor {
      collection.fields[index].value = .integer(Int.random(in: copies, using: &random))
    }
    if collection.field(.replicationFactor) == nil, copies.lowerBound > 1 || random.chance(0.3) {
      let row = schema.kinds[.collection]?.rows.firstIndex {
        $0.path.fixedPath == .replicationFactor
      }
      let factor = JSONValue.integer(Int.random(in: copies, using: &random))
      collection.fields.append(field(.replicationFactor, row ?? 0, factor))
      collection.fields.sort { $0.path < $1.path }
    }
    let method = collection.field(FieldPath("sharding_method"))?.value
    guard method == "custom" else { return collection }
    let factor = collection.field(.replicationFactor)?.value.integer ?? copies.lowerBound
    for key in ["\"eu\"", "\"us\"", "7"] {
      let former = other?.children.first { child in
        child.address.kind == .shardKey && child.address.name == ExactString(key)
      }
      guard former != nil || random.chance(0.5) else { continue }
      var address = collection.address
      address.kind = .shardKey
      address.name = ExactString(key)
      var resource = DesiredResource(address: address, span: RandomCollections.span)
      resource.fields = shardKeyFields(factor, copies, former)
      collection.children.append(resource)
    }
    collection.children.sort { $0.address < $1.address }
    collection.listedChildren[.shardKey] = RandomCollections.span
    return collection
  }

  private mutating func shardKeyFields(
    _ inherited: Int, _ copies: ClosedRange<Int>, _ former: DesiredResource?
  ) -> [DesiredField] {
    let rows = schema.kinds[.shardKey]?.rows ?? []
    func row(_ path: FieldPath) -> Int { rows.firstIndex { $0.path.fixedPath == path } ?? 0 }
    var fields: [DesiredField] = []
    if let shards = former?.field(.shardsNumber) {
      fields.append(shards)
    } else if former == nil, random.chance(0.5) {
      let number = Int.random(in: 1...3, using: &random)
      fields.append(field(.shardsNumber, row(.shardsNumber), .integer(number)))
    }
    var factor = inherited
    if random.chance(0.5) {
      factor = Int.random(in: copies, using: &random)
      fields.append(field(.replicationFactor, row(.replicationFactor), .integer(factor)))
    }
    if random.chance(0.4) {
      let peers = ClusterBench.peers
      let count = Int.random(in: factor...peers.count, using: &random)
      let chosen = peers.shuffled(using: &random).prefix(count).map { JSONValue.peer($0) }
      fields.append(field(.placement, row(.placement), .array(chosen)))
    }
    return fields.sorted { $0.path < $1.path }
  }
}
