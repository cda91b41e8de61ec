import Diagnostics
import OptionParsing

/// What a person, or a pipeline, says yes to.
struct Approval {
  /// What a person is asked.
  let question: String
  /// What the printed command is for.
  let purpose: String
  /// What is added to the command line to say yes.
  let options: [String]

  /// Whether `--yes` stands on the line, or a person at the terminal says so.
  func isGiven(_ command: ParsedCommand, _ context: CommandContext) -> Bool {
    if command.has("--yes") { return true }
    guard context.console.inputIsTerminal else {
      context.console.error(
        "\(context.name): nobody can be asked here; \(purpose):\n"
          + "  \(Approval.line(options, context))\n")
      return false
    }
    context.console.output("\(question) Only 'yes' is taken: ")
    if context.console.readLine() == "yes" { return true }
    context.console.output("Nothing was sent.\n")
    return false
  }

  /// The command line that was given, with further options: whoever copies it asks for the same.
  static func line(_ options: [String], _ context: CommandContext) -> String {
    let words = context.arguments
    // Behind `--` nothing is an option any more.
    let all = words.contains("--") ? options + words : words + options
    return Sanitizer.line(([context.tool] + all.map(ShellWord.quoted)).joined(separator: " "))
  }
}
