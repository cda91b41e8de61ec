import Diagnostics
import JSON
import Planning
import ResourceModel

/// Draws a plan for a terminal or a log.
package struct PlanText: Sendable {
  private let view: PlanView
  private let palette: Palette
  private let tool: String

  /// - Parameter tool: the program that shows the plan.
  package init(
    _ view: PlanView, palette: Palette = Palette(isOn: false), tool: String = "qdrant-plan"
  ) {
    self.tool = tool
    self.view = view
    self.palette = palette
  }

  /// The whole text, ending with a line break.
  package func text(showingRollback: Bool = false, showingRequests: Bool = false) -> String {
    var lines = [header]
    lines += view.plan.clusters.map { palette.dim(ClusterLine.text($0)) } + [""]
    var isPastReturn = false
    for entry in view.entries where !entry.isIrreversible { lines += draw(entry) }
    for entry in view.entries where entry.isIrreversible {
      if !isPastReturn {
        isPastReturn = true
        lines.append("  ── point of no return ──")
      }
      lines += draw(entry)
    }
    if !view.entries.isEmpty { lines.append("") }
    lines += view.plan.warnings.map(warning)
    lines += view.plan.unchecked.map(unchecked)
    lines += waived(named: showingRequests)
    lines += unmarked(named: showingRequests)
    if let last = lines.last, !last.isEmpty { lines.append("") }
    if showingRequests { lines += requests() }
    if showingRollback { lines += rollback() }
    lines.append(verdict)
    return lines.joined(separator: "\n") + "\n"
  }

  private var header: String {
    let resources = view.plan.totals.managed
    let environment = view.plan.origin.environment.map { "environment \(Sanitizer.line($0)) · " }
    return palette.bold(tool) + "  workspace \(Sanitizer.line(view.plan.workspace)) · "
      + (environment ?? "")
      + ClusterLine.count(view.plan.clusters, view.plan.unchecked) + " · "
      + "\(resources) \(resources == 1 ? "resource" : "resources")"
  }

  /// The verdict in one line.
  package var verdict: String {
    let totals = view.plan.totals
    guard !view.plan.isEmpty else { return view.emptiness + "." }
    return "Plan \(view.shortID): \(totals.add) to add, \(totals.change) to change, "
      + "\(totals.replace) to replace, \(totals.remove) to remove, \(totals.refused) refused."
  }

  private func draw(_ entry: PlanView.Entry) -> [String] {
    let symbol =
      String(repeating: " ", count: max(0, 3 - entry.symbol.rawValue.count))
      + entry.symbol.rawValue
    let name = "\(Sanitizer.line(entry.address.local))  @\(Sanitizer.line(entry.address.cluster))"
    var lines = [
      palette.paint(" \(symbol) ", entry.symbol) + pad(palette.bold(name), name, 54)
        + palette.dim(place(entry.position))
    ]
    lines = lines.map(trimmed)
    let width = min(48, entry.lines.map { Sanitizer.line($0.path).count }.max() ?? 0)
    for line in entry.lines { lines += draw(line, width: width, in: entry) }
    for note in entry.notes { lines.append("        " + palette.dim(Sanitizer.line(note))) }
    return lines
  }

  private func draw(
    _ line: PlanView.Line, width: Int, in entry: PlanView.Entry
  ) -> [String] {
    let path = Sanitizer.line(line.path)
    var text =
      palette.paint("      \(line.symbol.rawValue) ", line.symbol)
      + (path.isEmpty ? "" : pad(path, path, width + 2))
    if let change = change(line, in: entry) { text += pad(change, change, 26) }
    if let remark = line.remark { text += (path.isEmpty ? "" : "  ") + Sanitizer.line(remark) }
    var lines = [trimmed(text)]
    if let hint = line.hint { lines.append("          hint: " + Sanitizer.line(hint)) }
    if let demand = line.demandedAt {
      lines.append("          demanded at " + Sanitizer.line(demand.description))
      if let position = line.position {
        lines.append("          violated at " + Sanitizer.line(position.description))
      }
    }
    return lines
  }

  private func change(_ line: PlanView.Line, in entry: PlanView.Entry) -> String? {
    if line.from == nil, line.to == nil { return nil }
    if line.from == nil, entry.symbol == .add { return ValueText.text(line.to) }
    return "\(ValueText.text(line.from)) → \(ValueText.text(line.to))"
  }

  /// What will be sent, in order.
  private func requests() -> [String] {
    guard !view.plan.steps.isEmpty else { return [] }
    return ["Requests of this plan:"]
      + view.plan.steps.compactMap { step in
        step.request.map { "  \(step.id.number). \(RequestText.line($0))" }
      } + [""]
  }

  private func rollback() -> [String] {
    let inverses = Plan.inverses(of: view.plan.steps)
    var lines = ["Rollback of this plan:"]
    for step in inverses {
      let fields = step.operation.fields.map {
        "\(Sanitizer.line($0.path.description)) = \(ValueText.text($0.value))"
      }
      lines.append(
        trimmed(
          "  \(step.operation.action.rawValue) \(Sanitizer.line(step.address.local))  "
            + fields.joined(separator: ", ")))
    }
    for step in view.plan.steps where step.stepClass == .none {
      lines.append("  (no way back) \(Sanitizer.line(step.address.local))")
    }
    return lines + [""]
  }

  private func warning(_ warning: PlanWarning) -> String {
    "warning[\(warning.code)]: \(Sanitizer.line(warning.subject.local)): "
      + Sanitizer.line(warning.message)
      + (warning.position.map { "  \(Sanitizer.line($0.description))" } ?? "")
      + (warning.demandedAt.map { "  (demanded at \(Sanitizer.line($0.description)))" } ?? "")
  }

  /// How many collections bear no mark; each of them where everything is told.
  private func unmarked(named isNamed: Bool) -> [String] {
    let unmarked = view.plan.unmarked
    guard !unmarked.isEmpty else { return [] }
    if isNamed { return unmarked.map { "unmarked: \(Sanitizer.line($0.local))" } }
    return [
      "\(unmarked.count) \(unmarked.count == 1 ? "collection bears" : "collections bear") no mark "
        + "of a workspace yet: adopted with the first change, or now with --adopt"
    ]
  }

  /// How many violations are waived; each of them where everything is told.
  private func waived(named isNamed: Bool) -> [String] {
    let waived = view.plan.waived
    guard !waived.isEmpty else { return [] }
    if !isNamed {
      return [
        "\(waived.count) \(waived.count == 1 ? "violation is" : "violations are") waived; "
          + "--verbose names them"
      ]
    }
    return waived.map {
      "waived[\($0.code)]: \(Sanitizer.line($0.subject.local)): \(Sanitizer.line($0.message)) "
        + "(until \($0.until) by \(Sanitizer.line($0.owner)))"
    }
  }

  private func unchecked(_ part: UncheckedPart) -> String {
    let what = part.collection.map { "collection/\(Sanitizer.line($0.string)) on " } ?? ""
    return "unchecked: \(what)\(Sanitizer.line(part.cluster)): \(Sanitizer.line(part.reason))"
  }

  private func place(_ position: SourcePosition?) -> String {
    position.map { "\(Sanitizer.line($0.file)):\($0.line)" } ?? ""
  }

  private func pad(_ drawn: String, _ plain: String, _ width: Int) -> String {
    drawn + String(repeating: " ", count: max(2, width - plain.count))
  }

  private func trimmed(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
  }
}
