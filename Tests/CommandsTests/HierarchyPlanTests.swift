import Commands
import InProcessTransport
import JSON
import ScriptedServer
import Testing
import Transport

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

  @Test(arguments: ["{a}-{b}", "docs.{b}.of.{a}", "{b}.{a}"])
  func `Another template is a rename, though nobody said so`(template: String) async throws {
    let bench = try await applied()
    try bench.write(manifests(template))
    let plan = await bench.plan(bench.folder)
    #expect(plan.status == .refused)
    #expect(plan.output.contains("[R220]"), "\(plan.output)")
    #expect(plan.output.contains("it is 'legal.contracts' under a new name"), "\(plan.output)")
    #expect(plan.output.contains("0 to add, 0 to change, 0 to replace, 0 to remove, 1 refused"))
    // Who copied has both, and the old one is in no manifest.
    let name = template.replacing("{a}", with: "legal").replacing("{b}", with: "contracts")
    bench.byHand("PUT", "/collections/\(name)", ["vectors": ["size": 4, "distance": "Dot"]])
    let copied = await bench.plan(bench.folder)
    #expect(copied.status == .success, "\(copied.output)")
    #expect(!copied.output.contains("legal.contracts\n"))
  }

  @Test func `Another template is told where no mark tells that it is a rename`() async throws {
    let bench = try CommandBench()
    bench.byHand(
      "PUT", "/collections/legal.contracts", ["vectors": ["size": 4, "distance": "Dot"]])
    try bench.write(manifests("{a}-{b}"))
    let plan = await bench.plan(bench.folder)
    #expect(plan.status == .success)
    #expect(plan.output.contains("warning[W220]"), "\(plan.output)")
    #expect(plan.output.contains("'legal.contracts' is live"))
    #expect(!plan.output.contains("- collection/legal.contracts"))
  }

  @Test func `Another template of aliases is a rename at once`() async throws {
    let bench = try await applied()
    try bench.write(manifests("{a}.{b}", alias: "{a}.{b}.live"))
    let plan = await bench.plan(bench.folder)
    #expect(plan.output.contains("0 to add, 2 to change, 0 to replace, 0 to remove"))
    #expect(plan.output.contains("legal.contracts.now → legal.contracts.live"), "\(plan.output)")
    bench.transport.forgetExchanges()
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .success, "\(apply.error)")
    let sent = bench.changes.map { String(decoding: $0.request.body ?? [], as: UTF8.self) }
    let renames = sent.filter { $0.contains("alias") && $0.contains("actions") }
    #expect(renames.count == 1, "\(sent)")
    #expect(renames.first?.contains(#"{"rename_alias":{"old_alias_name":"#) == true, "\(sent)")
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
