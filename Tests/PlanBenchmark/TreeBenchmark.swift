import Diagnostics
import Foundation
import JSON
import Manifests
import Planning
import QdrantSchema
import ResourceModel

/// Figures for a hierarchy of many leaves: loading it, and planning it against nothing.
struct TreeBenchmark {
  let leaves: Int

  /// A hundred corpora a domain, with a class, an environment's overlay and a tenant level.
  private var text: String {
    var text = """
      kind: Cluster
      name: here
      url: http://127.0.0.1:6333
      ---
      kind: Environment
      name: prod
      variables: {m: 24}
      overlays:
        - match: {name: "*.c1*"}
          set: {hnsw_config: {m: "${m}"}}
      ---
      kind: Class
      name: base
      vectors:
        dense: {size: 768, distance: Cosine, on_disk: true}
      hnsw_config: {m: 16, ef_construct: 200}
      quantization_config:
        scalar: {type: int8, always_ram: true}
      on_disk_payload: true
      ---
      kind: Hierarchy
      name: documents
      levels:
        - {name: domain, place: name, pattern: "[a-z][a-z0-9-]{1,30}"}
        - {name: corpus, place: name, pattern: "[a-z][a-z0-9-]{1,30}"}
        - {name: tenant, place: payload, field: tenant_id}
      names: {collection: "{domain}.{corpus}", alias: "{domain}.{corpus}.current"}
      class: base
      tree:

      """
    for domain in 0..<max(1, leaves / 100) {
      text += "  d\(domain):\n    metadata: {team: team-\(domain % 20)}\n"
      for corpus in 0..<100 { text += "    c\(corpus): {replication_factor: 1}\n" }
    }
    return text
  }

  func run() async throws {
    print("a hierarchy of \(leaves) leaves")
    let text = text
    let (loading, result) = await Measure.cost {
      ManifestLoader.load(
        sources: [MemorySource(text)], schema: QdrantResources.schema,
        rules: QdrantResources.rules, environment: "prod")
    }
    guard let state = result.state, state.collections.count == leaves else {
      preconditionFailure("the generated hierarchy is valid: \(result.report.text())")
    }
    print("  loading and expanding             \(loading.text)")
    let empty = ObservedCluster(identity: ClusterIdentity(version: ServerVersion(1, 18, 3)))
    let (planning, plan) = await Measure.cost {
      Planner(schema: QdrantResources.schema, locate: { _ in nil }).plan(
        state, readings: ["here": .observed(empty, endpoint: "here")])
    }
    precondition(plan.totals.add > 0, "everything is to be made")
    print("  planning that all are made        \(planning.text)")
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    print(String(format: "  peak memory of both: %.1f MiB\n", Double(usage.ru_maxrss) / 1024))
  }
}
