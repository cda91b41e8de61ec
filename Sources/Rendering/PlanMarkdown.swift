import Diagnostics
import Execution
import JSON
import Planning
import ResourceModel

/// Draws a plan as a comment on a pull request: verdict, what destroys, the rest folded.
///
/// The same plan gives the same text, and it stays under the forge's limit with a count of what was
/// left out.
package struct PlanMarkdown: Sendable {
  /// Characters that GitHub takes in a comment, with some room left.
  package static let limit = 60_000

  private let view: PlanView
  private let outcome: RunOutcome?

  /// - Parameter outcome: what became of the plan, where it was applied.
  package init(_ view: PlanView, outcome: RunOutcome? = nil) {
    self.view = view
    self.outcome = outcome
  }

  /// The comment, at most `limit` characters.
  package func text(limit: Int = PlanMarkdown.limit) -> String {
    let plan = view.plan
    var head = ["### " + headline, ""]
    let grave = view.entries.filter { isGrave($0) }
    let rest = view.entries.filter { !isGrave($0) }
    head += plan.unchecked.map { "- **unchecked**: \(escape($0.cluster)): \(escape($0.reason))" }
    head += plan.warnings.map {
      "- **warning** `\($0.code)` \(code($0.subject.local)): \(escape($0.message))"
    }
    if !plan.waived.isEmpty {
      head.append("- \(plan.waived.count) waived violations of policies")
    }
    let foot = ["", "Plan `\(view.id)`"] + ending
    if !plan.unmarked.isEmpty {
      head.append("- \(plan.unmarked.count) collections bear no mark yet (`--adopt`)")
    }
    var room = limit - (head + foot).reduce(0) { $0 + $1.count + 1 } - 200
    var body: [String] = []
    var left = 0
    func take(_ entries: [PlanView.Entry]) {
      for entry in entries {
        let block = draw(entry)
        let cost = block.reduce(0) { $0 + $1.count + 1 }
        if cost > room {
          left += 1
        } else {
          room -= cost
          body += block
        }
      }
    }
    if !grave.isEmpty {
      body += ["", "**Destructive or refused**", ""]
      take(grave)
    }
    if !rest.isEmpty {
      let changes = rest.count == 1 ? "1 change" : "\(rest.count) changes"
      let summary = grave.isEmpty ? changes : "\(rest.count) more"
      body += ["", "<details><summary>\(summary)</summary>", ""]
      take(rest)
      body += ["", "</details>"]
    }
    if left > 0 {
      let what = left == 1 ? "1 resource is" : "\(left) resources are"
      body += ["", "_\(what) left out here; see the full plan._"]
    }
    return (head + body + foot).joined(separator: "\n") + "\n"
  }

  private var headline: String {
    let totals = view.plan.totals
    if view.plan.isEmpty { return view.emptiness }
    return "\(totals.add) to add, \(totals.change) to change, \(totals.replace) to replace, "
      + "\(totals.remove) to remove, \(totals.refused) refused"
  }

  /// What became of the plan.
  private var ending: [String] {
    guard let outcome else { return [] }
    return [
      "",
      "**Run \(code(outcome.run)): \(outcome.end.state.rawValue)**, "
        + "\(outcome.done) of \(outcome.steps) steps done",
    ] + outcome.end.causes.map { "- \(escape($0.message))" }
  }

  private func isGrave(_ entry: PlanView.Entry) -> Bool {
    entry.isIrreversible || entry.symbol == .remove || entry.symbol == .replace
      || entry.lines.contains { $0.symbol == .refuse }
  }

  private func draw(_ entry: PlanView.Entry) -> [String] {
    var lines = [
      "- `\(entry.symbol.rawValue)` \(code(entry.address.local)) on \(code(entry.address.cluster))"
        + (entry.position.map { " (\(escape("\($0.file):\($0.line)")))" } ?? "")
    ]
    for line in entry.lines {
      let change =
        line.from == nil && line.to == nil
        ? "" : ": \(code(ValueText.text(line.from))) → \(code(ValueText.text(line.to)))"
      let path = line.path.isEmpty ? "" : " \(code(line.path))"
      let demand = line.demandedAt.map { " (demanded at \(escape($0.description)))" } ?? ""
      let remark = (line.remark.map { " — \(escape($0))" } ?? "") + demand
      lines.append("  - `\(line.symbol.rawValue)`\(path)\(change)\(remark)")
    }
    lines += entry.notes.map { "  - \(escape($0))" }
    return lines
  }

  /// Text in a code span: it cannot end the span or start a line.
  private func code(_ text: String) -> String {
    let harmless = Sanitizer.line(text)
    let runs = harmless.split { $0 != "`" }.map(\.count)
    guard let longest = runs.max() else { return "`\(harmless)`" }
    // A span ends only at a run of backticks as long as the one that began it.
    let fence = String(repeating: "`", count: longest + 1)
    return "\(fence) \(harmless) \(fence)"
  }

  /// Text with every character that Markdown or HTML reads made literal, and no mention.
  private func escape(_ text: String) -> String {
    var result = ""
    for scalar in Sanitizer.line(text).unicodeScalars {
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "@": result += "&#64;"
      case "\\", "`", "*", "_", "[", "]", "(", ")", "#", "!", "|", "~":
        result += "\\" + String(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
