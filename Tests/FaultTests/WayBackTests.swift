import Execution
import Planning
import QdrantProvider
import QdrantSchema
import Rendering
import SimulatedQdrant
import Testing

/// What a fault on the way leaves, and what the way back makes of it.
@Suite struct WayBackTests {
  private func subject(_ name: String) async throws -> Subject {
    try #require(try await Subjects.all().first { $0.name == name })
  }

  private func trigger(
    _ subject: Subject, _ direction: Direction, _ ailment: Ailment
  ) throws -> Trigger {
    let step = subject.step
    let operation = direction == .forward ? step.operation : step.inverse ?? step.operation
    return Trigger(
      step: step.id, direction: direction, ailment: ailment, reach: .operation,
      request: try RequestEncoder(schema: QdrantResources.schema).request(operation, run: "r1"))
  }

  @Test func `Every kind of step that a standalone server is asked for is a subject`()
    async throws
  {
    let names = try await Subjects.all().map(\.name)
    #expect(
      names == [
        "create alias", "create collection", "create index", "create sparse_vector",
        "create vector", "delete alias", "delete collection", "delete index",
        "delete sparse_vector", "delete vector", "rename alias", "update alias",
        "update hnsw_config", "update index", "update mark", "update metadata",
        "update on_disk_payload",
        "update optimizers_config", "update quantization_config", "update sparse_vectors",
        "update strict_mode_config", "update vectors",
      ])
  }

  @Test func `A step that never happened is not in the way when the run is taken back`()
    async throws
  {
    // What it was to set was unset before: there is no value of this run, and nothing to restore.
    let subject = try await subject("update vectors")
    try #require(subject.step.stepClass == .sticky)
    var run = FaultRun(subject.server)
    let lost = try trigger(subject, .forward, Ailment(.dropBeforeApply, .lost))
    #expect(await run.process(subject.steps, trigger: lost).state == .interrupted)
    let end = await run.process(subject.steps, goesBack: true)
    #expect(end.state == .rolledBack, "\(end)")
    #expect(try await Subject.picture(run.server) == subject.forward[0])
    let sent = run.journal.filter { entry in
      if case .intent(_, .back, _, _) = entry { true } else { false }
    }
    #expect(sent.isEmpty)
  }

  /// A server that answers 500 to the inverse, whenever it comes.
  private func refusingInverse() async throws -> (Subject, FaultRun, RunEnd) {
    let subject = try await subject("delete alias")
    var run = FaultRun(subject.server)
    run.refusesTail = true
    let end = await run.process(
      subject.steps, trigger: try trigger(subject, .back, Ailment(.neverApply, .lost)))
    return (subject, run, end)
  }

  @Test func `What could not be undone is tried in one round only, and told once`() async throws {
    let (subject, run, end) = try await refusingInverse()
    #expect(end.state == .halted)
    #expect(end.causes.filter { $0.step == subject.step.id }.count == 1, "\(end)")
    let sent = run.journal.filter { entry in
      if case .intent(subject.step.id, .back, _, _) = entry { true } else { false }
    }
    #expect(sent.count == 3)
  }

  @Test func `A run that stops on its way back says that it was undoing`() async throws {
    let subject = try await subject("delete alias")
    var run = FaultRun(subject.server)
    run.refusesTail = true
    let end = await run.process(
      subject.steps,
      trigger: try trigger(subject, .back, Ailment(.refuse, .neverLeft, isAnswered: false)))
    #expect(end.state == .interrupted)
    let cause = try #require(end.cause(.unreachable))
    #expect(cause.step == subject.step.id && cause.direction == .back)
    #expect(ApplyText(subject.steps).causes(of: end).contains("undo delete alias"))
  }
}
