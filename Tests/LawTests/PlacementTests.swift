import Execution
import InProcessTransport
import JSON
import LawBench
import Planning
import QdrantProvider
import ResourceModel
import SimulatedQdrant
import Testing

/// How copies of shards come to be where they are to be, and what is refused, on three peers.
@Suite struct PlacementTests {
  private static func manifest(
    _ factor: Int?, shards: Int = 3, keys: [DesiredResource] = []
  ) -> DesiredResource {
    let random = RandomCollections(seed: 0)
    let rows = random.schema.kinds[.collection]?.rows ?? []
    func field(_ path: FieldPath, _ value: JSONValue) -> DesiredField {
      random.field(path, rows.firstIndex { $0.path.fixedPath == path } ?? 0, value)
    }
    var collection = DesiredResource(
      address: .collection("p", cluster: "c"), span: RandomCollections.span,
      fields: [field(FieldPath("shard_number"), .integer(shards))])
    if let factor { collection.fields.append(field(.replicationFactor, .integer(factor))) }
    if !keys.isEmpty {
      collection.fields.append(field(FieldPath("sharding_method"), "custom"))
      collection.children = keys
      collection.listedChildren[.shardKey] = RandomCollections.span
    }
    collection.fields.sort { $0.path < $1.path }
    return collection
  }

  private static func key(_ fields: [(FieldPath, JSONValue)]) -> DesiredResource {
    let random = RandomCollections(seed: 0)
    let rows = random.schema.kinds[.shardKey]?.rows ?? []
    let address = ResourceAddress(kind: .shardKey, collection: "p", name: "\"k\"", cluster: "c")
    return DesiredResource(
      address: address, span: RandomCollections.span,
      fields: fields.map { path, value in
        random.field(path, rows.firstIndex { $0.path.fixedPath == path } ?? 0, value)
      }.sorted { $0.path < $1.path })
  }

  @discardableResult
  private func apply(_ manifest: DesiredResource, on bench: Bench) async throws -> [Step] {
    let plan = try await bench.plan([manifest])
    try #require(plan.refusals.isEmpty, "\(plan.refusals)")
    let (end, _) = await bench.apply(plan.steps)
    try #require(end == .applied, "\(end)")
    return plan.steps
  }

  private func isMade(_ step: Step) -> Bool {
    step.address.kind == .replica && step.operation.action == .create
  }

  @Test(arguments: 0..<3)
  func `Raising and lowering the number makes and drops copies, and loses no point`(
    asked: Int
  ) async throws {
    let cluster = ClusterBench(seed: 4, asked: asked)
    let bench = cluster.bench
    try await apply(Self.manifest(1), on: bench)
    try await cluster.write(50, to: "p")
    let raised = try await apply(Self.manifest(3), on: bench)
    #expect(raised.count { isMade($0) } == 6)
    #expect(raised[0].operation.fields.map(\.path) == [.replicationFactor])
    let lowered = try await apply(Self.manifest(2), on: bench)
    let dropped = lowered.filter { $0.address.kind == .replica }
    #expect(dropped.allSatisfy { $0.operation.action == .delete && $0.stepClass == .rebuild })
    #expect(dropped.count == 3)
    let shards = try await cluster.placement("p")?.shards ?? []
    #expect(shards.map(\.replicas.count) == [2, 2, 2])
    for peer in ClusterBench.peers {
      #expect(shards.flatMap(\.replicas).count { $0.peer == peer } == 2, "evenly spread")
    }
    #expect(try await bench.provider.countPoints(in: "p") == 50)
    #expect(try await bench.plan([Self.manifest(2)]).isEmpty)
    #expect(try await bench.plan([Self.manifest(nil)]).steps.count { isMade($0) } == 0)
  }

  @Test func `More copies than peers are refused with their place, and drift calls it unchecked`()
    async throws
  {
    let bench = ClusterBench(seed: 1).bench
    for manifest in [
      Self.manifest(4),
      Self.manifest(1, keys: [Self.key([(.replicationFactor, 4)])]),
      Self.manifest(1, keys: [Self.key([(.replicationFactor, 2), (.placement, [11])])]),
      Self.manifest(2, keys: [Self.key([(.placement, [13])])]),
    ] {
      let plan = try await bench.plan([manifest])
      let refusal = try #require(plan.refusals.first)
      #expect(plan.refusals.count == 1)
      #expect(refusal.code == "R207" && refusal.position == Bench.place && refusal.hint != nil)
    }
    let stranger = Self.manifest(1, keys: [Self.key([(.placement, [99])])])
    #expect(try await bench.plan([stranger]).refusals.map(\.code) == ["R208"])
    try await apply(Self.manifest(3), on: bench)
    let report = DriftFinder(schema: bench.schema, locate: { _ in nil }).report(
      bench.state([Self.manifest(4)]),
      readings: ["c": .observed(try await bench.observe(), endpoint: "here")])
    #expect(report.entries.map(\.state) == [.unchecked] && report.inSync.isEmpty)
  }

  @Test func `A shard key goes to its wanted peers first, and leaves the others then`()
    async throws
  {
    let cluster = ClusterBench(seed: 9, asked: 1)
    let start = Self.manifest(1, keys: [Self.key([(.placement, [11, 12]), (.shardsNumber, 2)])])
    try await apply(start, on: cluster.bench)
    try await cluster.write(20, to: "p", key: "k")
    let moved = Self.manifest(1, keys: [Self.key([(.placement, [13])])])
    let steps = try await apply(moved, on: cluster.bench).filter { $0.address.kind == .replica }
    #expect(steps.map(\.operation.action) == [.create, .create, .delete, .delete])
    let shards = try await cluster.placement("p")?.shards ?? []
    #expect(shards.allSatisfy { $0.replicas.map(\.peer) == [13] } && shards.count == 2)
    #expect(try await cluster.bench.provider.countPoints(in: "p") == 20)
    let key = ResourceAddress(kind: .shardKey, collection: "p", name: "\"k\"", cluster: "c")
    #expect(try await cluster.bench.provider.countPoints(of: key) == 20)
    let fewer = Self.manifest(1, keys: [Self.key([(.shardsNumber, 3)])])
    #expect(try await cluster.bench.plan([fewer]).refusals.map(\.code) == ["R305"])
  }

  @Test func `A dead copy is replaced where a peer is free, and waited for where none is`()
    async throws
  {
    let cluster = ClusterBench(seed: 2)
    let bench = cluster.bench
    try await apply(Self.manifest(2, shards: 1), on: bench)
    let holders = try await cluster.placement("p")?.shards[0].replicas.map(\.peer) ?? []
    let lost = try #require((1...2).first { holders.contains(ClusterBench.peers[$0]) })
    cluster.cluster.kill(lost, now: cluster.now)
    try await cluster.wait(5)
    try await cluster.write(5, to: "p")
    try await cluster.wait(1)
    let states = try await cluster.placement("p")?.shards[0].replicas.map(\.state) ?? []
    try #require(states.sorted() == ["Active", "Dead"])
    let waiting = try await bench.plan([Self.manifest(3, shards: 1)])
    #expect(waiting.refusals.map(\.code) == ["R306"])
    let steps = try await apply(Self.manifest(2, shards: 1), on: bench)
    #expect(steps.map(\.operation.action) == [.create])
    cluster.cluster.restart(lost, now: cluster.now)
    try await cluster.wait(5)
    let surplus = try await apply(Self.manifest(2, shards: 1), on: bench)
    #expect(surplus.map(\.operation.action) == [.delete])
    #expect(try await bench.plan([Self.manifest(2, shards: 1)]).isEmpty)
    #expect(try await bench.provider.countPoints(in: "p") == 5)
  }

  /// A key on the asked peer that is to have a second copy, for which peer 12 comes first.
  private static func first(_ peers: [JSONValue] = [11], _ factor: Int = 1) -> DesiredResource {
    manifest(
      1,
      keys: [
        key([
          (.placement, .array(peers)), (.shardsNumber, 1), (.replicationFactor, .integer(factor)),
        ])
      ])
  }

  @Test func `A copy does not go to a peer that the leader cannot reach`() async throws {
    let cluster = ClusterBench(seed: 9)
    let bench = cluster.bench
    try await apply(Self.first(), on: bench)
    let whole = try await bench.plan([Self.first([11, 12, 13], 2)])
    try #require(whole.steps.filter(isMade).map(\.address.name) == ["1/12"], "it is reachable")
    cluster.cluster.kill(1, now: cluster.now)
    try await cluster.wait(5)
    #expect(try await bench.observe().silent == SilentPeers([12], areSure: true))
    let plan = try await bench.plan([Self.first([11, 12, 13], 2)])
    #expect(plan.steps.filter(isMade).map(\.address.name) == ["1/13"] && plan.warnings.isEmpty)
    for target in [Self.first([12]), Self.first([11, 12], 2), Self.first([11, 12, 13], 3)] {
      let refused = try await bench.plan([target]).refusals
      #expect(refused.map(\.code) == ["R308"] && refused.first?.position == Bench.place)
      #expect(refused.first?.message.contains("cannot reach peer 12") ?? false)
    }
    try await apply(Self.first([11, 12, 13], 2), on: bench)
    cluster.cluster.restart(1, now: cluster.now)
    try await cluster.wait(5)
    #expect(try await bench.observe().silent.peers == [])
    try await apply(Self.first([11, 12, 13], 3), on: bench)
    #expect(try await bench.plan([Self.first([11, 12, 13], 3)]).isEmpty)
  }

  /// Nobody wrote since peer 12 is gone, so that its copies are called active.
  @Test func `No copy is made of one that is lost, and none that is not is dropped for it`()
    async throws
  {
    let cluster = ClusterBench(seed: 9)
    let bench = cluster.bench
    try await apply(Self.first([12, 13], 2), on: bench)
    cluster.cluster.kill(1, now: cluster.now)
    try await cluster.wait(5)
    let made = try await bench.plan([Self.first([11, 12, 13], 3)]).steps.filter(isMade)
    #expect(made.map(\.address.name) == ["1/11"])
    #expect(made.first?.note == "copies shard 1 from peer 13")
    #expect(try await bench.plan([Self.first([12])]).refusals.map(\.code) == ["R309"])
    try await apply(Self.first([12, 13]), on: bench)
    #expect(try await cluster.placement("p")?.shards.first?.replicas.map(\.peer) == [13])
    cluster.cluster.restart(1, now: cluster.now)
    try await cluster.wait(5)
    try await apply(Self.first([12]), on: bench)
    cluster.cluster.kill(1, now: cluster.now)
    try await cluster.wait(5)
    // What no peer that answers has a copy of cannot be read, so that nothing is planned for it.
    let plan = try await bench.plan([Self.first([12, 13], 2)])
    #expect(plan.unchecked.map(\.collection) == ["p"] && plan.steps.isEmpty)
  }

  /// A peer that does not lead knows nothing of one that is gone, but for its dead copies.
  @Test func `A copy does not go to a peer with dead copies while another can take it`()
    async throws
  {
    let cluster = ClusterBench(seed: 9, asked: 2)
    let bench = cluster.bench
    try await apply(Self.first(), on: bench)
    var beside = Self.manifest(3, shards: 1)
    beside.address = .collection("q", cluster: "c")
    try await apply(beside, on: bench)
    cluster.cluster.kill(1, now: cluster.now)
    try await cluster.wait(5)
    try await cluster.write(5, to: "q")
    try await cluster.wait(1)
    try #require(await bench.observe().silent == SilentPeers())
    let plan = try await bench.plan([Self.first([11, 12, 13], 2)])
    #expect(plan.steps.filter(isMade).map(\.address.name) == ["1/13"], "\(plan.steps)")
    #expect(plan.warnings.isEmpty)
    let doubtful = try await bench.plan([Self.first([11, 12], 2)])
    #expect(doubtful.warnings.map(\.code) == ["W105"] && doubtful.refusals.isEmpty)
    #expect(doubtful.steps.filter(isMade).map(\.address.name) == ["1/12"])
  }

  /// A peer that a copy is made on is away when the copy begins, and comes back later.
  @Test(arguments: UInt64(0)..<8)
  func `A copy to a lost peer is waited for until the peer is back`(seed: UInt64) async throws {
    let asked = Int(seed % 3)
    let cluster = HealingCluster(seed: seed, asked: asked)
    let bench = cluster.bench
    try await apply(Self.manifest(1, shards: 1), on: bench)
    let holder = try await cluster.base.placement("p")?.shards[0].replicas.first?.peer
    let lost = try #require((0..<3).first { $0 != asked && ClusterBench.peers[$0] != holder })
    let plan = try await bench.plan([Self.manifest(3, shards: 1)])
    let end = cluster.base.now + 40
    cluster.lose(lost, until: end)
    let (outcome, _) = await bench.apply(plan.steps)
    #expect(outcome == .applied, "\(outcome)")
    #expect(cluster.base.now > end)
    #expect(try await bench.plan([Self.manifest(3, shards: 1)]).isEmpty)
  }

  /// A copy that never becomes active fails its step, and all goes back.
  @Test func `A copy that does not come about in time is taken back`() async throws {
    let cluster = ClusterBench(seed: 3)
    try await apply(Self.manifest(1, shards: 1), on: cluster.bench)
    let before = try await cluster.bench.picture()
    var steps = try await cluster.bench.plan([Self.manifest(3, shards: 1)]).steps
    let holder = try await cluster.placement("p")?.shards[0].replicas.first?.peer
    let lost = holder == ClusterBench.peers[1] ? 2 : 1
    cluster.cluster.kill(lost, now: cluster.now)
    for index in steps.indices {
      steps[index].gates = steps[index].gates.map { Gate($0.condition, timeout: .seconds(30)) }
    }
    let (end, _) = await cluster.bench.apply(steps)
    #expect(end.state == .rolledBack && end.cause(.gate) != nil, "\(end)")
    #expect(try await cluster.bench.picture() == before)
  }

  @Test(arguments: [
    Fault.dropAfterApply, .dropBeforeApply, .lateApply(seconds: 3), .neverApply,
    .applyThenStatus(500), .duplicate(times: 2),
  ])
  func `A copy whose request got no good answer is made once`(fault: Fault) async throws {
    let cluster = ClusterBench(seed: 6)
    try await apply(Self.manifest(1, shards: 1), on: cluster.bench)
    let plan = try await cluster.bench.plan([Self.manifest(2, shards: 1)])
    let matcher = FaultMatcher(methods: ["POST"], path: "/collections/p/cluster")
    cluster.cluster.setFaults(FaultScript([FaultRule(matcher, fault)]), at: 0)
    let (end, _) = await cluster.bench.apply(plan.steps)
    #expect(end == .applied, "\(end)")
    let shards = try await cluster.placement("p")?.shards ?? []
    #expect(shards.map(\.replicas.count) == [2])
    let rest = try await cluster.bench.plan([Self.manifest(2, shards: 1)])
    #expect(rest.isEmpty, "\(rest.steps.map(\.operation)) \(rest.refusals)")
  }

  @Test func `A placement that cannot be read is unchecked, and never in sync`() async throws {
    for answer in ["{\"result\":{\"peer_id\":11}}", "no JSON"] {
      let cluster = ClusterBench(seed: 5) { inner, _ in Blind(inner: inner, answer: answer) }
      try await apply(Self.manifest(2), on: cluster.bench)
      let plan = try await cluster.bench.plan([Self.manifest(2)])
      #expect(plan.unchecked.map(\.collection) == ["p"])
      let report = DriftFinder(schema: cluster.bench.schema, locate: { _ in nil }).report(
        cluster.bench.state([Self.manifest(2)]),
        readings: ["c": .observed(try await cluster.bench.observe(), endpoint: "here")])
      #expect(report.entries.map(\.state) == [.unchecked] && report.inSync.isEmpty)
    }
  }
}

/// Answers wrongly where the shards of a collection lie.
private struct Blind: SimulatedEndpoint {
  let inner: any SimulatedEndpoint
  let answer: String

  func exchange(_ request: SimulatedRequest, now: Double) -> FaultedExchange {
    guard request.method == "GET", request.target.hasSuffix("/cluster"),
      request.target.hasPrefix("/collections/")
    else { return inner.exchange(request, now: now) }
    var response = SimulatedResponse(status: 200)
    response.contentType = "application/json"
    response.body = Array(answer.utf8)
    return FaultedExchange(outcome: .answered(response, .whole))
  }
}
