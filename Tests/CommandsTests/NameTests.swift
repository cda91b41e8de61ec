import InProcessTransport
import JSON
import SimulatedQdrant
import Testing
import Transport

@testable import Commands

/// Names that go from an alias to a collection, and the other way round, in one plan.
@Suite struct NameTests {
  private static let vectors = "vectors: {size: 2, distance: Dot}"

  /// `old`, served by the alias `a`, as a run of the tool makes it.
  private static func old(_ lines: String = "aliases: [a]") -> String {
    "kind: Collection\nname: old\n\(vectors)\n\(lines)\n"
  }

  /// The collection that takes the alias' name, with something beside it.
  private static let taking = """
    ---
    kind: Collection
    name: a
    vectors: {size: 4, distance: Dot}
    payload_indexes: {city: keyword}
    aliases: [front]

    """

  private func bench(_ manifest: String = NameTests.old()) async throws -> CommandBench {
    let bench = try CommandBench()
    try bench.write(manifest)
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .success, "\(apply.output)\(apply.error)")
    bench.transport.forgetExchanges()
    return bench
  }

  /// What was asked of the server beside the lock, in short words.
  private func sent(_ bench: CommandBench) -> [String] {
    bench.changes.map { exchange in
      let body = (try? JSONParser.parse(exchange.request.body ?? [])) ?? .null
      guard let action = body["actions"]?.array?.first?.object?.members.first else {
        return "\(exchange.request.method) \(exchange.request.target)"
      }
      return "\(action.key) \(action.value["alias_name"]?.string ?? "")"
    }
  }

  private func run(_ bench: CommandBench, _ words: String...) async -> CommandBench.Result {
    await bench.run(ApplyCommand.run, words + ["--state", bench.path(".qdrant-reconciler")])
  }

  private func expectInSync(_ bench: CommandBench) async {
    let again = await bench.plan(bench.folder)
    #expect(again.output.contains("In sync"), "\(again.output)")
  }

  private func aliases(_ bench: CommandBench) -> [String: String] {
    var targets: [String: String] = [:]
    for link in bench.ask("/aliases")?["aliases"]?.array ?? [] {
      guard let name = link["alias_name"]?.string else { continue }
      targets[name] = link["collection_name"]?.string
    }
    return targets
  }

  private func size(_ bench: CommandBench, _ name: String) -> Int? {
    bench.live(name)?["config"]?["params"]?["vectors"]?["size"]?.integer
  }

  @Test(arguments: ["aliases: []", "aliases: [{name: a, state: absent}]", "aliases: [other]"])
  func `A collection takes the name of an alias that goes, in one plan`(lines: String) async throws
  {
    let bench = try await bench()
    try bench.write(NameTests.old(lines) + NameTests.taking)
    let plan = await bench.plan(bench.folder)
    #expect(plan.status == .success, "\(plan.output)")
    let words =
      "warning[W104]: collection/a: the name is an alias now: nobody answers under it from s1, "
      + "which removes that, until s2 makes the collection, which is empty then"
    #expect(plan.output.contains(words), "\(plan.output)")
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .success, "\(apply.output)\(apply.error)")
    #expect(Array(sent(bench).prefix(2)) == ["delete_alias a", "PUT /collections/a"])
    #expect(aliases(bench)["a"] == nil)
    #expect(size(bench, "a") == 4)
    #expect(size(bench, "old") == 2)
    await expectInSync(bench)
  }

  @Test func `The way back removes the collection before the alias comes back`() async throws {
    let bench = try await bench()
    try bench.write(NameTests.old("aliases: []") + NameTests.taking)
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
    bench.transport.forgetExchanges()
    let back = await run(bench, "rollback", "run-2", "--yes")
    #expect(back.status == .success, "\(back.output)\(back.error)")
    let names = sent(bench).filter { $0.hasSuffix("/collections/a") || $0.hasSuffix(" a") }
    #expect(names == ["DELETE /collections/a", "create_alias a"], "\(sent(bench))")
    #expect(aliases(bench) == ["a": "old"])
    #expect(size(bench, "a") == 2, "the alias answers")
    try bench.write(NameTests.old())
    await expectInSync(bench)
  }

  @Test func `A collection that holds points by now stays, and the alias stays away`()
    async throws
  {
    let bench = try await bench()
    try bench.write(NameTests.old("aliases: []") + NameTests.taking)
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
    bench.byHand(
      "PUT", "/collections/a/points?wait=true",
      ["points": [["id": 1, "vector": [1, 2, 3, 4]]]])
    bench.transport.forgetExchanges()
    let back = await run(bench, "rollback", "run-2", "--yes")
    #expect(back.status != .success, "\(back.output)")
    #expect(!sent(bench).contains("create_alias a"), "\(sent(bench))")
    #expect(size(bench, "a") == 4)
  }

  @Test func `A creation that the server refuses brings the alias back`() async throws {
    let bench = try await bench()
    let body = Array(#"{"status":{"error":"no"},"time":0}"#.utf8)
    bench.endpoint.setFaults(
      FaultScript([
        FaultRule(
          FaultMatcher(methods: ["PUT"], path: "/collections/a", nth: 1, times: 1),
          .status(409, body: body, headers: []))
      ]))
    try bench.write(NameTests.old("aliases: []") + NameTests.taking)
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .rolledBack, "\(apply.output)")
    #expect(sent(bench).last == "create_alias a", "\(sent(bench))")
    #expect(aliases(bench) == ["a": "old"])
  }

  @Test func `An alias goes alone before the collection that it served`() async throws {
    let bench = try await bench()
    try bench.write(
      NameTests.old("lifecycle: {state: absent, on_delete: delete}") + NameTests.taking)
    let plan = await bench.plan(bench.folder)
    #expect(plan.status == .success, "\(plan.output)")
    #expect(plan.output.contains("warning[W104]: collection/a"), "\(plan.output)")
    #expect(!plan.output.contains("with its aliases a"), "\(plan.output)")
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .success, "\(apply.output)\(apply.error)")
    let sent = sent(bench)
    #expect(Array(sent.prefix(2)) == ["delete_alias a", "PUT /collections/a"])
    #expect(sent.last == "DELETE /collections/old", "what cannot be undone comes last")
    #expect(sent.filter { $0 == "delete_alias a" }.count == 1)
    await expectInSync(bench)
  }

  @Test func `An alias that a tree gives another name is not renamed over a collection`()
    async throws
  {
    func tree(_ alias: String) -> String {
      """
      kind: Hierarchy
      name: docs
      levels: [{name: area, place: name, pattern: "[a-z]+"}]
      names: {collection: "docs.{area}", alias: "\(alias)"}
      tree: {legal: {vectors: {size: 2, distance: Dot}}}

      """
    }
    let bench = try await bench(tree("{area}"))
    let taking = NameTests.taking.replacing("name: a\n", with: "name: legal\n")
    try bench.write(tree("{area}.now") + taking)
    let plan = await bench.plan(bench.folder)
    #expect(plan.output.contains("from s2, which removes that, until s3"), "\(plan.output)")
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .success, "\(apply.output)\(apply.error)")
    let wanted = ["create_alias legal.now", "delete_alias legal", "PUT /collections/legal"]
    #expect(Array(sent(bench).prefix(3)) == wanted)
    await expectInSync(bench)
    let back = await run(bench, "rollback", "run-2", "--yes")
    #expect(back.status == .success, "\(back.output)\(back.error)")
    #expect(aliases(bench) == ["legal": "docs.legal"])
  }

  @Test func `Two manifests that take an alias away remove it once`() async throws {
    let bench = try await bench()
    let taking = NameTests.taking.replacing("[front]", with: "[front, {name: a, state: absent}]")
    try bench.write(NameTests.old("aliases: []") + taking)
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
    #expect(sent(bench).filter { $0 == "delete_alias a" }.count == 1)
  }

  @Test(arguments: ["", "aliases: [other]\nlifecycle: {unlisted: keep}"])
  func `Where nothing removes the alias the collection is refused`(lines: String) async throws {
    let bench = try await bench()
    try bench.write(NameTests.old(lines) + NameTests.taking)
    let plan = await bench.plan(bench.folder)
    #expect(plan.status == .refused, "\(plan.output)")
    #expect(plan.output.contains("R102"), "\(plan.output)")
    #expect(plan.output.contains("a list of 'aliases' that it is not in"), "\(plan.output)")
    #expect(!plan.output.contains("W104"))
    #expect(!plan.output.contains("+ alias/front"), "what is refused has no steps")
    #expect(await bench.apply(bench.folder, "--yes").status == .refused)
    #expect(bench.changes.isEmpty)
  }

  @Test func `A collection behind an alias of its own name is refused`() async throws {
    let bench = try await bench()
    bench.byHand("PUT", "/collections/b", ["vectors": ["size": 4, "distance": "Dot"]])
    bench.byHand(
      "POST", "/collections/aliases",
      ["actions": [["rename_alias": ["old_alias_name": "a", "new_alias_name": "b"]]]])
    let taking = NameTests.taking.replacing("name: a\n", with: "name: b\n")
    try bench.write(NameTests.old("aliases: []") + taking)
    let plan = await bench.plan(bench.folder)
    #expect(plan.status == .refused, "\(plan.output)")
    #expect(plan.output.contains("R102"), "\(plan.output)")
  }

  // MARK: From a collection to an alias

  /// `search` is a collection; then it goes, with those lines, and an alias takes its name.
  private func switched(_ lines: String) async throws -> CommandBench {
    let search = NameTests.old("").replacing("name: old", with: "name: search")
    let bench = try await bench(search)
    try bench.write(
      search + lines + "\n---\n"
        + NameTests.old("aliases: [search]").replacing("name: old", with: "name: new"))
    return bench
  }

  @Test func `A collection goes before an alias takes its name`() async throws {
    let bench = try await switched("lifecycle: {state: absent, on_delete: delete}")
    let plan = await bench.plan(bench.folder)
    #expect(plan.output.contains("warning[W104]: alias/search: the name is a collection now"))
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .success, "\(apply.output)\(apply.error)")
    let names = sent(bench).filter { $0.hasSuffix("search") }
    #expect(names == ["DELETE /collections/search", "create_alias search"])
    await expectInSync(bench)
  }

  @Test(arguments: [
    ("", "R103", "'state: absent' and 'on_delete: delete'"),
    ("lifecycle: {state: absent, on_delete: forbid}", "R303", "forbids the deletion"),
    ("lifecycle: {state: absent, on_delete: delete}", "R301", "--accept-loss collection/search=1"),
  ])
  func `A collection that may not go keeps its name`(lines: String, code: String, words: String)
    async throws
  {
    let bench = try await switched(lines)
    bench.byHand(
      "PUT", "/collections/search/points?wait=true",
      ["points": [["id": 1, "vector": [1, 2]]]])
    if lines.isEmpty {
      try bench.write(NameTests.old("aliases: [search]").replacing("name: old", with: "name: new"))
    }
    let plan = await bench.plan(bench.folder)
    #expect(plan.status == .refused, "\(plan.output)")
    #expect(plan.output.contains(code) && plan.output.contains(words), "\(plan.output)")
  }
}
