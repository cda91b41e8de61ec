import InProcessTransport
import JSON
import OptionParsing
import Planning
import QdrantProvider
import QdrantSchema
import ResourceModel
import Secrets
import SimulatedQdrant
import Synchronization
import Testing

@testable import Commands

/// `qdrant-plan --rehearse`, as a user meets it.
@Suite struct RehearsalTests {
  private static let changed = MainPathTests.products.replacing("m: 16", with: "m: 20")

  private func prepared() async throws -> CommandBench {
    let bench = try CommandBench()
    try bench.write(MainPathTests.products)
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
    try bench.write(RehearsalTests.changed)
    return bench
  }

  @Test(arguments: ["json", "markdown"])
  func `What a program reads holds the plan alone`(format: String) async throws {
    let bench = try await prepared()
    let plain = await bench.plan(bench.folder, "--format", format)
    let rehearsed = await bench.plan(bench.folder, "--format", format, "--rehearse")
    #expect(rehearsed.status == .success)
    #expect(rehearsed.output == plain.output)
    #expect(rehearsed.error.contains("2 of 2 steps arrive"))
  }

  @Test func `When quiet was asked for, a good rehearsal is not told`() async throws {
    let bench = try await prepared()
    let plan = await bench.plan(bench.folder, "--quiet", "--rehearse")
    #expect(!(plan.output + plan.error).contains("ehears"))
  }

  /// What the command says of a plan of one step, which tells what it brings about.
  private func rehearsed(
    after: Int, inverse: Int
  ) async throws -> (statuses: Set<Commands.ExitStatus>, error: String) {
    let bench = try await prepared()
    let client = QdrantClient(
      transport: bench.transport, schema: QdrantResources.schema, redactor: Redactor([]))
    let address = ResourceAddress.collection("products", cluster: "here")
    let path = FieldPath(["hnsw_config", "m"])
    var step = Step(
      operation: Operation(.update, address, fields: [FieldAssignment(path, 32)]),
      before: [.value(address, path, 16)], after: [.value(address, path, .integer(after))],
      inverse: Operation(.update, address, fields: [FieldAssignment(path, .integer(inverse))]),
      stepClass: .exact, phase: .expand)
    step.id = StepID(1)
    var plan = Plan(workspace: "w")
    let observed = try await client.observe(nil)
    plan.clusters = [PlannedCluster(name: "here", endpoint: "", identity: observed.identity)]
    plan.steps = [step]
    guard case .run(let command) = try CommandTables.plan.parse(["--rehearse"]) else {
      return ([], "")
    }
    let spoken = Mutex("")
    let report = RehearsalReport(
      plan: plan, readings: ["here": .observed(observed, endpoint: "")], command: command,
      console: CommandContext.Console(
        output: { _ in }, error: { text in spoken.withLock { $0 += text } }))
    return (await report.run(), spoken.withLock { $0 })
  }

  @Test func `A plan that does not arrive is refused`() async throws {
    let (statuses, error) = try await rehearsed(after: 64, inverse: 16)
    #expect(statuses == [.refused])
    #expect(error.contains("Rehearsal failed @here: the plan does not arrive."), "\(error)")
    #expect(error.contains("expected 64, found 32"), "\(error)")
    #expect(Commands.ExitStatus.first(of: statuses.union([.changesPending])) == .refused)
  }

  @Test func `A rollback that does not return is refused`() async throws {
    let (statuses, error) = try await rehearsed(after: 32, inverse: 24)
    #expect(statuses == [.refused])
    #expect(error.contains("Rehearsal failed @here: the rollback does not return."), "\(error)")
  }

  @Test func `A server that no simulation answers as is unchecked, and said`() async throws {
    let (bench, endpoint) = try CommandBench.rewriting()
    try bench.write(MainPathTests.products)
    endpoint.alter { request, response in
      guard request.target == "/" else { return }
      response.say(200, #"{"title":"qdrant","version":"1.99.0"}"#)
    }
    let plan = await bench.plan(bench.folder, "--rehearse")
    #expect(plan.status == .unchecked, "\(plan.output)\(plan.error)")
    #expect(plan.error.contains("Not rehearsed @here: no simulation answers as 1.99.0"))
  }

  @Test func `An alias moves away from a collection that no manifest mentions`() async throws {
    let bench = try CommandBench()
    bench.byHand("PUT", "/collections/foreign", [:])
    let create: JSONValue = ["alias_name": "front", "collection_name": "foreign"]
    bench.byHand("POST", "/collections/aliases", ["actions": [["create_alias": create]]])
    try bench.write(
      """
      kind: Collection
      name: one
      cluster: here
      vectors: {size: 4, distance: Dot}
      aliases: [front]
      """)
    let plan = await bench.plan(bench.folder, "--rehearse")
    #expect(plan.output.contains("steps arrive"), "\(plan.output)\(plan.error)")
    #expect(plan.status == .success)
  }

  @Test func `A plan file that could not be written is not covered by pending changes`()
    async throws
  {
    let bench = try await prepared()
    let plan = await bench.plan(
      bench.folder, "--out", bench.path("none/plan.json"), "--detailed-exitcode")
    #expect(plan.status == .failed, "\(plan.error)")
  }
}
