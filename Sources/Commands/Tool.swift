import Foundation
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
      return ExitStatus.first(of: finished([.success], context, table.name))
    case .run(let command):
      var context = context
      context.tool = table.name
      context.name = ([table.name] + [command.subcommand].compactMap(\.self))
        .joined(separator: " ")
      if let meant = mistyped(command, table) {
        context.complain(
          "there is no file or folder '\(command.arguments[0])'; did you mean the command "
            + "'\(meant)'?")
        return .usage
      }
      return ExitStatus.first(of: finished(await body(command, context), context, context.name))
    }
  }

  /// The subcommand that was likely meant by an argument that no file is called.
  private static func mistyped(_ command: ParsedCommand, _ table: CommandTable) -> String? {
    guard command.subcommand == nil, let word = command.argument, word != "-",
      !FileManager.default.fileExists(atPath: word)
    else { return nil }
    return table.subcommand(near: word)
  }

  /// Whatever was done: when its words did not arrive, that is no success.
  private static func finished(
    _ statuses: Set<ExitStatus>, _ context: CommandContext, _ name: String
  ) -> Set<ExitStatus> {
    guard let reason = context.console.lost() else { return statuses }
    context.console.complain("\(name): standard output cannot be written: \(reason)")
    return statuses.subtracting([.changesPending, .success]).union([.failed])
  }

  /// The colours that a command draws with.
  static func palette(_ command: ParsedCommand, _ context: CommandContext) -> Palette {
    switch command.text("--color") ?? "auto" {
    case "always": return Palette(isOn: true)
    case "never": return Palette(isOn: false)
    default:
      let isRefused =
        !(context.environment["NO_COLOR"] ?? "").isEmpty || context.environment["TERM"] == "dumb"
      return Palette(isOn: context.console.outputIsTerminal && !isRefused)
    }
  }
}
