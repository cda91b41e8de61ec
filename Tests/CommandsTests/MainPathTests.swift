import Commands
import Foundation
import InProcessTransport
import JSON
import Testing
import Transport

/// From a manifest to a converged server, through the commands.
@Suite struct MainPathTests {
  static let products = """
    kind: Collection
    name: products
    vectors: {size: 8, distance: Cosine}
    hnsw_config: {m: 16, ef_construct: 120}
    metadata: {team: search}
    payload_indexes:
      category: keyword
      price: {type: float, on_disk: true}
    aliases: [catalog]
    """

  @Test func `Plan, apply, plan again: the last plan is empty`() async throws {
    let bench = try CommandBench()
    try bench.write(MainPathTests.products)
    let plan = await bench.plan(bench.folder, "--detailed-exitcode")
    #expect(plan.status == .changesPending)
    #expect(plan.output.contains("+ collection/products"))
    #expect(plan.output.contains("+ index/products/price"))
    #expect(plan.output.contains("4 to add, 0 to change"))
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .success, "\(apply.error)")
    #expect(apply.output.contains("Verified: read back, and in sync."))
    let again = await bench.plan(bench.folder, "--detailed-exitcode")
    #expect(again.status == .success)
    #expect(again.output.contains("In sync: nothing to do."))
    let drift = await bench.drift(bench.folder)
    #expect(drift.status == .success)
  }

  @Test func `A change by hand is drift with both values, and the next apply repairs just that`()
    async throws
  {
    let bench = try CommandBench()
    try bench.write(MainPathTests.products)
    _ = await bench.apply(bench.folder, "--yes")
    bench.byHand("PATCH", "/collections/products", ["hnsw_config": ["m": 8]])
    let drift = await bench.drift(bench.folder)
    #expect(drift.status == .drift)
    #expect(drift.output.contains("drifted"))
    #expect(drift.output.contains("manifest 16, server 8"))
    #expect(drift.output.contains("collections.yaml:4"))
    bench.transport.forgetExchanges()
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .success)
    let sent = bench.changes.map {
      String(decoding: $0.request.body ?? [], as: UTF8.self)
    }
    #expect(sent == [#"{"hnsw_config":{"m":16}}"#])
    #expect(await bench.drift(bench.folder).status == .success)
  }

  @Test func `A changed manifest is pending, not drift`() async throws {
    let bench = try CommandBench()
    try bench.write(MainPathTests.products)
    _ = await bench.apply(bench.folder, "--yes")
    try bench.write(MainPathTests.products.replacing("m: 16", with: "m: 20"))
    let drift = await bench.drift(bench.folder)
    #expect(drift.status == .success)
    #expect(drift.output.contains("pending"))
    let failing = await bench.drift(bench.folder, "--fail-on", "pending")
    #expect(failing.status == .drift)
  }

  @Test func `What is not mentioned is left alone`() async throws {
    let bench = try CommandBench()
    bench.byHand(
      "PUT", "/collections/products",
      ["vectors": ["size": 8, "distance": "Cosine"], "on_disk_payload": false])
    try bench.write(MainPathTests.products)
    let plan = await bench.plan(bench.folder)
    #expect(plan.output.contains("adopts a collection that bore no mark"))
    #expect(!plan.output.contains("on_disk_payload"))
    _ = await bench.apply(bench.folder, "--yes")
    #expect(bench.live("products")?["config"]?["params"]?["on_disk_payload"] == false)
  }

  @Test func `What is as it should be and bears no mark is adopted when that is asked for`()
    async throws
  {
    let bench = try CommandBench()
    bench.byHand("PUT", "/collections/plain", ["vectors": ["size": 4, "distance": "Dot"]])
    try bench.write("kind: Collection\nname: plain\nvectors: {size: 4, distance: Dot}\n")
    let file = bench.path("plan.json")
    let plan = await bench.plan(bench.folder, "--out", file, "--detailed-exitcode")
    #expect(plan.status == .success, "\(plan.output)")
    let told = "1 collection bears no mark of a workspace yet"
    #expect(plan.output.contains(told) && plan.output.contains("In sync"), "\(plan.output)")
    #expect(await bench.plan("show", file).output.contains(told))
    _ = await bench.apply(bench.folder, "--yes")
    #expect(bench.live("plain")?["config"]?["metadata"] == nil)
    let adoption = await bench.apply(bench.folder, "--yes", "--adopt")
    #expect(adoption.status == .success, "\(adoption.error)")
    #expect(bench.live("plain")?["config"]?["metadata"]?["qdrant_reconciler"] != nil)
    let after = await bench.plan(bench.folder)
    #expect(!after.output.contains("no mark"), "\(after.output)")
  }

  @Test func `A plan file is applied exactly, and a second time it does nothing`() async throws {
    let bench = try CommandBench()
    try bench.write(MainPathTests.products)
    let file = bench.path("plan.json")
    #expect(await bench.plan(bench.folder, "--out", file).status == .success)
    let show = await bench.plan("show", file)
    #expect(show.output.contains("4 to add"))
    let apply = await bench.apply(file)
    #expect(apply.status == .success, "\(apply.error)")
    bench.transport.forgetExchanges()
    let again = await bench.apply(file)
    #expect(again.status == .success, "\(again.error)")
    #expect(bench.changes.isEmpty)
  }

  @Test func `A plan whose facts have changed is stale, and nothing is written`() async throws {
    let bench = try CommandBench()
    try bench.write(MainPathTests.products)
    _ = await bench.apply(bench.folder, "--yes")
    try bench.write(MainPathTests.products.replacing("m: 16", with: "m: 20"))
    let file = bench.path("plan.json")
    _ = await bench.plan(bench.folder, "--out", file)
    bench.byHand("PATCH", "/collections/products", ["hnsw_config": ["m": 8]])
    bench.transport.forgetExchanges()
    let apply = await bench.apply(file)
    #expect(apply.status == .stale)
    #expect(apply.error.contains("hnsw_config.m: expected 16, found 8"))
    #expect(bench.changes.isEmpty)
  }

  @Test func `Nobody to ask is a refusal that names the command that approves`() async throws {
    let bench = try CommandBench()
    try bench.write(MainPathTests.products)
    let apply = await bench.apply(bench.folder)
    #expect(apply.status == .refused)
    #expect(apply.error.contains("--yes --expect-digest"))
    #expect(bench.changes.isEmpty)
    let other = await bench.apply(bench.folder, "--yes", "--expect-digest", "00000000")
    #expect(other.status == .stale)
    #expect(bench.changes.isEmpty)
  }

  @Test func `The same manifests in other files give the same plan id`() async throws {
    let bench = try CommandBench()
    let support = MainPathTests.products.replacing("products", with: "support")
      .replacing("catalog", with: "help")
    try bench.write(MainPathTests.products + "\n---\n" + support)
    let one = await bench.plan(bench.folder, "--format", "json")
    try bench.write(support, to: "a.yaml")
    try bench.write(MainPathTests.products, to: "z.yaml")
    try FileManager.default.removeItem(atPath: bench.path("collections.yaml"))
    let two = await bench.plan(bench.folder, "--format", "json")
    let ids = try [one, two].map { try JSONParser.parse($0.output)["id"]?.string }
    #expect(ids[0] != nil)
    #expect(ids[0] == ids[1])
  }

  @Test func `Verbose tells every request, quiet the verdict only`() async throws {
    let bench = try CommandBench()
    try bench.write(MainPathTests.products)
    let plan = await bench.plan(bench.folder, "--verbose")
    #expect(plan.output.contains("1. PUT /collections/products {"))
    let apply = await bench.apply(bench.folder, "--yes", "--verbose")
    #expect(apply.output.contains("[4/5] POST /collections/aliases {"))
    let drift = await bench.drift(bench.folder, "--verbose")
    #expect(drift.output.contains("in sync    collection/products"))
    let quiet = await bench.drift(bench.folder, "--quiet")
    #expect(quiet.output.hasPrefix("In sync: "))
    #expect(quiet.output.split(separator: "\n").count == 1)
    #expect(await bench.plan(bench.folder, "--quiet").output == "In sync: nothing to do.\n")
  }

  @Test func `An alias takes the place of a collection that goes, and then nothing is to be done`()
    async throws
  {
    let bench = try CommandBench()
    let old = "kind: Collection\nname: search\ncluster: here\nvectors: {size: 2, distance: Dot}\n"
    try bench.write(old)
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
    try bench.write(
      old + """
        lifecycle: {state: absent, on_delete: delete}
        ---
        kind: Collection
        name: search-v2
        cluster: here
        vectors: {size: 4, distance: Dot}
        aliases: [search]
        """)
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .success, "\(apply.output)\(apply.error)")
    let again = await bench.plan(bench.folder, "--detailed-exitcode")
    #expect(again.status == .success, "\(again.output)")
  }
}
