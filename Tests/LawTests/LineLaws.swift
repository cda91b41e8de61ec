import Diagnostics
import Execution
import LawBench
import Manifests
import Planning
import QdrantSchema
import ResourceModel
import SimulatedQdrant
import Testing

/// Manifests over every row that a standalone server of a line can hold, on each of the lines.
@Suite struct LineLaws {
  @Test(arguments: ServerLine.allCases)
  func `What was applied to a line is in effect, and the next plan is empty`(
    line: ServerLine
  ) async throws {
    var steps = 0
    for seed in UInt64(0)..<60 {
      let (first, second) = ConvergenceLaws.pair(seed: seed, version: line.version)
      let bench = Bench(line)
      for state in [first, second] {
        let plan = try await bench.plan(state)
        try #require(plan.refusals.isEmpty, "seed \(seed): \(plan.refusals)")
        let (outcome, _) = await bench.apply(plan.steps)
        try #require(outcome == .applied, "seed \(seed): \(outcome)")
        let rest = try await bench.plan(state)
        try #require(rest.isEmpty, "seed \(seed): \(rest.steps.map(\.operation))")
        steps += plan.steps.count
      }
    }
    #expect(steps > 300)
  }

  @Test func `An index waits for the shard keys of its plan`() throws {
    let loaded = ManifestLoader.load(
      sources: [MemorySource(LineLaws.keyed + "shard_keys: [eu, us]\n")],
      schema: QdrantResources.schema)
    let state = try #require(loaded.state, "\(loaded.report.text())")
    let identity = ClusterIdentity(
      version: ServerVersion(1, 16, 3), isDistributed: true, peers: ["1", "2"])
    let plan = Planner(schema: QdrantResources.schema, locate: { _ in nil }).plan(
      state, readings: ["c": .observed(ObservedCluster(identity: identity), endpoint: "here")])
    #expect(plan.refusals.isEmpty, "\(plan.refusals)")
    let keys = plan.steps.filter { $0.address.kind == .shardKey }.map(\.id)
    let index = try #require(plan.steps.first { $0.address.kind == .index })
    #expect(keys.count == 2 && Set(keys).isSubset(of: index.needs))
  }

  private static let keyed = """
    kind: Cluster
    name: c
    url: http://127.0.0.1:6333
    ---
    kind: Collection
    name: one
    vectors: {size: 4, distance: Dot}
    sharding_method: custom
    payload_indexes: {city: keyword}

    """

  /// Recorded in `indexes/custom-sharding-without-keys`: 400 before 1.17.
  @Test(arguments: ServerLine.allCases)
  func `An index without a shard key is refused where the server would refuse it`(
    line: ServerLine
  ) async throws {
    let loaded = ManifestLoader.load(
      sources: [MemorySource(LineLaws.keyed)], schema: QdrantResources.schema)
    let state = try #require(loaded.state, "\(loaded.report.text())")
    let bench = Bench(line)
    let plan = try await bench.plan(state.collections)
    let isEarly = line.version < ServerVersion(1, 17, 0)
    #expect(plan.refusals.map(\.code) == (isEarly ? ["R307"] : []))
    let (outcome, _) = await bench.apply(plan.steps)
    #expect(outcome == .applied, "what is not refused is applied: \(outcome)")
  }
}
