import Commands
import JSON
import Testing

/// Every line of a plan tells who said the value.
@Suite struct ProvenanceTests {
  private static let manifests = """
    kind: Class
    name: base
    vectors: {size: 4, distance: Dot}
    hnsw_config: {m: 16, ef_construct: 100}
    payload_indexes: {tenant: keyword}
    aliases: [current]
    ---
    kind: Environment
    name: prod
    variables: {m: 32}
    overlays:
      - match: {name: products}
        set: {hnsw_config: {m: "${m}"}}
    ---
    kind: Collection
    name: products
    class: base
    hnsw_config: {m: 24, full_scan_threshold: 1000}

    """

  /// All contributors of every line, and of every entry, of a plan.
  private func lines(_ document: JSONValue) -> [(path: String, by: [String])] {
    (document["changes"]?.array ?? []).flatMap { entry in
      let parts = [entry] + (entry["fields"]?.array ?? [])
      return parts.map { part in
        (
          part["path"]?.string ?? part["address"]?.string ?? "",
          (part["provenance"]?.array ?? []).compactMap { $0["by"]?.string }
        )
      }
    }
  }

  @Test func `Each line of the JSON plan carries its chain, for making and for changing`()
    async throws
  {
    let bench = try CommandBench()
    try bench.write(ProvenanceTests.manifests)
    let made = await bench.plan(bench.folder, "--environment", "prod", "--format", "json")
    #expect(made.status == .success, "\(made.error)")
    let creation = lines(try JSONParser.parse(made.output))
    #expect(!creation.isEmpty)
    #expect(creation.allSatisfy { !$0.by.isEmpty }, "\(creation)")
    #expect(
      creation.first { $0.path == "hnsw_config.m" }?.by
        == ["class base", "own", "overlay of environment prod", "variable m"])
    #expect(creation.first { $0.path == "hnsw_config.full_scan_threshold" }?.by == ["own"])

    bench.byHand(
      "PUT", "/collections/products",
      ["vectors": ["size": 4, "distance": "Dot"], "hnsw_config": ["m": 8]])
    bench.byHand(
      "PUT", "/collections/products/index", ["field_name": "old", "field_schema": "keyword"])
    let changed = await bench.plan(bench.folder, "--environment", "prod", "--format", "json")
    let changes = lines(try JSONParser.parse(changed.output))
    #expect(changes.count >= 6, "\(changed.output)")
    #expect(changes.allSatisfy { !$0.by.isEmpty }, "\(changes)")
    #expect(changes.contains { $0.by == ["class base"] })
  }

  @Test func `A stored plan keeps the chains`() async throws {
    let bench = try CommandBench()
    try bench.write(ProvenanceTests.manifests)
    let file = bench.path("plan.json")
    let made = await bench.plan(
      bench.folder, "--environment", "prod", "--format", "json", "--out", file)
    let shown = await bench.plan("show", file, "--format", "json")
    #expect(shown.status == .success, "\(shown.error)")
    #expect(shown.output == made.output)
  }

  @Test func `Explaining a resource prints who said what, the one that counts first`()
    async throws
  {
    let bench = try CommandBench()
    try bench.write(ProvenanceTests.manifests)
    let told = await bench.plan(
      "explain", "collection/products", bench.folder, "--environment", "prod")
    #expect(told.status == .success, "\(told.error)")
    let chain = """
            by variable m  \(bench.path("collections.yaml")):10:16
            over overlay of environment prod  \(bench.path("collections.yaml")):13:28
            over own  \(bench.path("collections.yaml")):18:18
            over class base  \(bench.path("collections.yaml")):4:18

      """
    #expect(told.output.contains(chain), "\(told.output)")
  }

  @Test func `Manifests with variables are refused without an environment by every command`()
    async throws
  {
    let bench = try CommandBench()
    try bench.write(
      ProvenanceTests.manifests.replacing("m: 24", with: "m: '${m}'"))
    for result in [
      await bench.plan(bench.folder), await bench.drift(bench.folder),
      await bench.apply(bench.folder, "--yes"), await bench.plan("validate", bench.folder),
      await bench.plan("explain", "collection/products", bench.folder),
    ] {
      #expect(result.status == .invalidManifests)
      #expect((result.output + result.error).contains("--environment with one of prod"))
    }
    let applied = await bench.apply(bench.folder, "--yes", "--environment", "prod")
    #expect(applied.status == .success, "\(applied.error)")
    let drift = await bench.drift(bench.folder, "--environment", "prod")
    #expect(drift.status == .success, "\(drift.output)")
  }
}
