import Execution
import JSON
import Planning
import QdrantProvider
import QdrantSchema
import Rendering
import SimulatedQdrant
import Testing

/// Somebody else changes what an open run was at, so that it is neither as before the step nor as
/// after it: that is found out by reading, and the run ends where a person can go on.
@Suite struct ForeignHandTests {
  /// A run that ended in the request of the subject's step, before an answer came, and what
  /// somebody else did then.
  private func killed(
    in name: String, isApplied: Bool, then request: SimulatedRequest
  ) async throws -> (Subject, FaultRun) {
    let subject = try #require(try await Subjects.all().first { $0.name == name })
    var run = FaultRun(subject.server)
    let ailment =
      isApplied
      ? Ailment(.dropAfterApply, .arrives, isAnswered: false)
      : Ailment(.dropBeforeApply, .lost, isAnswered: false)
    let trigger = Trigger(
      step: subject.step.id, direction: .forward, ailment: ailment, reach: .everything,
      request: try RequestEncoder(schema: QdrantResources.schema)
        .request(subject.step.operation, run: "r1"))
    #expect(await run.process(subject.steps, trigger: trigger).state == .interrupted)
    run.dieInRequest(of: subject.step.id, .forward)
    run.byHand(request)
    return (subject, run)
  }

  private static let deletion = ForeignChange.request("DELETE", "/collections/main", nil)

  @Test(arguments: [false, true], [false, true])
  func `A run whose collection somebody deleted ends, and says that it is gone`(
    isApplied: Bool, goesBack: Bool
  ) async throws {
    var (subject, run) = try await killed(
      in: "update index", isApplied: isApplied, then: ForeignHandTests.deletion)
    let sent = run.mutations.count
    for isBack in [goesBack, goesBack, !goesBack] {
      let end = await run.process(subject.steps, goesBack: isBack)
      #expect(end.state == .halted, "\(end)")
      #expect(end.cause(.undecided) == nil, "\(end)")
      #expect(RunHistory(run.journal).hasSent, "it can be gone on with")
      let words = ApplyText(subject.steps).ending(end, RunHistory(run.journal))
      #expect(words.contains("nothing to undo it in"), "\(words)")
      #expect(words.contains("collection/main: expected it to be there, found nothing"), "\(words)")
    }
    #expect(run.mutations.count == sent)
    #expect(RunLaws.violations(run.happenings).isEmpty)
  }

  @Test(arguments: [false, true], [false, true])
  func `A value that is neither the old nor the new one is told and left alone`(
    isApplied: Bool, goesBack: Bool
  ) async throws {
    var (subject, run) = try await killed(
      in: "update hnsw_config", isApplied: isApplied,
      then: ForeignChange.request("PATCH", "/collections/main", ["hnsw_config": ["m": 48]]))
    let end = await run.process(subject.steps, goesBack: goesBack)
    #expect(end.state == .halted, "\(end)")
    #expect(end.cause(.residual)?.facts.map(\.now) == [48], "\(end)")
    #expect(try await Subject.picture(run.server)["main hnsw_config.m"] == 48)
    // What a person puts right is found right.
    run.byHand(ForeignChange.request("PATCH", "/collections/main", ["hnsw_config": ["m": 16]]))
    #expect(await run.process(subject.steps, goesBack: true).state == .rolledBack)
    #expect(try await Subject.picture(run.server) == subject.forward[0])
  }

  @Test(arguments: [false, true])
  func `A deletion that did not happen, of what has got points since, is in nobody's way`(
    goesBack: Bool
  ) async throws {
    var (subject, run) = try await killed(
      in: "delete collection", isApplied: false,
      then: ForeignChange.request(
        "PUT", "/collections/doomed/points?wait=true",
        ["points": [["id": 7, "vector": [:], "payload": [:]]]]))
    let end = await run.process(subject.steps, goesBack: goesBack)
    #expect(end.state == .rolledBack, "\(end)")
    #expect(try await Subject.picture(run.server) == subject.forward[0])
  }
}
