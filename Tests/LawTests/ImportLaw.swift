import Diagnostics
import Execution
import Foundation
import JSON
import LawBench
import Manifests
import Planning
import QdrantSchema
import ResourceModel
import TestSupport
import Testing

/// What was imported asks for nothing but what is there.
@Suite struct ImportLaw {
  /// `QR_IMPORTS=1000` for more seeds than the usual ones.
  private static let seeds =
    ProcessInfo.processInfo.environment["QR_IMPORTS"].flatMap { UInt64($0) } ?? 30

  /// A collection is adopted by writing the ownership mark, which is all that may be left to do;
  /// after that there is nothing.
  @Test func `Importing what is live, and planning it, changes no field`() async throws {
    for seed in 0..<ImportLaw.seeds {
      let (first, _) = ConvergenceLaws.pair(seed: seed)
      let bench = Bench()
      let made = await bench.apply(try await bench.plan(first).steps).outcome
      try #require(made == .applied, "seed \(seed): \(made)")
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
}
