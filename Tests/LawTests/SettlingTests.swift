import Execution
import InProcessTransport
import JSON
import LawBench
import Planning
import ResourceModel
import Testing
import Transport

/// A run that ended in a request, on a cluster of several peers: what it finds is final behind a
/// barrier.
@Suite struct SettlingTests {
  /// A step that sets `m` from 16 to 20.
  private static let step: Step = {
    let address = ResourceAddress.collection("one", cluster: "c")
    let path = FieldPath("hnsw_config.m")
    var step = Step(
      operation: Operation(.update, address, fields: [FieldAssignment(path, 20)]),
      before: [.value(address, path, 16)], after: [.value(address, path, 20)],
      inverse: Operation(.update, address, fields: [FieldAssignment(path, 16)]),
      stepClass: .exact, phase: .expand)
    step.id = StepID(1)
    return step
  }()

  @Test(arguments: [(16, RunEnd.State.applied), (20, .applied), (48, .halted)])
  func `What a killed process left is found out, whatever it is`(
    m: Int, state: RunEnd.State
  ) async throws {
    let cluster = ClusterBench(seed: 7)
    let body: JSONValue = ["vectors": [:], "hnsw_config": ["m": .integer(m)]]
    _ = try await cluster.bench.transport.send(
      HTTPRequest(
        method: "PUT", target: "/collections/one", body: body.bytes(), effect: .mutation,
        timeout: .seconds(60)))
    let step = SettlingTests.step
    let intent = JournalEntry.intent(step.id, .forward, step.operation, inverse: step.inverse)
    let (end, journal) = await cluster.bench.apply([step], past: [intent])
    #expect(end.state == state, "\(end)")
    let barriers = journal.filter { if case .control(_, .barrier) = $0 { true } else { false } }
    #expect(barriers.isEmpty == (m == 20), "\(journal)")
    if state == .halted { #expect(end.cause(.residual)?.facts.map(\.now) == [48], "\(end)") }
  }
}
