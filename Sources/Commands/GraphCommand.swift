import ClusterProviders
import OptionParsing
import Planning
import Rendering

/// `qdrant-plan graph`: the steps of a plan, and what waits for what, for drawing programs.
enum GraphCommand {
  static func run(_ command: ParsedCommand, _ context: CommandContext) async -> Set<ExitStatus> {
    if command.arguments.count == 1, PlanFiles.isPlan(command.arguments[0]) {
      switch PlanFiles.read(command.arguments[0]) {
      case .failure(let problem):
        context.console.complain("qdrant-plan graph: \(problem.message)")
        return [problem.status]
      case .success(let plan):
        write(plan, command, context)
        return [.success]
      }
    }
    let preparation: Preparation
    switch await Preparation.make(command, context, access: .read) {
    case .failed(let statuses): return statuses
    case .prepared(let made): preparation = made
    }
    defer { preparation.reading.shutdown() }
    write(preparation.plan, command, context)
    return Preparation.statuses(of: preparation.plan)
  }

  private static func write(_ plan: Plan, _ command: ParsedCommand, _ context: CommandContext) {
    let form = PlanGraph.Form(rawValue: command.text("--format") ?? "") ?? .dot
    context.console.output(PlanGraph(plan).text(form))
  }
}
