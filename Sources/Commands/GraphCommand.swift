import ClusterProviders
import OptionParsing
import Planning
import Rendering

/// `qdrant-plan graph`: the steps of a stored plan, or of one made now, as a graph.
enum GraphCommand {
  static func run(
    _ command: ParsedCommand, _ context: CommandContext
  ) async -> Set<ExitStatus> {
    if let problem = PlanFiles.misuse(command) {
      context.complain(problem.message)
      return [problem.status]
    }
    let paths = command.arguments
    guard paths.count == 1, PlanFiles.isPlan(paths[0]) else {
      return await planned(command, context)
    }
    switch PlanFiles.read(paths[0]) {
    case .failure(let problem):
      context.complain(problem.message)
      return [problem.status]
    case .success(let plan):
      write(plan, command, context)
      return [.success]
    }
  }

  private static func planned(
    _ command: ParsedCommand, _ context: CommandContext
  ) async -> Set<ExitStatus> {
    switch await Preparation.make(command, context, access: .read) {
    case .failed(let statuses): return statuses
    case .prepared(let preparation):
      defer { preparation.reading.shutdown() }
      write(preparation.plan, command, context)
      // A graph has no place for these, and must not look complete without them.
      for part in preparation.plan.unchecked {
        context.complain("\(part.cluster): \(part.reason)")
      }
      let refused = preparation.plan.refusals.count
      if refused > 0 {
        context.complain("\(refused) refused, which the graph does not show")
      }
      return Preparation.statuses(of: preparation.plan)
    }
  }

  private static func write(
    _ plan: Plan, _ command: ParsedCommand, _ context: CommandContext
  ) {
    let graph = PlanGraph(plan)
    context.console.output(command.text("--format") == "mermaid" ? graph.mermaid : graph.dot)
  }
}
