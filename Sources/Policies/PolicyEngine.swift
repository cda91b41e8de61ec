import Diagnostics
import JSON
package import ResourceModel

/// Holds a workspace against its policies.
package struct PolicyEngine: Sendable {
  /// The code of a waiver that is over.
  package static let expiredWaiver = "P901"
  /// The code of a waiver that waives nothing.
  package static let idleWaiver = "P902"

  private let rules: [String: any PolicyRule]

  package init(_ rules: [any PolicyRule] = PolicyTable.rules) {
    self.rules = Dictionary(uniqueKeysWithValues: rules.map { ($0.spec.name, $0) })
  }

  /// All that the policies say; `today` decides which waivers still hold.
  ///
  /// Rules that need more than the input has are left out, and so is every word about waivers of
  /// theirs.
  package func report(
    _ policies: [PolicyDeclaration], _ input: PolicyInput, today: CivilDate
  ) -> PolicyReport {
    var report = PolicyReport()
    for policy in policies {
      let narrowed = input.narrowed(to: policy)
      var used: Set<PolicyDeclaration.Waiver> = []
      for setting in policy.settings where setting.severity != .off {
        guard let rule = rules[setting.rule], input.has(rule.spec.needs) else { continue }
        let settings = PolicySettings(rule.spec, setting.parameters)
        for violation in rule.violations(narrowed, settings) {
          var finding = PolicyFinding(
            rule: rule.spec, severity: setting.severity, violation: violation,
            policy: policy.name, demandedAt: setting.span)
          finding.waiver = waiver(of: violation.address, rule.spec, policy, today)
          if let waiver = finding.waiver {
            used.insert(waiver)
            report.waived.append(finding)
          } else {
            report.findings.append(finding)
          }
        }
      }
      report.notices += notices(policy, input, used: used, today)
    }
    return report
  }

  private func waiver(
    of address: ResourceAddress, _ rule: PolicyRuleSpec, _ policy: PolicyDeclaration,
    _ today: CivilDate
  ) -> PolicyDeclaration.Waiver? {
    policy.waivers.first { waiver in
      waiver.rule == rule.name && waiver.until >= today
        && (waiver.address.matches(address) || waiver.address.matches(address.owner))
    }
  }

  private func notices(
    _ policy: PolicyDeclaration, _ input: PolicyInput, used: Set<PolicyDeclaration.Waiver>,
    _ today: CivilDate
  ) -> [Diagnostic] {
    policy.waivers.compactMap { waiver in
      if waiver.until < today {
        return Diagnostic(
          .warning, PolicyEngine.expiredWaiver,
          "the waiver of \(waiver.rule) for '\(waiver.address)' ended on \(waiver.until)",
          at: waiver.span, hint: "remove it, or agree on another day with \(waiver.owner)")
      }
      guard !used.contains(waiver), input.isComplete, let rule = rules[waiver.rule],
        input.has(rule.spec.needs)
      else { return nil }
      return Diagnostic(
        .warning, PolicyEngine.idleWaiver,
        "the waiver of \(waiver.rule) for '\(waiver.address)' waives nothing", at: waiver.span,
        hint: "remove it")
    }
  }
}
