import Diagnostics
import JSON
package import Execution
package import Planning
import ResourceModel

/// Draws the progress and the end of an apply, a line per event.
package struct ApplyText: Sendable {
  private let steps: [StepID: Step]
  private let total: Int
  private let palette: Palette
  private let showsRequests: Bool

  /// `showsRequests` tells every request before it leaves.
  package init(
    _ steps: [Step], palette: Palette = Palette(isOn: false), showsRequests: Bool = false
  ) {
    self.showsRequests = showsRequests
    self.steps = Dictionary(uniqueKeysWithValues: steps.map { ($0.id, $0) })
    total = steps.count
    self.palette = palette
  }

  /// What an entry is worth telling; nil for nothing.
  package func line(_ entry: JournalEntry) -> String? {
    switch entry {
    case .begun(let run, let steps):
      return "run \(run): \(steps) \(steps == 1 ? "step" : "steps")"
    case .intent(let id, _, _):
      guard showsRequests, let request = steps[id]?.request else { return nil }
      return "  [\(id.number)/\(total)] " + palette.dim(RequestText.line(request))
    case .skipped(let id): return line(id, "already in effect")
    case .done(let id): return line(id, "done")
    case .rejected(let id, let error):
      return line(id, "failed: \(Sanitizer.line(error.message))")
    case .undecided(let id, let error):
      return line(id, "outcome unknown: \(Sanitizer.line(error.message))")
    case .notInEffect(let id, let facts):
      return line(id, "accepted by the server but not in effect") + details(facts, of: id)
    case .stale(let id, let facts):
      return line(id, "the server is not as the plan saw it") + details(facts, of: id)
    case .finished: return nil
    }
  }

  private func line(_ id: StepID, _ state: String) -> String {
    guard let step = steps[id] else { return "\(id) \(state)" }
    return "  [\(id.number)/\(total)] \(describe(step))  \(state)"
  }

  /// `update collection/products hnsw_config.m` in a few words.
  package func describe(_ step: Step) -> String {
    let paths = step.operation.fields.map { $0.path.description }
    let shown = paths.prefix(3).joined(separator: ", ")
    let more = paths.count > 3 ? " and \(paths.count - 3) more" : ""
    let what = step.operation.action == .update ? (shown.isEmpty ? "mark" : shown + more) : ""
    let name = Sanitizer.line(step.address.local)
    return "\(step.operation.action.rawValue) \(name)"
      + (what.isEmpty ? "" : "  \(Sanitizer.line(what))")
  }

  private func details(_ facts: [BrokenFact], of id: StepID) -> String {
    facts.map { broken in
      let path = broken.fact.path
      let reason = steps[id]?.reasons.first { $0.path == path }
      let place = (reason?.position ?? steps[id]?.position).map {
        "  \(Sanitizer.line($0.description))"
      }
      let name = path.segments.isEmpty ? broken.fact.subject.local : path.description
      return "\n        \(Sanitizer.line(name)): expected \(expected(broken.fact)), "
        + "found \(ValueText.text(broken.now))" + (place ?? "")
    }.joined()
  }

  private func expected(_ fact: Fact) -> String {
    switch fact.expectation {
    case .absent: "nothing"
    case .present: "it to be there"
    case .value(let value): ValueText.text(value)
    case .pointsAtMost(let limit): "at most \(limit) points"
    }
  }

  /// The end, with what was done and what was not.
  package func ending(_ outcome: ApplyOutcome, _ progress: [ApplyMachine.Progress]) -> String {
    let done = progress.filter { $0 == .done || $0 == .skipped }.count
    let sentence =
      switch outcome {
      case .applied: "Applied: \(done) of \(total) steps done."
      case .stale(let id, _): "Stale: step \(id.number) was not sent, because the server changed."
      case .failed(let id, _): "Failed at step \(id.number); nothing after it was sent."
      case .undecided(let id, _):
        "Halted at step \(id.number): it is not known whether it happened. Look at the resource, "
          + "then plan again."
      case .notInEffect(let id, _):
        "Stopped at step \(id.number): the server accepted it, and it is not in effect."
      case .interrupted: "Interrupted: what was begun is finished, nothing else was sent."
      }
    guard outcome != .applied else { return sentence }
    var lines = [sentence]
    for (index, state) in progress.enumerated() {
      guard let step = steps[StepID(index + 1)] else { continue }
      lines.append("  \(word(state))  \(describe(step))")
    }
    return lines.joined(separator: "\n")
  }

  private func word(_ progress: ApplyMachine.Progress) -> String {
    switch progress {
    case .waiting: "not sent      "
    case .running: "not sent      "
    case .done: "done          "
    case .skipped: "was in effect "
    case .failed: "failed        "
    case .undecided: "unknown       "
    case .notInEffect: "not in effect "
    }
  }
}
