import Execution
import Planning
import QdrantProvider
import QdrantSchema
import ResourceModel
import SimulatedQdrant
import Testing
import Transport

/// Faults of the reads by which a step is verified, and a server that comes back empty.
@Suite struct ReadFaultTests {
  /// What a read back can meet; every one of them says nothing of the step.
  private static let faults: [Fault] = [
    .refuse, .dropBeforeRead, .dropBeforeApply, .dropAfterApply, .delay(seconds: 31),
    .blackhole(applied: false), .truncate(after: 9), .garbage(Array("<html>".utf8)),
    .notHTTP(Array("x".utf8)), .wrongSchema(.noResult), .wrongSchema(.textResult),
    .wrongSchema(.emptyObject), .wrongSchema(.deepResult(levels: 100_000)),
    .hugeBody(bytes: 2 << 20), .redirect(to: "http://elsewhere.example/", status: 307),
    .status(500, body: [], headers: []), .status(503, body: [], headers: []),
    .rate(perSecond: 0, retryAfter: 1), .authFlip,
  ]

  /// Reads only, from the first request of the step on.
  private func trigger(_ subject: Subject, _ fault: Fault, times: Int?) -> Trigger {
    Trigger(
      step: subject.step.id, direction: .forward,
      ailment: Ailment(fault, .arrives), reach: .reads(times),
      request: RequestPreview(method: "", target: "", body: nil))
  }

  @Test func `A read back that fails once costs a moment and nothing else`() async throws {
    var cells = 0
    for subject in try await Subjects.all() {
      for fault in ReadFaultTests.faults {
        var run = FaultRun(subject.server)
        let end = await run.process(subject.steps, trigger: trigger(subject, fault, times: 1))
        #expect(end == .applied, "\(subject), \(fault): \(end)")
        #expect(run.mutations.count == subject.steps.count, "\(subject), \(fault)")
        #expect(RunLaws.violations(run.happenings) == [])
        cells += 1
      }
    }
    print("read faults, once: \(cells) cells")
  }

  @Test func `What can never be read back stays open, and is found when it can be read`()
    async throws
  {
    var cells = 0
    for subject in try await Subjects.all() {
      for fault in ReadFaultTests.faults {
        var run = FaultRun(subject.server)
        let end = await run.process(subject.steps, trigger: trigger(subject, fault, times: nil))
        #expect(end.state == .interrupted, "\(subject), \(fault): \(end)")
        #expect(run.mutations.count == subject.place + 1, "\(subject), \(fault)")
        let resumed = await run.process(subject.steps)
        #expect(resumed == .applied, "\(subject), \(fault): \(resumed)")
        #expect(run.mutations.count == subject.steps.count, "\(subject), \(fault)")
        #expect(RunLaws.violations(run.happenings) == [])
        cells += 1
      }
    }
    print("read faults, from then on: \(cells) cells")
  }

  /// A refusal of what took effect: the request came twice, or a proxy made the answer.
  private func refusedThoughDone(_ subject: Subject) throws -> [FaultRule] {
    let request = try RequestEncoder(schema: QdrantResources.schema)
      .request(subject.step.operation, run: "r1")
    let path = String(request.target.prefix { $0 != "?" })
    let matcher = FaultMatcher(methods: [request.method], path: path, times: 1)
    return [FaultRule(matcher, .applyThenStatus(400))]
  }

  @Test func `A refusal behind which nobody can look is unknown, and is found when it can be read`()
    async throws
  {
    for subject in try await Subjects.all() {
      var run = FaultRun(subject.server)
      let end = await run.process(
        subject.steps, trigger: trigger(subject, .refuse, times: nil),
        standing: try refusedThoughDone(subject))
      #expect(end.state == .interrupted, "\(subject): \(end)")
      #expect(run.mutations.count == subject.place + 1, "\(subject)")
      var back = run
      let resumed = await run.process(subject.steps)
      #expect(resumed == .applied, "\(subject): \(resumed)")
      #expect(run.mutations.count == subject.steps.count, "\(subject)")
      let undone = await back.process(subject.steps, goesBack: true)
      #expect(RunLaws.violations(run.happenings) + RunLaws.violations(back.happenings) == [])
      guard subject.step.stepClass != .none else {
        #expect(undone.state == .halted, "\(subject): \(undone)")
        continue
      }
      #expect(undone.state == .rolledBack, "\(subject): \(undone)")
      #expect(try await Subject.picture(back.server) == subject.back[0], "\(subject)")
    }
  }

  @Test func `A refusal of what took effect is looked behind, also when the first look fails`()
    async throws
  {
    for subject in try await Subjects.all() {
      var run = FaultRun(subject.server)
      let end = await run.process(
        subject.steps, trigger: trigger(subject, .refuse, times: 1),
        standing: try refusedThoughDone(subject))
      #expect(end == .applied, "\(subject): \(end)")
      #expect(run.mutations.count == subject.steps.count, "\(subject)")
    }
  }

  @Test(arguments: ["create index", "delete index", "update index"])
  func `An index that does not show for a moment is waited for, and sent once`(
    name: String
  ) async throws {
    let subject = try #require(try await Subjects.all().first { $0.name == name })
    var run = FaultRun(subject.server)
    let end = await run.process(subject.steps, trigger: trigger(subject, .emptyInfo, times: 2))
    #expect(end == .applied, "\(end)")
    #expect(run.mutations.count == subject.steps.count)
  }

  /// What the server forgot is not taken for undone work: what still fits is made again, and
  /// where the ground is gone, nothing more is sent.
  @Test func `A server that comes back empty gets only what fits an empty server`() async throws {
    for subject in try await Subjects.all() {
      var run = FaultRun(subject.server)
      let fault = Ailment(.restart(keepingStorage: false), .lost, isAnswered: false)
      var trigger = trigger(subject, .refuse, times: nil)
      (trigger.ailment, trigger.reach) = (fault, .once)
      let end = await run.process(subject.steps, trigger: trigger)
      #expect(RunLaws.violations(run.happenings) == [])
      switch (subject.step.operation.action, subject.step.address.kind) {
      case (.create, .collection), (.delete, _):
        #expect(end == .applied, "\(subject): \(end)")
      default:
        #expect(end.state != .applied, "\(subject): \(end)")
      }
      #expect(run.mutations.filter { $0.hasSuffix(Subject.tail) }.count <= 1)
    }
  }
}
