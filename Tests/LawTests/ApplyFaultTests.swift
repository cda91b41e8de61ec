import Execution
import InProcessTransport
import JSON
import LawBench
import Planning
import QdrantProvider
import ResourceModel
import SimulatedQdrant
import Testing
import Transport

/// What an apply does when the server or the way to it fails.
@Suite struct ApplyFaultTests {
  /// A bench whose server fails by these rules, and a plan of several steps for it.
  private func prepared(_ rules: [FaultRule]) async throws -> (Bench, Plan, [DesiredResource]) {
    let endpoint = InMemoryEndpoint(Bench.freshServer())
    let bench = Bench(endpoint)
    var random = RandomCollections(seed: 11)
    let collections = [random.collection("one"), random.collection("two")]
    let plan = try await bench.plan(collections)
    try #require(plan.steps.count >= 2)
    endpoint.setFaults(FaultScript(rules))
    return (bench, plan, collections)
  }

  private func create(_ fault: Fault, times: Int? = 1) -> [FaultRule] {
    [
      FaultRule(
        FaultMatcher(methods: ["PUT"], path: "/collections/one", nth: 1, times: times), fault)
    ]
  }

  private func creations(_ bench: Bench) -> Int {
    bench.transport.mutations.filter { $0.line == "PUT /collections/one" }.count
  }

  /// The effect is there, so that the outcome is known without asking again.
  @Test(arguments: [
    Fault.dropAfterApply, .applyThenStatus(500), .applyThenStatus(502), .truncate(after: 3),
    .garbage(Array("<html>".utf8)), .wrongSchema(.noResult), .blackhole(applied: true),
    .lateApply(seconds: 1),
  ])
  func `A lost answer to what happened is settled by reading, and nothing is sent twice`(
    fault: Fault
  ) async throws {
    let (bench, plan, collections) = try await prepared(create(fault))
    let (outcome, _) = await bench.apply(plan.steps)
    #expect(outcome == .applied, "\(outcome)")
    #expect(creations(bench) == 1)
    #expect(try await bench.plan(collections).isEmpty)
  }

  @Test(arguments: [
    Fault.dropBeforeApply, .dropMidRequest(after: 1), .neverApply, .blackhole(applied: false),
  ])
  func `What may have happened and did not is settled, and only then sent again`(
    fault: Fault
  ) async throws {
    let (bench, plan, collections) = try await prepared(create(fault))
    let (outcome, journal) = await bench.apply(plan.steps)
    #expect(outcome == .applied, "\(outcome)")
    #expect(creations(bench) == 2)
    let id = try #require(plan.steps.first { $0.address.collection == "one" }?.id)
    let settled = try #require(journal.firstIndex(of: .notApplied(id, .forward)))
    let intents = journal.indices.filter {
      if case .intent(id, .forward, _, _) = journal[$0] { true } else { false }
    }
    #expect(intents.count == 2 && intents[0] < settled && settled < intents[1])
    #expect(try await bench.plan(collections).isEmpty)
  }

  @Test func `What never answers and never happens is given up after three attempts`()
    async throws
  {
    let (bench, plan, _) = try await prepared(create(.dropBeforeApply, times: nil))
    let (outcome, _) = await bench.apply(plan.steps)
    #expect(outcome.state == .interrupted || outcome.state == .rolledBack, "\(outcome)")
    #expect(creations(bench) == 3)
    #expect(try await bench.observe().collections["one"] == nil)
  }

  @Test(arguments: [
    Fault.refuse, .dropBeforeRead, .rate(perSecond: 0, retryAfter: nil),
  ])
  func `What never left is tried again, and after a few attempts the run can be continued`(
    fault: Fault
  ) async throws {
    let (once, plan, collections) = try await prepared(create(fault))
    #expect(await once.apply(plan.steps).outcome == .applied)
    #expect(try await once.plan(collections).isEmpty)
    let (always, again, _) = try await prepared(create(fault, times: nil))
    let (outcome, _) = await always.apply(again.steps)
    #expect(outcome.state == .interrupted, "\(outcome)")
    #expect(creations(always) == 3)
  }

  @Test(arguments: [400, 404, 409, 422, 507])
  func `A refusal takes everything back that the run did`(status: Int) async throws {
    let body = Array(#"{"status":{"error":"no"},"time":0}"#.utf8)
    let (bench, plan, _) = try await prepared(create(.status(status, body: body, headers: [])))
    let (outcome, journal) = await bench.apply(plan.steps)
    #expect(outcome.state == .rolledBack, "\(outcome)")
    #expect(outcome.cause(.rejected)?.message.contains(" \(status) ") ?? false)
    #expect(creations(bench) == 1)
    #expect(bench.transport.mutations.count == sent(journal))
    #expect(try await bench.observe().collections.isEmpty)
  }

  /// A step later than the first, and the first, when nothing is there to undo.
  @Test(arguments: ["one", "two"])
  func `What is answered with an error for ever and never happens takes everything back`(
    name: String
  ) async throws {
    let body = Array(#"{"status":{"error":"no"},"time":0}"#.utf8)
    let (bench, plan, _) = try await prepared([
      FaultRule(
        FaultMatcher(methods: ["PUT"], path: "/collections/\(name)", times: nil),
        .status(500, body: body, headers: []))
    ])
    let (outcome, _) = await bench.apply(plan.steps)
    #expect(outcome.state == .rolledBack, "\(outcome)")
    #expect(outcome.cause(.rejected)?.message.contains("found by reading") ?? false, "\(outcome)")
    #expect(try await bench.observe().collections.isEmpty)
  }

  @Test(arguments: [401, 403])
  func `Without permission nothing is taken back: the run can be continued`(
    status: Int
  ) async throws {
    let body = Array(#"{"status":{"error":"no"},"time":0}"#.utf8)
    let (bench, plan, _) = try await prepared(create(.status(status, body: body, headers: [])))
    let (outcome, journal) = await bench.apply(plan.steps)
    #expect(outcome.state == .interrupted, "\(outcome)")
    #expect(outcome.cause(.noPermission) != nil)
    #expect(bench.transport.mutations.count == sent(journal))
  }

  @Test func `When stopping was asked for, a refusal leaves what was done`() async throws {
    let body = Array(#"{"status":{"error":"no"},"time":0}"#.utf8)
    let (bench, plan, _) = try await prepared(create(.status(400, body: body, headers: [])))
    var settings = ApplyMachine.Settings()
    settings.onFailure = .stop
    let (outcome, journal) = await bench.apply(plan.steps, settings)
    #expect(outcome.state == .halted, "\(outcome)")
    #expect(!journal.contains(.turned))
  }

  @Test func `A redirect is refused and not followed`() async throws {
    let fault = Fault.redirect(to: "http://elsewhere.example/", status: 307)
    let (bench, plan, _) = try await prepared(create(fault))
    let (outcome, _) = await bench.apply(plan.steps)
    #expect(outcome.cause(.rejected)?.message.contains("not followed") ?? false, "\(outcome)")
    #expect(creations(bench) == 1)
  }

  @Test func `Every request that leaves was announced before it left`() async throws {
    let (bench, plan, _) = try await prepared([])
    let (outcome, journal) = await bench.apply(plan.steps)
    #expect(outcome == .applied)
    #expect(sent(journal) == bench.transport.mutations.count)
    for step in plan.steps where !journal.contains(.skipped(step.id, .forward)) {
      let intent = journal.firstIndex {
        if case .intent(step.id, .forward, _, _) = $0 { true } else { false }
      }
      let done = journal.firstIndex(of: .done(step.id, .forward))
      #expect(try #require(intent) < #require(done))
    }
  }

  @Test func `Undoing a creation takes no points with it that were written meanwhile`()
    async throws
  {
    let endpoint = InMemoryEndpoint(Bench.freshServer())
    let bench = Bench(endpoint)
    let collection = DesiredResource(
      address: .collection("one", cluster: "c"), span: RandomCollections.span)
    let plan = try await bench.plan([collection])
    #expect(await bench.apply(plan.steps).outcome == .applied)
    let body = #"{"points":[{"id":1,"vector":{}}]}"#
    _ = endpoint.exchange(
      SimulatedRequest(
        method: "PUT", target: "/collections/one/points?wait=true", body: Array(body.utf8)),
      now: 1_700_000_000)
    let (outcome, _) = await bench.apply(Plan.inverses(of: plan.steps))
    #expect(outcome.state == .refused)
    let facts = try #require(outcome.cause(.stale)).facts
    #expect(facts.map(\.now) == [1])
    #expect(try await bench.provider.countPoints(in: "one") == 1)
  }

  /// Intents are announcements of requests.
  private func sent(_ journal: [JournalEntry]) -> Int {
    journal.filter { if case .intent = $0 { true } else { false } }.count
  }
}
