import Diagnostics
package import Execution
import JSON
package import Planning
import ResourceModel

/// Draws the progress and the end of a run, a line per event.
package struct ApplyText: Sendable {
  private let steps: [StepID: Step]
  private let order: [StepID]
  private let palette: Palette
  private let isVerbose: Bool
  private let place: PrintedPlace
  /// Whether a step must name its cluster to be told from another.
  private let namesClusters: Bool

  /// Verbose tells every request before it leaves, and the lock.
  package init(
    _ steps: [Step], palette: Palette = Palette(isOn: false), isVerbose: Bool = false,
    place: PrintedPlace = PrintedPlace()
  ) {
    self.isVerbose = isVerbose
    self.place = place
    self.steps = Dictionary(uniqueKeysWithValues: steps.map { ($0.id, $0) })
    order = steps.map(\.id)
    namesClusters = Set(steps.map(\.address.cluster)).count > 1
    self.palette = palette
  }

  /// "1 step", "2 steps".
  package static func steps(_ count: Int) -> String { count == 1 ? "1 step" : "\(count) steps" }

  /// What an entry is worth telling; nil for nothing.
  package func line(_ entry: JournalEntry) -> String? {
    switch entry {
    case .begun(let header):
      return "run \(header.run): \(ApplyText.steps(header.steps))"
    case .resumed(let direction):
      return direction == .forward ? "going on with the run" : "taking the run back"
    case .control, .locked: return isVerbose ? control(entry).map { "  " + palette.dim($0) } : nil
    case .intent(let id, let direction, _, _):
      guard isVerbose, direction == .forward, let request = steps[id]?.request else { return nil }
      return "  \(number(id)) " + palette.dim(RequestText.line(request))
    case .skipped(let id, let direction):
      return line(id, direction, direction == .forward ? "already in effect" : "as it was")
    case .done(let id, let direction):
      return line(id, direction, direction == .forward ? "done" : "undone")
    case .notApplied(let id, let direction):
      return line(id, direction, "settled: it did not happen")
    case .rejected(let id, let direction, let error):
      return line(id, direction, "failed: \(Sanitizer.line(error.message))")
    case .unknown(let id, let direction, let error):
      return line(id, direction, "outcome unknown, settling: \(Sanitizer.line(error.message))")
    case .notInEffect(let id, let direction, let facts):
      return line(id, direction, "accepted by the server but not in effect")
        + details(facts, of: id)
    case .gateClosed(let id, let direction, let reason):
      return line(id, direction, "in effect, but its gate did not open: \(Sanitizer.line(reason))")
    case .stale(let id, let direction, let facts):
      return line(id, direction, "the server is not as the plan saw it") + details(facts, of: id)
    case .adopted: return "its journal is lost: every step is looked at"
    case .abandoned: return "left as it is"
    case .turned: return "going back:"
    case .finished: return nil
    }
  }

  private func control(_ entry: JournalEntry) -> String? {
    switch entry {
    case .locked(let cluster, let epoch): return "lock of \(cluster) taken: epoch \(epoch)"
    case .control(let cluster, .barrier): return "barrier on \(cluster)"
    default: return nil
    }
  }

  private func number(_ id: StepID) -> String { "[\(id.number)/\(order.count)]" }

  private func line(_ id: StepID, _ direction: Direction, _ state: String) -> String {
    guard let step = steps[id] else { return "  \(id) \(state)" }
    let undo = direction == .back ? "undo " : ""
    return "  \(number(id)) \(undo)\(describe(step))  \(state)"
  }

  /// `update collection/products hnsw_config.m` in a few words.
  package func describe(_ step: Step) -> String {
    let paths = step.operation.fields.map { $0.path.description }
    let shown = paths.prefix(3).joined(separator: ", ")
    let more = paths.count > 3 ? " and \(paths.count - 3) more" : ""
    let what = step.operation.action == .update ? (shown.isEmpty ? "mark" : shown + more) : ""
    let name = Sanitizer.line(
      namesClusters ? "\(step.address.local) @\(step.address.cluster)" : step.address.local)
    return "\(step.operation.action.rawValue) \(name)"
      + (what.isEmpty ? "" : "  \(Sanitizer.line(what))")
  }

  /// Facts that do not hold, a line each.
  package func details(_ facts: [BrokenFact], of id: StepID?) -> String {
    facts.map { broken in
      let path = broken.fact.path
      let step = id.flatMap { steps[$0] }
      let reason = step?.reasons.first { $0.path == path }
      let place = (reason?.position ?? step?.position).map {
        "  \(Sanitizer.line($0.description))"
      }
      let subject = broken.fact.subject.local
      let name = path.segments.isEmpty ? subject : "\(subject) \(path.description)"
      return "\n        \(Sanitizer.line(name)): expected \(expected(broken.fact)), "
        + "found \(found(broken))" + (place ?? "")
    }.joined()
  }

  private func found(_ broken: BrokenFact) -> String {
    let isWhole = broken.fact.path.segments.isEmpty
    return isWhole && broken.now == nil ? "nothing" : ValueText.text(broken.now)
  }

  private func expected(_ fact: Fact) -> String {
    switch fact.expectation {
    case .absent: "nothing"
    case .present: "it to be there"
    case .value(let value): ValueText.text(value)
    case .pointsAtMost(let limit): "at most \(limit) \(limit == 1 ? "point" : "points")"
    }
  }

  /// The end: where everything stands, why, and what continues it.
  package func ending(_ end: RunEnd, _ history: RunHistory) -> String {
    let done = history.forward.values.filter(\.isComplete).count
    var lines = [sentence(end, done: done)]
    guard end.state != .applied else { return lines[0] }
    lines += end.causes.map { "  " + cause($0) }
    if end.state != .refused { lines += order.compactMap { standing($0, history) } }
    lines += WaysOut(end: end, history: history, place: place).lines
    return lines.joined(separator: "\n")
  }

  /// Why a run is not applied, a line each.
  package func causes(of end: RunEnd) -> String {
    end.causes.map { "  " + cause($0) }.joined(separator: "\n")
  }

  /// A lock that could not be given back.
  package func leftLocked(_ cluster: String, _ history: RunHistory) -> String {
    let epoch = history.epochs[cluster].map { " (epoch \($0))" } ?? ""
    return "  the lock of \(Sanitizer.line(cluster))\(epoch) could not be given back; the next run "
      + "from this state folder takes it over"
  }

  private func sentence(_ end: RunEnd, done: Int) -> String {
    switch end.state {
    case .applied: "Applied: \(done) of \(ApplyText.steps(order.count)) done."
    case .rolledBack: "Rolled back: everything is as it was before the run."
    case .interrupted:
      "Interrupted: \(done) of \(ApplyText.steps(order.count)) done, and the run is open."
    case .halted: "Halted: a person is needed."
    case .refused: "Refused: no step was sent."
    }
  }

  private func cause(_ cause: RunEnd.Cause) -> String {
    var text = ""
    if let id = cause.step, let step = steps[id] {
      text = "\(number(id)) \(cause.direction == .back ? "undo " : "")\(describe(step)): "
    } else if let cluster = cause.cluster {
      text = "\(Sanitizer.line(cluster)): "
    }
    return text + Sanitizer.line(cause.message) + details(cause.facts, of: cause.step)
  }

  /// Where a step stands now.
  private func standing(_ id: StepID, _ history: RunHistory) -> String? {
    guard let step = steps[id] else { return nil }
    let word =
      switch (history.forward[id], history.back[id]) {
      case (_, .done), (_, .skipped): "undone       "
      case (.done, _): "done         "
      case (.waiting, _): "not ready    "
      case (.skipped, _): "was in effect"
      case (.intended, _), (.unknown, _): "unknown      "
      case (.rejected, _), (.stale, _): "failed       "
      case (.notInEffect, _): "not in effect"
      case (.notApplied, _), (nil, _): "not sent     "
      }
    return "  \(word)  \(describe(step))"
  }
}
