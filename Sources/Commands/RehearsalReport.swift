import Diagnostics
import Execution
import Planning
import QdrantSchema
import Rehearsal
import Rendering
import ResourceModel

/// `qdrant-plan --rehearse`: says what came of trying the plan on a simulated server.
enum RehearsalReport {
  /// True when nothing failed; what was not rehearsed is said, and is no failure.
  static func run(_ preparation: Preparation, _ context: CommandContext) async -> Bool {
    let plan = preparation.plan
    let text = ApplyText(plan.steps)
    let rehearsal = Rehearsal(plan: plan, schema: QdrantResources.schema)
    var isGood = true
    for cluster in plan.clusters where !plan.steps(on: cluster.name).isEmpty {
      guard case .observed(let observed, _)? = preparation.reading.readings[cluster.name] else {
        continue
      }
      let name = Sanitizer.line(cluster.name)
      switch await rehearsal.run(cluster.name, observed) {
      case .passed(let steps, let undone):
        context.console.output(
          "Rehearsed on a simulated \(Rehearsal.version) @\(name): \(steps) of \(steps) steps "
            + "arrive, and \(undone) go back.\n")
      case .notRehearsed(let reason):
        context.console.output("Not rehearsed @\(name): \(Sanitizer.line(reason)).\n")
      case .notLoaded(let step, let facts):
        context.console.output(
          "Not rehearsed @\(name): the simulation cannot be loaded with what step \(step.number) "
            + "stands on\(text.details(facts, of: step)).\n")
      case .failed(let end):
        isGood = false
        context.console.error("Rehearsal failed @\(name): the plan does not arrive.\n")
        context.console.error(text.causes(of: end) + "\n")
      case .rollbackFailed(let end):
        isGood = false
        context.console.error("Rehearsal failed @\(name): the rollback does not return.\n")
        context.console.error(text.causes(of: end) + "\n")
      }
    }
    return isGood
  }
}
