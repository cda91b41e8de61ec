import Commands
import JSON
import Testing

/// Refusals about `lifecycle` name who said it: a class, a tree, an overlay, a variable.
@Suite struct LifecycleProvenanceTests {
  /// A bench whose server has `products`, as the manifests ask for it.
  private func bench(_ manifests: String) throws -> CommandBench {
    let bench = try CommandBench()
    bench.byHand("PUT", "/collections/products", ["vectors": ["size": 2, "distance": "Dot"]])
    try bench.write(manifests)
    return bench
  }

  /// The refused entries and lines of a plan: code, who said it, and the lines of the places.
  private func refusals(
    _ bench: CommandBench, _ arguments: String...
  ) async throws -> [String: [String]] {
    let plan = await bench.run(
      PlanCommand.run, [bench.folder, "--format", "json"] + arguments)
    #expect(plan.status == .refused, "\(plan.output)\(plan.error)")
    let document = try JSONParser.parse(plan.output)
    var found: [String: [String]] = [:]
    for entry in document["changes"]?.array ?? [] {
      for part in [entry] + (entry["fields"]?.array ?? []) {
        guard let remark = part["remark"]?.string, remark.hasPrefix("[") else { continue }
        found[String(remark.dropFirst().prefix(4))] = (part["provenance"]?.array ?? []).map {
          "\($0["by"]?.string ?? "?") \($0["line"]?.integer ?? 0):"
            + "\($0["column"]?.integer ?? 0)"
        }
      }
    }
    return found
  }

  @Test func `A class that forbids deletion is named with its place`() async throws {
    let bench = try bench(
      """
      kind: Class
      name: kept
      lifecycle: {on_delete: forbid}
      ---
      kind: Collection
      name: products
      class: kept
      vectors: {size: 2, distance: Dot}
      lifecycle: {state: absent}
      """)
    let found = try await refusals(bench)
    #expect(found == ["R303": ["class kept 3:24"]], "\(found)")
    let told = await bench.plan("explain", "collection/products", bench.folder)
    #expect(
      told.output.contains(
        """
          lifecycle.on_delete = forbid  \(bench.path("collections.yaml")):3:24
              by class kept  \(bench.path("collections.yaml")):3:24

        """), "\(told.output)")
  }

  @Test func `An overlay with a variable is named before the collection that it overrides`()
    async throws
  {
    let bench = try bench(
      """
      kind: Environment
      name: prod
      variables: {deletion: forbid}
      overlays:
        - match: {name: products}
          set: {lifecycle: {on_delete: "${deletion}"}}
      ---
      kind: Collection
      name: products
      vectors: {size: 2, distance: Dot}
      lifecycle: {state: absent, on_delete: delete}
      """)
    let found = try await refusals(bench, "--environment", "prod")
    #expect(
      found == [
        "R303": ["own 11:39", "overlay of environment prod 6:34", "variable deletion 3:23"]
      ],
      "\(found)")
  }

  @Test func `Gates of a tree node that are not built are told with the node`() async throws {
    let bench = try CommandBench()
    try bench.write(
      """
      kind: Hierarchy
      name: documents
      levels:
        - {name: domain, place: name, values: [legal]}
      names: {collection: "{domain}"}
      tree:
        legal:
          vectors: {size: 2, distance: Dot}
          lifecycle: {gates: [{golden_queries: q.jsonl}]}
      """)
    let found = try await refusals(bench)
    #expect(found.values.joined().contains("tree node legal 9:24"), "\(found)")
  }

  @Test func `Policies about ignored fields and losses of points name the class as well`()
    async throws
  {
    let bench = try bench(
      """
      kind: Policy
      name: strict
      rules: {no-ignored-fields: error}
      ---
      kind: Class
      name: lax
      lifecycle: {ignore: [hnsw_config.m]}
      ---
      kind: Class
      name: gone
      lifecycle: {state: absent, on_delete: delete}
      ---
      kind: Collection
      name: fresh
      class: lax
      vectors: {size: 2, distance: Dot}
      ---
      kind: Collection
      name: products
      class: gone
      vectors: {size: 2, distance: Dot}
      """)
    bench.byHand(
      "PUT", "/collections/products/points?wait=true",
      ["points": [["id": 1, "vector": [0.5, 0.25]]]])
    let found = try await refusals(bench)
    #expect(found["P077"] == ["class lax 7:21"], "\(found)")
    #expect(found.values.contains(["class gone 11:20"]), "\(found)")
  }
}
