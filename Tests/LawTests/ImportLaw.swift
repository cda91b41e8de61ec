import Diagnostics
import Execution
import Foundation
import JSON
import LawBench
import Manifests
import Planning
import QdrantProvider
import QdrantSchema
import ResourceModel
import TestSupport
import Testing

/// What was imported asks for nothing but what is there.
@Suite struct ImportLaw {
  /// `QR_IMPORTS=1000` for more seeds than the usual ones.
  private static let seeds =
    ProcessInfo.processInfo.environment["QR_IMPORTS"].flatMap { UInt64($0) } ?? 30

  @Test func `Importing what nobody managed, and planning it, is empty`() async throws {
    for seed in 0..<ImportLaw.seeds {
      let (bench, state) = try await ImportLaw.imported(seed: seed, isManaged: false)
      let plan = try await bench.plan(state.collections)
      try #require(plan.refusals.isEmpty, "seed \(seed): \(plan.refusals)")
      try #require(plan.isEmpty, "seed \(seed): \(plan.steps.map(\.operation))")
      try #require(plan.unmarked == state.collections.map(\.address), "seed \(seed)")
      // Adopting is asked for, and writes marks only.
      var options = PlanOptions()
      options.adopts = true
      let adoption = try await bench.plan(state.collections, options)
      try #require(adoption.steps.count == state.collections.count, "seed \(seed)")
      try #require(adoption.steps.allSatisfy { $0.phase == .mark }, "seed \(seed)")
    }
  }

  /// What is mentioned stands in the mark of a collection that is ours, and an import mentions all.
  @Test func `Importing what is ours, and planning it, writes marks and nothing else`()
    async throws
  {
    for seed in 0..<ImportLaw.seeds {
      let (bench, state) = try await ImportLaw.imported(seed: seed, isManaged: true)
      let plan = try await bench.plan(state.collections)
      try #require(plan.refusals.isEmpty, "seed \(seed): \(plan.refusals)")
      let changes = plan.steps.filter { $0.phase != .mark }
      try #require(changes.isEmpty, "seed \(seed): \(changes.map(\.operation))")
      let adopted = await bench.apply(plan.steps).outcome
      try #require(adopted == .applied, "seed \(seed): \(adopted)")
      let rest = try await bench.plan(state.collections)
      try #require(rest.isEmpty, "seed \(seed): \(rest.steps.map(\.operation))")
    }
  }

  /// A generated cluster and the manifests that its import wrote, read back.
  private static func imported(
    seed: UInt64, isManaged: Bool
  ) async throws -> (Bench, DesiredState) {
    let (first, _) = ConvergenceLaws.pair(seed: seed)
    let bench = Bench()
    let made = await bench.apply(try await bench.plan(first).steps).outcome
    try #require(made == .applied, "seed \(seed): \(made)")
    for collection in first where !isManaged {
      let removal = Operation(.update, collection.address, removesMark: true)
      _ = try await bench.provider.perform(removal, run: "r0", step: "s0")
    }
    let observed = try await bench.observe()
    let imported = ImportedCluster(
      observed, cluster: "c", head: "kind: Cluster\nname: c\nurl: http://127.0.0.1:6333\n",
      schema: QdrantResources.schema, rules: QdrantResources.rules)
    try #require(imported.warnings.isEmpty, "seed \(seed): \(imported.warnings)")
    try #require(imported.files.count == 3)
    let texts = imported.files.map { (path: $0.name, bytes: Array($0.text.utf8)) }
    let loaded = ManifestLoader.load(
      sources: [MemorySource(texts)], schema: QdrantResources.schema,
      rules: QdrantResources.rules)
    let state = try #require(loaded.state, "seed \(seed): \(loaded.report.text())")
    return (bench, state)
  }
}
