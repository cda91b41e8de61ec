import Commands
import JSON
import Testing

/// Who changed what: a merge is no alarm of a schedule, a change behind its back is one.
@Suite struct CauseTests {
  private static func collection(_ more: String) -> String {
    """
    kind: Collection
    name: c
    vectors: {a: {size: 4, distance: Cosine}}
    hnsw_config: {ef_construct: 200}
    \(more)
    """
  }

  /// Applies the collection, then lets the manifest and the server go on.
  private func report(
    manifest: String, server: JSONValue? = nil
  ) async throws -> (drift: CommandBench.Result, plan: CommandBench.Result) {
    let bench = try CommandBench()
    try bench.write(CauseTests.collection(""))
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
    if let server { bench.byHand("PATCH", "/collections/c", server) }
    try bench.write(manifest)
    return (await bench.drift(bench.folder), await bench.plan(bench.folder))
  }

  @Test(arguments: [
    "optimizers_config: {indexing_threshold: 5000}", "hnsw_config: {ef_construct: 200, m: 32}",
    "sparse_vectors: {s: {}}", "payload_indexes: {n: integer}", "aliases: [now]",
    "metadata: {team: search}", "shard_number: 1",
  ])
  func `What the manifest says for the first time is pending`(more: String) async throws {
    let manifest =
      more.hasPrefix("hnsw_config")
      ? CauseTests.collection(more).replacing("hnsw_config: {ef_construct: 200}\n", with: "")
      : CauseTests.collection(more)
    let (drift, plan) = try await report(manifest: manifest)
    #expect(drift.status == .success, "\(drift.output)")
    #expect(!plan.output.contains("changed on"), "\(plan.output)")
  }

  @Test func `What was said before and is otherwise on both sides is a conflict`() async throws {
    let changed = CauseTests.collection("").replacing("200", with: "300")
    let (drift, plan) = try await report(
      manifest: changed, server: ["hnsw_config": ["ef_construct": 400]])
    #expect(drift.status == .drift)
    #expect(drift.output.contains("conflict"), "\(drift.output)")
    #expect(plan.output.contains("changed on both sides"), "\(plan.output)")
  }

  @Test func `What was said before and is otherwise on the server is drift`() async throws {
    let (drift, plan) = try await report(
      manifest: CauseTests.collection(""), server: ["hnsw_config": ["ef_construct": 400]])
    #expect(drift.status == .drift)
    #expect(drift.output.contains("drifted"), "\(drift.output)")
    #expect(plan.output.contains("changed on the server"), "\(plan.output)")
  }
}
