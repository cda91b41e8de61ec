import Commands
import InProcessTransport
import JSON
import Testing
import Transport

/// Rows of the catalogue of bad inputs that only a live server shows to be bad.
@Suite struct PlannerRowTests {
  /// A bench with `products` on the server, `extra` of its configuration, and a manifest about it.
  private func bench(_ lines: String, extra: JSONValue = [:]) throws -> CommandBench {
    let bench = try CommandBench()
    var body: JSONObject = ["vectors": ["size": 2, "distance": "Dot"]]
    for member in extra.object?.members ?? [] { body[member.key] = member.value }
    bench.byHand("PUT", "/collections/products", .object(body))
    try bench.write("kind: Collection\nname: products\n" + lines)
    return bench
  }

  private static let vectors = "vectors: {size: 2, distance: Dot}\n"

  @Test(
    arguments: [
      ("vectors: {size: 2, distance: Cosine}", "vectors.distance", "Dot → Cosine"),
      ("\(vectors)shard_number: 3", "shard_number", "1 → 3"),
    ])
  func `What cannot change in place is refused with both values`(
    lines: String, path: String, change: String
  ) async throws {
    let bench = try bench(lines)
    let plan = await bench.plan(bench.folder)
    #expect(plan.status == .refused)
    for word in [path, change, "cannot change in place", "declare a collection under a new name"] {
      #expect(plan.output.contains(word), "\(plan.output)")
    }
    #expect(await bench.apply(bench.folder, "--yes").status == .refused)
    #expect(bench.transport.mutations.isEmpty)
  }

  @Test func `More replicas than peers are a warning`() async throws {
    let bench = try bench(PlannerRowTests.vectors + "replication_factor: 3\n")
    let plan = await bench.plan(bench.folder)
    #expect(plan.status == .success)
    #expect(
      plan.output.contains(
        "warning[W101]: collection/products: replication_factor 3 on one peer is kept as a number"),
      "\(plan.output)")
  }

  @Test func `An index of another type is built anew, with a warning`() async throws {
    let bench = try bench(PlannerRowTests.vectors + "payload_indexes: {price: integer}\n")
    bench.byHand(
      "PUT", "/collections/products/index?wait=true",
      ["field_name": "price", "field_schema": "keyword"])
    let plan = await bench.plan(bench.folder)
    #expect(plan.status == .success)
    #expect(plan.output.contains("warning[W103]: index/products/price: "), "\(plan.output)")
    #expect(plan.output.contains("filters on the field are slow until it is done"))
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
    #expect(bench.live("products")?["payload_schema"]?["price"]?["data_type"] == "integer")
  }

  @Test func `An index above the limit of strict mode is refused before anything is sent`()
    async throws
  {
    let bench = try bench(
      PlannerRowTests.vectors + "payload_indexes: {a: keyword, b: keyword}\n",
      extra: ["strict_mode_config": ["enabled": true, "max_payload_index_count": 1]])
    let plan = await bench.plan(bench.folder)
    #expect(plan.status == .refused, "\(plan.output)")
    #expect(plan.output.contains("max_payload_index_count"), "\(plan.output)")
    #expect(await bench.apply(bench.folder, "--yes").status == .refused)
    #expect(bench.transport.mutations.isEmpty)
  }

  @Test func `Below the budget removals are planned, at it they are not`() async throws {
    for (removed, status) in [(3, Commands.ExitStatus.success), (4, .refused)] {
      let bench = try CommandBench()
      var manifest = ""
      for number in 0..<10 {
        bench.byHand("PUT", "/collections/c\(number)", ["vectors": [:]])
        let life = number < removed ? "lifecycle: {state: absent, on_delete: delete}" : ""
        manifest += "---\nkind: Collection\nname: c\(number)\nvectors: {}\n\(life)\n"
      }
      try bench.write(manifest)
      let plan = await bench.plan(bench.folder)
      #expect(plan.status == status, "\(plan.output)")
    }
  }
}
