import Execution
import JSON
import OptionParsing
import Planning
import Rendering
import Synchronization

/// What standard output gets of a command that applies a plan.
///
/// Text goes out as it happens. A form for programs is one document, at the end, so that it can
/// tell what became of the plan; everything that is said meanwhile goes to standard error.
final class ApplyReport: Sendable {
  /// What a command tells while it works.
  let context: CommandContext
  private let format: String
  private let console: CommandContext.Console
  private let told = Mutex<(plan: PlanView?, outcome: RunOutcome?)>((nil, nil))

  init(_ command: ParsedCommand, _ context: CommandContext) {
    format = command.text("--format") ?? "text"
    console = context.console
    guard format != "text" else {
      self.context = context
      return
    }
    var talking = context
    talking.console.output = context.console.error
    talking.console.outputIsTerminal = false
    self.context = talking
  }

  /// Whether the document is held back until the end.
  var isDocument: Bool { format != "text" }

  func tell(_ plan: PlanView) { told.withLock { $0.plan = plan } }
  func tell(_ outcome: RunOutcome) { told.withLock { $0.outcome = outcome } }

  /// Prints the document; without a plan there is none.
  func finish(_ statuses: Set<ExitStatus>) {
    let (plan, outcome) = told.withLock { $0 }
    guard isDocument, let plan else { return }
    let status = ExitStatus.first(of: statuses)
    switch format {
    case "json":
      let document = PlanJSON.document(plan, outcome, status: Int(status.rawValue))
      console.output(document.text(.indented) + "\n")
    default:
      console.output(PlanMarkdown(plan, outcome: outcome).text())
    }
  }
}
