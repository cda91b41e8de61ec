import ClusterProviders
import Execution
import OptionParsing
import Planning
import QdrantSchema
import Rendering
import ResourceModel

/// One run of a plan over its clusters.
struct ApplyRun {
  let plan: Plan
  let connections: [String: ClusterConnection]
  let command: ParsedCommand
  let context: CommandContext

  /// Does everything, tells it, and ends with what holds.
  func execute() async -> Set<ExitStatus> {
    let header = RunHeader(
      run: context.newRun(), workspace: plan.workspace, plan: PlanFile.id(of: plan),
      steps: plan.steps.count)
    let work = ApplyMachine.Work(
      header: header, steps: plan.steps,
      clusters: plan.clusters.filter {
        !plan.steps(on: $0.name).isEmpty
      }.map {
        ApplyMachine.ClusterWork(
          name: $0.name, wave: $0.declaration?.wave ?? 1, identity: $0.identity)
      }, schema: QdrantResources.schema)
    var machine = ApplyMachine(work, settings: ApplyMachine.Settings())
    let text = ApplyText(
      plan.steps, palette: Tool.palette(command, context), isVerbose: command.has("--verbose"))
    let console = context.console
    let isQuiet = command.has("--quiet")
    let executor = Executor(
      providers: connections.mapValues(\.provider), header: header, clock: ContinuousClock(),
      record: { entry in
        if !isQuiet, let line = text.line(entry) { console.output(line + "\n") }
      }, isInterrupted: context.isInterrupted)
    let end = await executor.execute(&machine)
    let ending = text.ending(end, machine.history) + "\n"
    if end.state == .applied { console.output(ending) } else { console.error(ending) }
    return RunStatus.statuses(end)
  }
}
