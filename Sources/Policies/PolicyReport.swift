package import Diagnostics
package import ResourceModel

/// A violation of a rule that a policy demands.
package struct PolicyFinding: Sendable, Hashable {
  package var rule: PolicyRuleSpec
  package var severity: PolicySeverity
  package var violation: PolicyViolation
  package var policy: String
  /// Where the policy demands it.
  package var demandedAt: SourceSpan
  /// The exception that holds, when there is one.
  package var waiver: PolicyDeclaration.Waiver?

  /// The sentence with the rule's name before it.
  package var message: String { "\(rule.name): \(violation.message)" }

  /// The finding as it is told with others about manifests; a waived one is a note.
  package var diagnostic: Diagnostic {
    let severity: Diagnostic.Severity =
      waiver != nil ? .note : self.severity == .error ? .error : .warning
    let waived = waiver.map { " (waived until \($0.until) by \($0.owner))" } ?? ""
    return Diagnostic(
      severity, rule.code, message + waived, at: violation.span, hint: violation.hint,
      related: [.init(span: demandedAt, message: "demanded by policy '\(policy)'")])
  }
}

/// What policies say of a workspace.
package struct PolicyReport: Sendable {
  /// Violations that count, in the order of policies and rules.
  package var findings: [PolicyFinding] = []
  /// Violations that are waived.
  package var waived: [PolicyFinding] = []
  /// What is to be said of the policies themselves: waivers that are over, or for nothing.
  package var notices: [Diagnostic] = []

  package init() {}

  /// Each finding once: a collection on two clusters has one place in the manifests.
  package var diagnostics: [Diagnostic] { PolicyReport.unique(findings) + notices }

  /// The waived ones, as notes.
  package var waivedDiagnostics: [Diagnostic] { PolicyReport.unique(waived) }

  private static func unique(_ findings: [PolicyFinding]) -> [Diagnostic] {
    var seen: Set<Diagnostic> = []
    return findings.map(\.diagnostic).filter { seen.insert($0).inserted }
  }
}
