import JSON
import OptionParsing
import Planning
import Rendering

/// Prints a plan in the forms that a command line asks for.
struct PlanOutput {
  let view: PlanView
  let command: ParsedCommand
  let context: CommandContext
  /// Whether the command's table has reports; `show` only prints.
  var writesReports = true
  var showsRollback = false
  /// What gets the plan for the end, where the command applies it.
  private let report: ApplyReport?

  init(
    _ plan: Plan, _ command: ParsedCommand, _ context: CommandContext, _ report: ApplyReport? = nil,
    isStored: Bool = false
  ) {
    self.report = report
    view = PlanView(
      plan, isSelection: isStored ? nil : !Selection(command).isEverything)
    self.command = command
    self.context = context
  }

  /// Standard output and reports; false when a report could not be written.
  func write() -> Bool {
    let palette = Tool.palette(command, context)
    let format = command.text("--format") ?? "text"
    if let report, report.isDocument {
      report.tell(view)
      // Whoever is asked must see what for.
      if context.console.inputIsTerminal { context.console.error(text("text", palette)) }
    } else if command.has("--quiet"), format == "text" {
      context.console.output(PlanText(view).verdict + "\n")
    } else {
      context.console.output(text(format, palette))
    }
    var isComplete = true
    for (format, path) in writesReports ? command.pairs("--report") : [] {
      do throws(OutputFile.Problem) {
        try OutputFile.write(Array(text(format, Palette(isOn: false)).utf8), to: path)
      } catch {
        context.complain(error.message)
        isComplete = false
      }
    }
    return isComplete
  }

  private func text(_ format: String, _ palette: Palette) -> String {
    switch format {
    case "json": PlanJSON.document(view).text(.indented) + "\n"
    case "markdown": PlanMarkdown(view).text()
    default:
      PlanText(view, palette: palette, tool: context.tool).text(
        showingRollback: showsRollback, showingRequests: command.has("--verbose"))
    }
  }
}
