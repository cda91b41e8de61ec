import Commands
import InProcessTransport
import JSON
import SimulatedQdrant
import Testing

/// What `--accept-loss` and the selection may name.
@Suite struct ConsentTests {
  private static let going = """
    kind: Collection
    name: old
    vectors: {size: 2, distance: Dot}
    lifecycle: {state: absent, on_delete: delete}

    """
  private static let kept =
    "---\nkind: Collection\nname: kept\nvectors: {size: 2, distance: Dot}\n"
    + "payload_indexes: {t: {type: keyword}}\n"

  /// A collection with a point that is to go.
  private func prepared() async throws -> CommandBench {
    let bench = try CommandBench()
    try bench.write(
      ConsentTests.going.replacing("state: absent, ", with: "") + ConsentTests.kept)
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
    bench.byHand(
      "PUT", "/collections/old/points?wait=true",
      ["points": [["id": 1, "vector": [1, 0]]]])
    try bench.write(ConsentTests.going + ConsentTests.kept)
    return bench
  }

  @Test(arguments: [
    ("collection/nope=3", "the plan loses no points of 'collection/nope'"),
    ("collection/oldd=3", "did you mean 'collection/old'?"),
    ("collection/kept=3", "the plan loses no points of 'collection/kept'"),
    ("collection/old@there=3", "the plan loses no points of 'collection/old@there'"),
    ("old=1", "'old' is no address like collection/products"),
    ("collection/=1", "'collection/' is no address"), ("thing/old=1", "'thing/old' is no address"),
  ])
  func `A consent that means nothing is refused`(word: String, message: String) async throws {
    let bench = try await prepared()
    bench.transport.forgetExchanges()
    for result in [
      await bench.plan(bench.folder, "--accept-loss", word),
      await bench.apply(bench.folder, "--yes", "--accept-loss", word),
    ] {
      #expect(result.status == .usage, "\(result.output)")
      #expect(result.error.contains(message), "\(result.error)")
    }
    #expect(bench.transport.mutations.isEmpty)
  }

  @Test(arguments: ["collection/old", "collection/old@here"])
  func `A consent is given on any cluster, or on one`(address: String) async throws {
    let bench = try await prepared()
    let low = await bench.plan(bench.folder, "--accept-loss", address + "=0")
    #expect(low.status == .refused)
    #expect(low.output.contains("more than the 0 that were consented to"), "\(low.output)")
    let apply = await bench.apply(bench.folder, "--yes", "--accept-loss", address + "=1")
    #expect(apply.status == .success, "\(apply.output)\(apply.error)")
    #expect(bench.live("old") == nil)
    #expect(bench.live("kept") != nil)
    // A pipeline says the same each time.
    let again = await bench.apply(bench.folder, "--yes", "--accept-loss", address + "=1")
    #expect(again.status == .success, "\(again.error)")
  }

  @Test(arguments: [
    ("kept", "the manifests have no 'kept'; did you mean 'collection/kept'?"),
    ("index/kept/t", "collections are selected as a whole; write 'collection/kept'"),
    ("alias/x", "'alias/x' is an alias, which is selected with its collection"),
    ("collection/keep", "the manifests have no 'collection/keep'; did you mean 'collection/kept'?"),
  ])
  func `A selection of nothing says what was meant`(word: String, message: String) async throws {
    let bench = try await prepared()
    for option in ["--only", "--except"] {
      let plan = await bench.plan(bench.folder, option, word)
      #expect(plan.status == .usage)
      #expect(plan.error.hasPrefix("qdrant-plan: "), "\(plan.error)")
      #expect(plan.error.contains(message), "\(plan.error)")
    }
  }

  @Test func `Parts of a collection with dots in its name are told from it, too`() async throws {
    let bench = try CommandBench()
    try bench.write(
      "kind: Collection\nname: legal.contracts\nvectors: {size: 2, distance: Dot}\n---\n"
        + "kind: Collection\nname: legal\nvectors: {size: 2, distance: Dot}\n")
    let plan = await bench.plan(bench.folder, "--only", "index/legal.contracts/tenant_id")
    #expect(plan.status == .usage)
    #expect(plan.error.contains("write 'collection/legal.contracts'"), "\(plan.error)")
  }

  @Test func `Where no server was asked nothing is called in sync`() async throws {
    let bench = try CommandBench()
    try bench.write("kind: Collection\nname: a\nvectors: {size: 2, distance: Dot}\n")
    let both = ["--only", "collection/a", "--except", "collection/a"]
    for command in [PlanCommand.run, DriftCommand.run] {
      let text = await bench.run(command, [bench.folder] + both)
      #expect(text.output.hasSuffix("Nothing is selected: no server was asked.\n"))
      #expect(!text.output.contains("In sync"))
      let json = await bench.run(command, [bench.folder, "--format", "json"] + both)
      #expect(try JSONParser.parse(Array(json.output.utf8))["in_sync"] == false)
    }
    let markdown = await bench.run(
      PlanCommand.run, [bench.folder, "--format", "markdown"] + both)
    #expect(markdown.output.hasPrefix("### Nothing is selected: no server was asked\n"))
    let file = bench.path("plan.json")
    #expect(
      await bench.run(PlanCommand.run, [bench.folder, "--out", file] + both).status == .success)
    #expect(await bench.plan("show", file).output.contains("Nothing is declared or selected"))
    try bench.write("")
    for command in [PlanCommand.run, DriftCommand.run] {
      let none = await bench.run(command, [bench.path("cluster.yaml")])
      #expect(
        none.output.hasSuffix("Nothing is declared: no server was asked.\n"),
        "\(none.output)\(none.error)")
    }
    #expect(bench.transport.exchanges.isEmpty)
  }
}
