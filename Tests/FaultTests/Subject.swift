import Execution
import InProcessTransport
import JSON
import LawBench
import Planning
import ResourceModel
import SimulatedQdrant
import Testing

/// A step that faults are to hit, with what it needs before it and a step of no concern after it.
struct Subject: Sendable, CustomStringConvertible {
  typealias Picture = [String: JSONValue]

  let name: String
  let steps: [Step]
  /// The place of the step within `steps`; the last step is `tail`.
  let place: Int
  let server: SimulatedServer
  /// The server after so many steps of a run that nothing happens to.
  let forward: [Picture]
  /// The server of a run that was taken back until only so many of the steps before the tail stand.
  let back: [Picture]

  var step: Step { steps[place] }

  /// The server when all was taken back and the step itself never happened.
  ///
  /// What was unset and was changed by a step before it may be left at an equal explicit value.
  var untouched: Picture {
    step.stepClass == .sticky || back.isEmpty ? forward[0] : back[0]
  }

  var description: String { name }

  /// The collection that the last step of every subject creates.
  static let tail = "zz_tail"

  /// Runs the plan once without a fault, to and fro, to know where it leads.
  init(_ step: Step, of plan: Plan, _ tail: Step, on server: SimulatedServer) async throws {
    name = Subject.kind(step)
    var wanted: Set<StepID> = [step.id]
    for other in plan.steps.reversed() where wanted.contains(other.id) {
      wanted.formUnion(other.needs)
    }
    var last = tail
    last.id = StepID((plan.steps.map(\.id.number).max() ?? 0) + 1)
    let chosen = plan.steps.filter { wanted.contains($0.id) }
    steps = chosen + [last]
    place = chosen.count - 1
    try #require(chosen.last == step)
    self.server = server
    var pictures: [Picture] = [try await Subject.picture(server)]
    var run = FaultRun(server)
    let end = await run.process(steps)
    try #require(end == .applied, "\(name): \(end)")
    for state in run.states { pictures.append(try await Subject.picture(state)) }
    forward = pictures
    back = try await Subject.wayBack(steps, server, standing: pictures[chosen.count])
  }

  /// What tells kinds of steps apart.
  static func kind(_ step: Step) -> String {
    let operation = step.operation
    if operation.fields.contains(where: { $0.path == .renamedFrom }) { return "rename alias" }
    guard operation.action == .update, step.address.kind == .collection else {
      return "\(operation.action.rawValue) \(step.address.kind.rawValue)"
    }
    return "update \(operation.fields.first?.path.segments.first?.string ?? "mark")"
  }

  private static func wayBack(
    _ steps: [Step], _ server: SimulatedServer, standing: Picture
  ) async throws -> [Picture] {
    var run = FaultRun(server)
    run.refusesTail = true
    let end = await run.process(steps)
    guard end.state == .rolledBack else { return [] }
    // Steps without an inverse go with the creation that they need, and leave no record.
    let undone = Set(
      run.journal.compactMap { entry -> StepID? in
        if case .done(let id, .back) = entry { id } else { nil }
      })
    var pictures = [standing]
    var states = run.states.dropFirst(steps.count - 1).makeIterator()
    for step in steps.dropLast().reversed() {
      if undone.contains(step.id), let state = states.next() {
        pictures.append(try await picture(state))
      } else {
        pictures.append(pictures[pictures.count - 1])
      }
    }
    return pictures.reversed()
  }

  /// What means the same is the same; locks do not count.
  static func picture(_ server: SimulatedServer) async throws -> Picture {
    try await Bench(InMemoryEndpoint(server)).picture()
  }

  /// What the server keeps of the collection that no manifest mentions, whole.
  static func unmanaged(_ server: SimulatedServer) -> String {
    let state = server.exportState()
    let collections = state["collections"]?.array ?? []
    let aliases = state["aliases"]?.array ?? []
    let theirs = collections.filter { $0["name"] == "foreign" }
    let alias = aliases.filter { $0["collection_name"] == "foreign" }
    return JSONValue.array(theirs + alias).text()
  }
}
