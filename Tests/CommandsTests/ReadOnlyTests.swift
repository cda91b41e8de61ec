import Commands
import InProcessTransport
import JSON
import Testing
import Transport

/// Planning and watching never change anything, and a read-only key is enough for them.
@Suite struct ReadOnlyTests {
  /// Endpoints that read, whatever their method.
  private func isRead(_ request: HTTPRequest) -> Bool {
    let path = request.target.split(separator: "?")[0]
    return request.method == "GET" || path.hasSuffix("/points/count")
      || path.hasSuffix("/points/scroll")
  }

  @Test func `Plan, validate, show, explain, schema and drift send nothing but reads`()
    async throws
  {
    let bench = try CommandBench()
    bench.byHand("PUT", "/collections/old", ["vectors": ["size": 2, "distance": "Dot"]])
    bench.byHand("PUT", "/collections/products", ["vectors": ["size": 8, "distance": "Cosine"]])
    try bench.write(
      MainPathTests.products
        + "\n---\nkind: Collection\nname: old\nlifecycle: {state: absent, on_delete: delete}\n")
    let file = bench.path("plan.json")
    let folder = bench.folder
    _ = await bench.plan(folder, "--out", file, "--prune", "--show-rollback")
    _ = await bench.plan(folder, "--format", "markdown")
    _ = await bench.plan("validate", folder)
    _ = await bench.plan("show", file)
    _ = await bench.plan("explain", "hnsw_config.m")
    _ = await bench.plan("explain", "collection/products", folder)
    _ = await bench.plan("schema")
    _ = await bench.drift(folder)
    #expect(bench.transport.exchanges.count > 10)
    for exchange in bench.transport.exchanges {
      #expect(isRead(exchange.request), "\(exchange.line)")
      #expect(exchange.request.effect == .read)
    }
  }

  @Test func `A read-only key is enough to plan and to watch, and not to apply`() async throws {
    let bench = try CommandBench(
      settings: [
        "QDRANT__SERVICE__API_KEY": "manage-key", "QDRANT__SERVICE__READ_ONLY_API_KEY": "read-key",
      ], key: "read-key")
    try bench.write(MainPathTests.products)
    let plan = await bench.plan(bench.folder)
    #expect(plan.status == .success, "\(plan.output)")
    #expect(await bench.drift(bench.folder).status == .drift)
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .noPermission)
    #expect(apply.error.contains("403"), "\(apply.error)")
  }

  @Test func `A wrong key is no permission, never an empty server`() async throws {
    let bench = try CommandBench(
      settings: ["QDRANT__SERVICE__API_KEY": "manage-key"], key: "wrong")
    try bench.write(MainPathTests.products)
    let plan = await bench.plan(bench.folder)
    #expect(plan.status == .noPermission)
    #expect(!plan.output.contains("to add"))
  }
}
