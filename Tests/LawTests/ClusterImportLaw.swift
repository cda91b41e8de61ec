import Diagnostics
import Execution
import Foundation
import JSON
import LawBench
import Manifests
import Planning
import QdrantSchema
import ResourceModel
import Testing

/// What was imported of three peers asks for nothing but what is there, wherever the shards lie.
@Suite struct ClusterImportLaw {
  /// `QR_IMPORTS=1000` for more seeds than the usual ones.
  private static let seeds =
    ProcessInfo.processInfo.environment["QR_IMPORTS"].flatMap { UInt64($0) } ?? 30

  /// A plan without a step but those that write marks.
  private func expectEmpty(
    _ state: DesiredState, on bench: Bench, _ seed: UInt64, _ texts: [String]
  ) async throws {
    let plan = try await bench.plan(state.collections)
    try #require(plan.refusals.isEmpty, "seed \(seed): \(plan.refusals)")
    let changes = plan.steps.filter { $0.phase != .mark }
    try #require(changes.isEmpty, "seed \(seed): \(changes.map(\.operation)) \(texts)")
  }

  @Test(arguments: [false, true])
  func `Importing three peers, and planning it, changes no field, key, index, alias or copy`(
    makesClasses: Bool
  ) async throws {
    var keys = 0
    var ownNumbers = 0
    for seed in 0..<ClusterImportLaw.seeds {
      let bench = ClusterBench(seed: seed, asked: Int(seed % 3)).bench
      let (first, second) = PlacementLaws.pair(seed: seed)
      // Also what a change has left: copies that were made and dropped.
      for state in seed % 2 == 0 ? [first] : [first, second] {
        let made = await bench.apply(try await bench.plan(state).steps).outcome
        try #require(made == .applied, "seed \(seed): \(made)")
      }
      let result = try ImportedManifests(try await bench.observe(), makesClasses: makesClasses)
      try #require(result.warnings.isEmpty, "seed \(seed): \(result.warnings)")
      try await expectEmpty(result.state, on: bench, seed, result.files.map(\.text))
      let children = result.state.collections.flatMap(\.children).filter {
        $0.address.kind == .shardKey
      }
      keys += children.count
      ownNumbers += children.count { !$0.fields.isEmpty }
    }
    #expect(keys > 5 && ownNumbers > 2, "\(keys) shard keys, \(ownNumbers) with own numbers")
  }

  @Test func `Shards with unequal copies are imported without the number, and it is said`()
    async throws
  {
    let cluster = ClusterBench(seed: 9)
    let bench = cluster.bench
    var random = RandomCollections(seed: 0)
    var made = random.collection("p")
    let rows = random.schema.kinds[.collection]?.rows ?? []
    made.fields = [(FieldPath("shard_number"), 3), (.replicationFactor, 2)].map { path, number in
      DesiredField(
        path: path, value: .integer(number),
        row: rows.firstIndex { $0.path.fixedPath == path } ?? 0,
        provenance: Provenance(RandomCollections.span))
    }.sorted { $0.path < $1.path }
    made.elements = []
    made.children = []
    made.lifecycle = Lifecycle()
    let end = await bench.apply(try await bench.plan([made]).steps).outcome
    try #require(end == .applied, "\(end)")
    let shard = try #require(try await cluster.placement("p")?.shards.first)
    let drop: JSONValue = [
      "drop_replica": [
        "shard_id": .integer(Int(shard.id)), "peer_id": .peer(shard.replicas[0].peer),
      ]
    ]
    try await cluster.send("POST", "/collections/p/cluster", drop)
    try await cluster.wait(5)
    let result = try ImportedManifests(try await bench.observe())
    #expect(
      result.warnings == [
        "p: no manifest can say replication_factor = 2, since shards have 1, 2 copies"
      ])
    try await expectEmpty(result.state, on: bench, 9, result.files.map(\.text))
  }
}
