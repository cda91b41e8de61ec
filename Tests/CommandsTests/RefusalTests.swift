import Commands
import InProcessTransport
import JSON
import Testing
import Transport

/// What is not done stands in the plan with its reason, and nothing is sent.
@Suite struct RefusalTests {
  /// A server with a collection `products` and some points, and a manifest about it.
  private func bench(points: Int = 0, _ manifest: String) throws -> CommandBench {
    let bench = try CommandBench()
    bench.byHand(
      "PUT", "/collections/products", ["vectors": ["size": 2, "distance": "Dot"]])
    if points > 0 {
      let list = (1...points).map { id -> JSONValue in
        ["id": .integer(id), "vector": [0.5, 0.25], "payload": [:]]
      }
      bench.byHand("PUT", "/collections/products/points?wait=true", ["points": .array(list)])
    }
    try bench.write(manifest)
    return bench
  }

  private func expectRefusal(
    _ bench: CommandBench, _ words: String...
  ) async {
    let plan = await bench.plan(bench.folder)
    #expect(plan.status == .refused)
    for word in words { #expect(plan.output.contains(word), "\(plan.output)") }
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .refused)
    #expect(bench.transport.mutations.isEmpty)
  }

  @Test func `An immutable change is shown as a replacement and refused`() async throws {
    let bench = try bench(
      """
      kind: Collection
      name: products
      vectors: {size: 4, distance: Dot}
      """)
    await expectRefusal(
      bench, "-/+ collection/products", "vectors.size", "2 → 4", "cannot change in place")
  }

  @Test func `A deletion that loses points needs consent to their number`() async throws {
    let bench = try bench(
      points: 3,
      """
      kind: Collection
      name: products
      vectors: {size: 2, distance: Dot}
      lifecycle: {state: absent, on_delete: delete}
      """)
    await expectRefusal(bench, "would lose 3 points", "--accept-loss collection/products=3")
    let less = await bench.apply(
      bench.folder, "--yes", "--accept-loss", "collection/products=2")
    #expect(less.status == .refused)
    let enough = await bench.apply(
      bench.folder, "--yes", "--accept-loss", "collection/products=3")
    #expect(enough.status == .success, "\(enough.error)")
    #expect(enough.output.contains("point of no return"))
    #expect(bench.live("products") == nil)
  }

  @Test func `More points than were consented to stop the step`() async throws {
    let bench = try bench(
      points: 3,
      """
      kind: Collection
      name: products
      vectors: {size: 2, distance: Dot}
      lifecycle: {state: absent, on_delete: delete}
      """)
    let file = bench.path("plan.json")
    _ = await bench.plan(
      bench.folder, "--accept-loss", "collection/products=3", "--out", file)
    bench.byHand(
      "PUT", "/collections/products/points?wait=true",
      ["points": [["id": 9, "vector": [0.5, 0.25]]]])
    let apply = await bench.apply(file)
    #expect(apply.status == .stale, "\(apply.output)")
    #expect(apply.error.contains("at most 3 points"))
    #expect(bench.live("products") != nil)
  }

  @Test func `Another workspace's mark is a refusal`() async throws {
    let bench = try bench(
      """
      kind: Collection
      name: products
      vectors: {size: 2, distance: Dot}
      """)
    bench.byHand(
      "PATCH", "/collections/products",
      [
        "metadata": [
          "qdrant_reconciler": [
            "workspace": "other", "address": "collection/products", "run": "r", "applied": "",
          ]
        ]
      ])
    await expectRefusal(bench, "belongs to the workspace 'other'")
  }

  @Test func `A name that is a live alias is a refusal`() async throws {
    let bench = try bench(
      """
      kind: Collection
      name: catalog
      vectors: {size: 2, distance: Dot}
      """)
    bench.byHand(
      "POST", "/collections/aliases",
      [
        "actions": [
          ["create_alias": ["collection_name": "products", "alias_name": "catalog"]]
        ]
      ])
    await expectRefusal(bench, "live alias of collection 'products'")
  }

  @Test func `An alias that is named like a live collection is a refusal`() async throws {
    let bench = try bench(
      """
      kind: Collection
      name: fresh
      vectors: {size: 2, distance: Dot}
      aliases: [products]
      """)
    await expectRefusal(bench, "alias/products", "a live collection has that name")
  }

  @Test(arguments: [
    ("payload: {memory: cold}", "needs Qdrant 1.19"),
    ("shard_keys: [eu]\nsharding_method: custom", "shard keys need a distributed cluster"),
    ("lifecycle: {state: absent}", "'on_delete: retire' is not built yet"),
    ("lifecycle: {state: absent, on_delete: forbid}", "forbids the deletion"),
    (
      "metadata: {a: b}\nlifecycle: {gates: [{golden_queries: q.jsonl}]}",
      "'gates' is not built yet"
    ),
  ])
  func `What this server or this version cannot do is refused in words`(
    lines: String, words: String
  ) async throws {
    let bench = try bench(
      "kind: Collection\nname: products\nvectors: {size: 2, distance: Dot}\n" + lines)
    await expectRefusal(bench, words)
  }

  @Test func `Removing more than the budget is refused`() async throws {
    let bench = try CommandBench()
    var manifest = ""
    for number in 0..<10 {
      bench.byHand("PUT", "/collections/c\(number)", ["vectors": [:]])
      let life = number < 4 ? "lifecycle: {state: absent, on_delete: delete}" : ""
      manifest += "---\nkind: Collection\nname: c\(number)\nvectors: {}\n\(life)\n"
    }
    try bench.write(manifest)
    await expectRefusal(bench, "4 of 10 managed resources")
  }
}
