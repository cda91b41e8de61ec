import Commands
import JSON
import ScriptedServer
import Testing

/// Hierarchies and several clusters as plans and drift reports show them.
@Suite struct HierarchyPlanTests {
  private func manifests(
    _ template: String, alias: String = "{a}.{b}.now", more: String = ""
  ) -> String {
    """
    kind: Hierarchy
    name: documents
    levels:
      - {name: a, place: name, pattern: "[a-z]+"}
      - {name: b, place: name, pattern: "[a-z]+"}
    names: {collection: "\(template)", alias: "\(alias)"}
    tree:
      legal:
        contracts: {vectors: {size: 4, distance: Dot}}
    \(more)

    """
  }

  private func applied() async throws -> CommandBench {
    let bench = try CommandBench()
    try bench.write(manifests("{a}.{b}"))
    let result = await bench.apply(bench.folder, "--yes")
    #expect(result.status == .success, "\(result.output)\(result.error)")
    return bench
  }

  @Test func `A rename that is declared is a refusal that says a copy is needed`() async throws {
    let bench = try await applied()
    try bench.write(
      manifests("{a}-{b}", more: "moved: [{from: legal.contracts, to: legal-contracts}]"))
    let plan = await bench.plan(bench.folder, "--format", "json")
    #expect(plan.status == .refused, "\(plan.output)")
    let document = try JSONParser.parse(plan.output)
    #expect(document["totals"]?["add"] == 0)
    #expect(document["totals"]?["remove"] == 0)
    #expect(plan.output.contains("a copy is needed"))
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .refused)
    #expect(bench.live("legal-contracts") == nil)
  }

  @Test func `Another template is told when nobody said that it is a rename`() async throws {
    let bench = try await applied()
    try bench.write(manifests("{a}-{b}", alias: "{a}-{b}.now"))
    let plan = await bench.plan(bench.folder)
    #expect(plan.output.contains("warning[W220]"), "\(plan.output)")
    #expect(plan.output.contains("'legal.contracts' is live"))
    #expect(!plan.output.contains("- collection/legal.contracts"))
  }

  @Test func `Another template of aliases is a rename at once`() async throws {
    let bench = try await applied()
    try bench.write(manifests("{a}.{b}", alias: "{a}.{b}.live"))
    let plan = await bench.plan(bench.folder)
    #expect(plan.output.contains("takes the place of the alias 'legal.contracts.now'"))
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .success, "\(apply.error)")
    let again = await bench.plan(bench.folder)
    #expect(again.output.contains("In sync"), "\(again.output)")
  }

  @Test(arguments: [("warn", Commands.ExitStatus.success), ("error", .drift), ("off", .success)])
  func `Live names that fit no level are reported`(word: String, status: Commands.ExitStatus)
    async throws
  {
    let bench = try await applied()
    for name in ["fits.it", "Odd", "one.two.three"] {
      bench.byHand("PUT", "/collections/\(name)", ["vectors": ["size": 4, "distance": "Dot"]])
    }
    try bench.write(manifests("{a}.{b}", more: "enforce: \(word)"))
    let drift = await bench.drift(bench.folder, "--format", "json")
    #expect(drift.status == status, "\(drift.output)")
    let entries = try #require(try JSONParser.parse(drift.output)["entries"]?.array)
    let told = entries.filter { $0["reason"]?.string?.contains("fits no level") ?? false }
      .compactMap { $0["address"]?.string }
    #expect(
      told == (word == "off" ? [] : ["collection/Odd@here", "collection/one.two.three@here"]))
  }

  @Test func `A cluster that does not answer hides no other`() async throws {
    let gone = try ScriptedServer(then: .answer(.init(503, body: "")))
    let bench = try CommandBench(connects: true)
    let cluster = """
      kind: Cluster
      name: gone
      url: http://127.0.0.1:\(gone.port)
      labels: {env: prod}
      ---
      kind: Cluster
      name: here
      provider: embedded
      storage: \(bench.path("here"))
      labels: {env: prod}
      ---
      kind: Cluster
      name: other
      provider: embedded
      storage: \(bench.path("other"))
      labels: {env: dev}

      """
    try bench.write(
      "kind: Collection\nname: a\ncluster: {labels: {env: prod}}\n"
        + "vectors: {size: 4, distance: Dot}\n", cluster: cluster)
    let plan = await bench.plan(bench.folder, "--format", "json")
    let document = try JSONParser.parse(plan.output)
    #expect(plan.status != .success, "\(plan.output)")
    let addresses = document["changes"]?.array?.compactMap { $0["address"]?.string }
    #expect(addresses == ["collection/a@here"])
    #expect(document["unchecked"]?.array?.compactMap { $0["cluster"]?.string } == ["gone"])
    #expect(document["in_sync"] == false)
    let drift = await bench.drift(bench.folder)
    #expect(drift.output.contains("collection/a"), "\(drift.output)")
    #expect(drift.output.contains("gone"), "\(drift.output)")
  }
}
