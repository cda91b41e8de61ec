import ClusterProviders
import Diagnostics
import JSON
import Manifests
import OptionParsing
import Planning
import Policies
import QdrantSchema
import Rendering
import ResourceModel

/// `qdrant-plan`: shows what would change.
package enum PlanCommand {
  /// The whole command, for tests and for `main`.
  package static func run(_ context: CommandContext) async -> ExitStatus {
    await Tool.run(CommandTables.plan, context) { command, context in
      switch command.subcommand {
      case "validate": ValidateCommand.run(command, context)
      case "fmt": FmtCommand(command: command, context: context).run()
      case "show": show(command, context)
      case "explain": ExplainCommand.run(command, context)
      case "schema": schema(context)
      case "locate": LocateCommand(command: command, context: context).run()
      case "reference": reference(context)
      case "graph": await GraphCommand.run(command, context)
      case "import": await ImportCommand.run(command, context)
      default: await plan(command, context)
      }
    }
  }

  private static func plan(
    _ command: ParsedCommand, _ context: CommandContext
  ) async -> Set<ExitStatus> {
    if let problem = OutputFile.obstacle(OutputFile.paths(command, "--out")) {
      context.complain(problem.message)
      return [.failed]
    }
    let preparation: Preparation
    switch await Preparation.make(command, context, access: .read) {
    case .failed(let statuses): return statuses
    case .prepared(let made): preparation = made
    }
    defer { preparation.reading.shutdown() }
    let plan = preparation.plan
    var statuses = Preparation.statuses(of: plan)
    var output = PlanOutput(plan, command, context)
    output.showsRollback = command.has("--show-rollback")
    if !output.write() { statuses.insert(.failed) }
    if let path = command.text("--out") {
      do throws(OutputFile.Problem) {
        try OutputFile.write(PlanFile.bytes(of: plan), to: path)
      } catch {
        context.complain(error.message)
        statuses.insert(.failed)
      }
    }
    await LockNotice(
      workspace: plan.workspace, connections: preparation.reading.connections
    ).tell(context)
    if command.has("--rehearse") {
      let report = RehearsalReport(
        plan: plan, readings: preparation.reading.readings, command: command,
        console: context.console)
      statuses.formUnion(await report.run())
    }
    // "Changes pending" sends a pipeline on, so it is not said when something asked for is missing.
    if command.has("--detailed-exitcode"), !plan.steps.isEmpty, !statuses.contains(.failed) {
      statuses.insert(.changesPending)
    }
    return statuses
  }

  private static func show(
    _ command: ParsedCommand, _ context: CommandContext
  ) -> Set<ExitStatus> {
    switch PlanFiles.read(command.argument ?? "") {
    case .failure(let problem):
      context.complain(problem.message)
      return [problem.status]
    case .success(let plan):
      var output = PlanOutput(plan, command, context, isStored: true)
      output.writesReports = false
      output.showsRollback = command.has("--show-rollback")
      return output.write() ? [.success] : [.failed]
    }
  }

  private static func schema(_ context: CommandContext) -> Set<ExitStatus> {
    context.console.output(
      ManifestSchema.document(
        QdrantResources.schema, lifecycle: LocalKinds.lifecycle.rows,
        others: [
          "Cluster": LocalKinds.cluster.rows, "Workspace": LocalKinds.workspace.rows,
          "Environment": LocalKinds.environment.rows, "Hierarchy": LocalKinds.hierarchy.rows,
          "Policy": LocalKinds.policy(PolicyTable.specs),
        ]
      ).text(.indented) + "\n")
    return [.success]
  }

  private static func reference(_ context: CommandContext) -> Set<ExitStatus> {
    context.console.output(ReferenceDocument.markdown(FieldSections.all))
    return [.success]
  }
}
