package import OptionParsing
import Rendering

/// What the commands have in common: the line is read, help is printed, the status is returned.
package enum Tool {
  /// The work of a command, after its line was understood.
  package typealias Body = @Sendable (ParsedCommand, CommandContext) async -> Set<ExitStatus>

  /// Reads the line by the table and does the work; the result is the exit status.
  package static func run(
    _ table: CommandTable, _ context: CommandContext, _ body: Body
  ) async -> ExitStatus {
    let line: ParsedLine
    do throws(UsageError) { line = try table.parse(context.arguments) } catch {
      context.console.error(error.text)
      return .usage
    }
    switch line {
    case .print(let text):
      context.console.output(text)
      return .success
    case .run(let command):
      var context = context
      context.tool = table.name
      context.name = ([table.name] + [command.subcommand].compactMap(\.self))
        .joined(separator: " ")
      return ExitStatus.first(of: await body(command, context))
    }
  }

  /// The colours that a command draws with.
  static func palette(_ command: ParsedCommand, _ context: CommandContext) -> Palette {
    switch command.text("--color") ?? "auto" {
    case "always": return Palette(isOn: true)
    case "never": return Palette(isOn: false)
    default:
      let isRefused = !(context.environment["NO_COLOR"] ?? "").isEmpty
      return Palette(isOn: context.console.outputIsTerminal && !isRefused)
    }
  }
}
