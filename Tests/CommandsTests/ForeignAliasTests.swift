import Commands
import JSON
import Testing

/// An alias is traffic: it is not taken from another workspace.
@Suite struct ForeignAliasTests {
  private static let mine = """
    kind: Collection
    name: v3
    vectors: {size: 4, distance: Dot}
    aliases: [live]
    """

  private func bench(mark: JSONValue) throws -> CommandBench {
    let bench = try CommandBench()
    bench.byHand(
      "PUT", "/collections/v2", ["vectors": ["size": 4, "distance": "Dot"], "metadata": mark])
    bench.byHand(
      "POST", "/collections/aliases",
      ["actions": [["create_alias": ["alias_name": "live", "collection_name": "v2"]]]])
    try bench.write(ForeignAliasTests.mine)
    return bench
  }

  private static func mark(_ workspace: String) -> JSONValue {
    [
      "qdrant_reconciler": [
        "workspace": .string(workspace), "address": "collection/v2", "applied": "",
      ]
    ]
  }

  @Test func `An alias of a collection of another workspace is refused`() async throws {
    let bench = try bench(mark: ForeignAliasTests.mark("other"))
    let plan = await bench.plan(bench.folder)
    #expect(plan.status == .refused, "\(plan.output)")
    #expect(plan.output.contains("[R104]"), "\(plan.output)")
    #expect(plan.output.contains("belongs to the workspace 'other'"), "\(plan.output)")
    #expect(await bench.apply(bench.folder, "--yes").status == .refused)
    let live = bench.ask("/aliases")
    #expect(live?["aliases"]?.array?.first?["collection_name"] == "v2")
  }

  @Test(arguments: [mark("acme"), [:]])
  func `One of this workspace, or of nobody, moves`(mark: JSONValue) async throws {
    let bench = try bench(mark: mark)
    let plan = await bench.plan(bench.folder)
    #expect(plan.status == .success, "\(plan.output)")
    #expect(plan.output.contains("v2 → v3"), "\(plan.output)")
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
  }
}
