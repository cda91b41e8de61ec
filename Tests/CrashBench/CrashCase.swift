import Execution
import InProcessTransport
import JSON
import LawBench
import Planning
import ResourceModel
import SimulatedQdrant

/// A plan over a prior state, and where it leads: what every crash has to end in.
package struct CrashCase: Sendable {
  package typealias Picture = [String: JSONValue]

  package let name: String
  package let plan: Plan
  package let server: SimulatedServer
  package let prior: Picture
  package let target: Picture
  /// Instants of a run that nobody kills.
  package let instants: Int
  /// What kills at those instants leave, each once.
  package let crashes: [CrashWorld]
  /// Places where an undone sticky step may leave an equal explicit value.
  private let sticky: Set<String>

  /// A third state, with the way there.
  package struct Violation: Error, CustomStringConvertible {
    package var description: String
  }

  /// Runs the plan once without a kill, to know where it leads.
  package init(_ name: String, _ plan: Plan, on server: SimulatedServer) async throws {
    self.name = name
    self.plan = plan
    self.server = server
    prior = try await CrashCase.picture(server)
    var world = CrashWorld(server)
    let whole = await world.process(.apply, plan, isKeeping: true)
    guard whole.end.state == .applied else {
      throw Violation(description: "\(name): \(whole.end)")
    }
    target = try await CrashCase.picture(world.remains.server)
    instants = whole.instants
    crashes = whole.crashes
    sticky = Set(
      plan.steps.filter { $0.stepClass == .sticky }
        .flatMap { step in step.after.map { "\(step.address.collection) \($0.path)" } })
  }

  static func picture(_ server: SimulatedServer) async throws -> Picture {
    var picture = try await Bench(InMemoryEndpoint(server)).picture()
    // Which run wrote a mark is no part of the state.
    for (key, value) in picture {
      guard var mark = value.object, mark["workspace"] != nil, mark["run"] != nil else { continue }
      mark["run"] = "any"
      picture[key] = .object(mark)
    }
    return picture
  }

  /// One way through crashes: the instants of the kills and the orders between them.
  package struct Path: Sendable, CustomStringConvertible {
    package var kills: [Int]
    package var orders: [CrashWorld.Order]
    package var losesPower: Bool

    package init(kills: [Int], orders: [CrashWorld.Order], losesPower: Bool) {
      self.kills = kills
      self.orders = orders
      self.losesPower = losesPower
    }

    package var description: String {
      "killed at \(kills), then \(orders.map(\.rawValue)), power lost: \(losesPower)"
    }
  }

  /// Follows a path: apply is killed at the first instant, each recovery at the next, and the last
  /// order is let finish.
  ///
  /// Throws a violation when the end is neither what was asked for nor what the journal allows.
  package func follow(_ path: Path) async throws {
    var world = CrashWorld(server)
    _ = await world.process(.apply, plan, killedAt: path.kills[0])
    if path.losesPower { world.remains.losePower() }
    for (order, kill) in zip(path.orders.dropLast(), path.kills.dropFirst()) where world.isOpen {
      _ = await world.process(order, plan, killedAt: kill)
      if path.losesPower { world.remains.losePower() }
    }
    try await finish(&world, path.orders.last ?? .resume, path.description)
  }

  /// Recovers from what a kill left, and returns what kills during that recovery leave, each once.
  ///
  /// Throws a violation as `follow` does.
  package func recover(_ crash: CrashWorld, _ order: CrashWorld.Order, _ path: String) async throws
    -> (instants: Int, crashes: [CrashWorld])
  {
    var world = crash
    return try await finish(&world, order, path, isKeeping: true)
  }

  @discardableResult
  private func finish(
    _ world: inout CrashWorld, _ order: CrashWorld.Order, _ path: String, isKeeping: Bool = false
  ) async throws -> (instants: Int, crashes: [CrashWorld]) {
    guard world.isOpen else {
      try await finishClosed(&world, path)
      return (0, [])
    }
    let before = world.history
    let result = await world.process(order, plan, isKeeping: isKeeping)
    let end = result.end
    let goesBack = order == .rollback || before.nextDirection == .back
    switch end.state {
    case .applied where !goesBack || order == .resume && canOnlyGoForward(before):
      try await expect(world, target, path, end)
    case .rolledBack where goesBack: try await expect(world, prior, path, end)
    case .halted where goesBack && end.cause(.irreversible) != nil:
      // What cannot be undone can only be finished, and nothing else was undone before.
      guard world.history.back.isEmpty else { throw violation(path, end, ["it undid something"]) }
      let again = await world.process(.resume, plan).end
      guard again.state == .applied else { throw violation(path, again, []) }
      try await expect(world, target, path, again)
    default: throw violation(path, end, [])
    }
    return (result.instants, result.crashes)
  }

  /// A rollback that was killed before it undid anything, behind a step that cannot be undone.
  private func canOnlyGoForward(_ history: RunHistory) -> Bool {
    history.back.isEmpty
      && plan.steps.contains { $0.stepClass == .none && history.isTouched($0.id) }
  }

  /// The run sent nothing, or its end was written: the server is at one end, and a new run works.
  private func finishClosed(_ world: inout CrashWorld, _ path: String) async throws {
    let end = world.history.end ?? RunEnd(.refused)
    switch end.state {
    case .applied: try await expect(world, target, path, end)
    case .rolledBack, .refused: try await expect(world, prior, path, end)
    case .interrupted, .halted: throw violation(path, end, [])
    }
    // What was unset and is set to the same now is not what the plan saw: it has to be made anew.
    if end.state == .rolledBack, !sticky.isEmpty { return }
    var next = await world.process(.apply, plan).end
    if next.cause(.lockHeld) != nil {
      // A lock that came late is taken over by whoever comes next.
      next = await world.process(.apply, plan).end
    }
    // A plan that removes something to make it anew is stale once it was applied.
    let isStale = end.state == .applied && next.causes.allSatisfy { $0.kind == .stale }
    guard next.state == .applied || next.state == .refused && isStale else {
      throw violation(path, next, [])
    }
    try await expect(world, target, path, next)
  }

  private func expect(
    _ world: CrashWorld, _ expected: Picture, _ path: String, _ end: RunEnd
  ) async throws {
    let now = try await CrashCase.picture(world.remains.server)
    let wrong = Set(now.keys).union(expected.keys).filter { key in
      now[key] != expected[key] && !(sticky.contains(key) && expected[key] == nil)
    }
    guard wrong.isEmpty else {
      throw violation(
        path, end,
        wrong.sorted().map { "\($0): \(expected[$0] as Any) expected, \(now[$0] as Any) there" })
    }
  }

  private func violation(_ path: String, _ end: RunEnd, _ details: [String]) -> Violation {
    Violation(
      description: "\(name), \(path): ended \(end.state.rawValue) "
        + "\(end.causes.map { "\($0.kind) \($0.step?.description ?? "") \($0.message)" }) "
        + details.joined(separator: "; ")
        + "\n"
        + plan.steps.map { "  \($0.id) \($0.operation.action) \($0.address)" }
        .joined(separator: "\n"))
  }
}
