import OptionParsing
import Planning

/// `qdrant-apply`: carries out a plan.
package enum ApplyCommand {
  /// The whole command, for tests and for `main`.
  package static func run(_ context: CommandContext) async -> ExitStatus {
    await Tool.run(CommandTables.apply, context) { command, context in
      switch command.subcommand {
      case "history": return HistoryCommand.run(command, context)
      case "unlock": return await UnlockCommand(command: command, context: context).run()
      default: break
      }
      let report = ApplyReport(command, context)
      let statuses = await statuses(command, report)
      report.finish(statuses)
      return statuses
    }
  }

  private static func statuses(
    _ command: ParsedCommand, _ report: ApplyReport
  ) async -> Set<ExitStatus> {
    switch command.subcommand {
    case "resume": await RunCommands(command: command, report: report).resume()
    case "rollback": await RunCommands(command: command, report: report).rollback()
    default: await PlanApplication(command: command, report: report).run()
    }
  }
}
