import Diagnostics
import Execution
import JSON
import OptionParsing
import Planning
import QdrantSchema
import Rehearsal
import Rendering
import ResourceModel

/// `qdrant-plan --rehearse`: says what came of trying the plan on a simulated server.
struct RehearsalReport {
  let plan: Plan
  let readings: [String: Planner.Reading]
  let command: ParsedCommand
  let console: CommandContext.Console

  /// A plan that fails is refused; what could not be tried is unchecked.
  func run() async -> Set<ExitStatus> {
    let rehearsal = Rehearsal(plan: plan, schema: QdrantResources.schema)
    var statuses: Set<ExitStatus> = []
    for cluster in plan.clusters where !plan.steps(on: cluster.name).isEmpty {
      guard case .observed(let observed, _)? = readings[cluster.name] else { continue }
      let result = await rehearsal.run(cluster.name, observed)
      let line = Rehearsal.release(for: observed.identity.version) ?? ""
      statuses.insert(tell(result, at: "@" + Sanitizer.line(cluster.name), line: line))
    }
    return statuses
  }

  private func tell(_ result: Rehearsal.Result, at place: String, line: String) -> ExitStatus {
    let text = ApplyText(plan.steps)
    switch result {
    case .passed(let steps, let undone):
      let (arrive, go) = (steps == 1 ? "arrives" : "arrive", undone == 1 ? "goes" : "go")
      say(
        "Rehearsed on a simulated \(line) \(place): \(steps) of \(ApplyText.steps(steps)) "
          + "\(arrive), and \(undone) \(go) back.")
      return .success
    case .notRehearsed(let reason):
      console.complain("Not rehearsed \(place): \(reason).")
      return .unchecked
    case .notTaken(let collection, let words):
      console.complain("Not rehearsed \(place): the simulation refuses '\(collection)': \(words)")
      return .unchecked
    case .notLoaded(let step, let facts):
      console.error(
        "Not rehearsed \(place): the simulation cannot be loaded with what step \(step.number) "
          + "stands on\(text.details(facts, of: step)).\n")
      return .unchecked
    case .failed(let end):
      console.error("Rehearsal failed \(place): the plan does not arrive.\n")
      console.error(text.causes(of: end) + "\n")
      return .refused
    case .rollbackFailed(let end):
      console.error("Rehearsal failed \(place): the rollback does not return.\n")
      console.error(text.causes(of: end) + "\n")
      return .refused
    case .leftBehind(let residue):
      console.error("Rehearsal failed \(place): the rollback leaves something behind.\n")
      for one in residue {
        let (was, now) = (one.was?.text() ?? "nothing", one.is?.text() ?? "nothing")
        console.complain("  \(one.place): was \(was), is \(now)")
      }
      return .refused
    }
  }

  /// Standard output is the plan's own when a program reads it.
  private func say(_ line: String) {
    guard !command.has("--quiet") else { return }
    let isText = (command.text("--format") ?? "text") == "text"
    (isText ? console.output : console.error)(line + "\n")
  }
}
