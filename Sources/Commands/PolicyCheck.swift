import Diagnostics
import Planning
import Policies
import ResourceModel

/// Holds a workspace, or the plan for it, against its policies.
struct PolicyCheck {
  let context: CommandContext
  let workspace: LoadedWorkspace
  /// Whether no selection leaves parts of the workspace out.
  let isComplete: Bool
  let palette: Bool

  /// What can be said without a server.
  static func offline(_ state: DesiredState, _ context: CommandContext) -> PolicyReport {
    guard !state.policies.isEmpty else { return PolicyReport() }
    return PolicyEngine().report(state.policies, PolicyInput(state), today: today(context))
  }

  /// Without a day no waiver could be judged, and no policy may be passed over for that.
  private static func today(_ context: CommandContext) -> CivilDate {
    guard let today = CivilDate(timestamp: context.timestamp()) else {
      preconditionFailure("a timestamp begins with the day")
    }
    return today
  }

  /// `2 violations are waived`.
  static func count(of waived: [PolicyFinding]) -> String {
    "\(waived.count) \(waived.count == 1 ? "violation is" : "violations are") waived."
  }

  /// Puts everything that the policies say into the plan; what they say of themselves is printed.
  func hold(_ plan: inout Plan, _ readings: [String: Planner.Reading]) {
    let state = workspace.state
    guard !state.policies.isEmpty else { return }
    let input = PolicyInput(
      state, observed: observed(readings), changes: changes(plan),
      isComplete: isComplete && plan.unchecked.isEmpty)
    let report = PolicyEngine().report(
      state.policies, input, today: PolicyCheck.today(context))
    plan.add(
      refusals: report.findings.filter { $0.severity == .error }.map(refusal),
      warnings: report.findings.filter { $0.severity == .warning }.map(warning),
      waived: report.waived.compactMap(waived))
    if !report.notices.isEmpty {
      context.console.error(
        DiagnosticReport(report.notices, catalog: workspace.catalog).text(color: palette))
    }
  }

  private func observed(_ readings: [String: Planner.Reading]) -> [String: ObservedCluster] {
    readings.compactMapValues { reading in
      if case .observed(let cluster, _) = reading { return cluster }
      return nil
    }
  }

  private func changes(_ plan: Plan) -> [PolicyInput.Change] {
    let steps = plan.steps.map { step in
      PolicyInput.Change(
        step.address,
        step.operation.action == .delete
          ? .delete : step.operation.action == .create ? .create : .update,
        rebuilds: step.operation.action != .create
          && step.reasons.contains { $0.effect == .rebuildsIndex })
    }
    let replaced = Set(plan.refusals.filter(\.isReplacement).map(\.subject))
    return steps + replaced.sorted().map { PolicyInput.Change($0, .replace) }
  }

  private func refusal(_ finding: PolicyFinding) -> Refusal {
    var refusal = Refusal(
      finding.rule.code, finding.violation.address, path: finding.violation.path,
      finding.message, hint: finding.violation.hint,
      position: place(finding))
    refusal.demandedAt = workspace.locate(finding.demandedAt)
    return refusal
  }

  private func warning(_ finding: PolicyFinding) -> PlanWarning {
    var warning = PlanWarning(
      finding.rule.code, finding.violation.address, finding.message,
      position: place(finding))
    warning.demandedAt = workspace.locate(finding.demandedAt)
    return warning
  }

  /// Where the value stands that violates a rule, with who says it.
  private func place(_ finding: PolicyFinding) -> SourcePosition? {
    finding.violation.provenance.flatMap { Locating.position(of: $0, workspace.locate) }
  }

  private func waived(_ finding: PolicyFinding) -> WaivedFinding? {
    finding.waiver.map { waiver in
      WaivedFinding(
        code: finding.rule.code, subject: finding.violation.address, message: finding.message,
        until: waiver.until.description, owner: waiver.owner)
    }
  }
}
