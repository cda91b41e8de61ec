import Execution
import JSON
import Planning
import QdrantProvider
import QdrantSchema
import SimulatedQdrant

/// One place of the matrix: a kind of step, a fault, which way, and how long.
struct Cell: Sendable, CustomStringConvertible {
  var subject: Subject
  var course: Course
  var ailment: Ailment
  var reach: Reach
  var locks = false

  var description: String {
    "\(subject), \(course.rawValue), \(ailment), \(reach)\(locks ? ", locked" : "")"
  }

  private var expected: Expectation {
    Expectation(place: subject.place, course, ailment, reach)
  }

  /// What happened other than it had to; empty when all is well.
  func failures() async throws -> [String] {
    var run = FaultRun(subject.server)
    run.locks = locks
    run.refusesTail = course == .rollback
    if course == .goesBack { _ = await run.process(subject.steps, standing: [Cell.cut]) }
    let earlier = run.happenings.count
    let end = await run.process(
      subject.steps, goesBack: course == .goesBack, trigger: try trigger())
    var wrong: [String] = []
    if end.state != expected.state { wrong.append("ended \(end), not \(expected.state)") }
    if let cause = expected.cause, end.cause(cause) == nil {
      wrong.append("no cause \(cause) in \(end)")
    }
    if course != .forward, end.causes.contains(where: isMisdirected) {
      wrong.append("a cause of the way back says forward in \(end)")
    }
    wrong += counts(Array(run.happenings.dropFirst(earlier)))
    wrong += RunLaws.violations(run.happenings)
    wrong += try await difference(run, picture(expected.standing), "after the run,")
    wrong += lockFailures(run, end)
    if end.state == .interrupted || end.state == .halted { wrong += try await goingOn(run) }
    return wrong
  }

  /// The tail cannot be reached: the run stays open.
  private static let cut = FaultRule(
    FaultMatcher(methods: ["PUT"], path: "/collections/\(Subject.tail)", times: nil), .refuse)

  private var direction: Direction { course == .forward ? .forward : .back }

  private func trigger() throws -> Trigger {
    let step = subject.step
    let operation = course == .forward ? step.operation : step.inverse ?? step.operation
    return Trigger(
      step: step.id, direction: direction, ailment: ailment, reach: reach,
      request: try RequestEncoder(schema: QdrantResources.schema).request(operation, run: "r1"))
  }

  private func isMisdirected(_ cause: RunEnd.Cause) -> Bool {
    cause.step == subject.step.id && cause.direction == .forward
  }

  private func counts(_ happenings: [Happening]) -> [String] {
    var wrong: [String] = []
    var sends = 0
    var isOurs = false
    for happening in happenings {
      switch happening {
      case .entry(.intent(let id, direction, _, _)): isOurs = id == subject.step.id
      case .entry: isOurs = false
      case .mutation: sends += isOurs ? 1 : 0
      }
    }
    if sends != expected.sends { wrong.append("sent \(sends) times, not \(expected.sends)") }
    let settled = happenings.filter { happening in
      happening.entry == .notApplied(subject.step.id, direction)
    }
    if settled.count != expected.settledAsNot {
      wrong.append("settled \(settled.count) times, not \(expected.settledAsNot)")
    }
    return wrong
  }

  private func picture(_ standing: Expectation.Standing) -> Subject.Picture {
    switch standing {
    case .made(let count): subject.forward[count]
    case .left(let count): course == .forward ? subject.untouched : subject.back[count]
    }
  }

  private func difference(
    _ run: FaultRun, _ expected: Subject.Picture, _ when: String
  ) async throws -> [String] {
    var wrong: [String] = []
    let now = try await Subject.picture(run.server)
    for key in Set(now.keys).union(expected.keys).sorted() where now[key] != expected[key] {
      let (found, due) = (now[key]?.text() ?? "nothing", expected[key]?.text() ?? "nothing")
      wrong.append("\(when) \(key) is \(found), not \(due)")
    }
    if Subject.unmanaged(run.server) != Subject.unmanaged(subject.server) {
      wrong.append("\(when) what is unmanaged has changed")
    }
    return wrong
  }

  /// A run that is over gives the lock back free, one that is open says so.
  private func lockFailures(_ run: FaultRun, _ end: RunEnd) -> [String] {
    guard locks, run.leftLocked.isEmpty else { return [] }
    let state = run.lockRecord?["state"]?.string
    let isOver = end.state == .applied || end.state == .rolledBack
    return state == (isOver ? "free" : "open") ? [] : ["the lock says \(state ?? "nothing")"]
  }

  /// Without the fault an open run reaches the target, or the state before it.
  private func goingOn(_ run: FaultRun) async throws -> [String] {
    var resumed = run
    resumed.refusesTail = false
    let end = await resumed.process(subject.steps)
    let goal: RunEnd.State = course == .forward ? .applied : .rolledBack
    var wrong = end.state == goal ? [] : ["resumed, ended \(end), not \(goal)"]
    let target = course == .forward ? subject.forward[subject.steps.count] : subject.back[0]
    wrong += try await difference(resumed, target, "resumed,")
    wrong += RunLaws.violations(resumed.happenings) + lockFailures(resumed, end)
    return course == .forward ? wrong + (try await takenBack(run)) : wrong
  }

  /// What was never made leaves no trace, what was taken back may leave an equal explicit value,
  /// and what cannot be taken back stays, with a word about it.
  private func takenBack(_ run: FaultRun) async throws -> [String] {
    var undone = run
    let end = await undone.process(subject.steps, goesBack: true)
    let stands = expected.standing == .made(subject.place + 1)
    let isFinal = stands && subject.step.stepClass == .none
    let goal: RunEnd.State = isFinal ? .halted : .rolledBack
    var wrong = end.state == goal ? [] : ["taken back, ended \(end), not \(goal)"]
    if isFinal, end.cause(.irreversible) == nil { wrong.append("nothing says why it stays") }
    let made = isFinal ? subject.forward[subject.place + 1] : subject.back.first ?? [:]
    wrong += try await difference(undone, stands ? made : subject.untouched, "taken back,")
    return wrong + RunLaws.violations(undone.happenings) + lockFailures(undone, end)
  }
}
