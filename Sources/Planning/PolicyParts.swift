package import ResourceModel

/// A violation of a policy that somebody has agreed to for a while.
package struct WaivedFinding: Sendable, Hashable {
  /// The rule's code.
  package var code: String
  package var subject: ResourceAddress
  package var message: String
  /// The last day of the exception, ISO 8601.
  package var until: String
  package var owner: String

  package init(
    code: String, subject: ResourceAddress, message: String, until: String, owner: String
  ) {
    self.code = code
    self.subject = subject
    self.message = message
    self.until = until
    self.owner = owner
  }
}

extension Plan {
  /// Puts in what the workspace's policies say of the plan.
  package mutating func add(
    refusals new: [Refusal], warnings more: [PlanWarning], waived: [WaivedFinding]
  ) {
    refusals += new
    warnings += more
    self.waived += waived
    PlanSummary.sort(&self)
    totals.refused = refusals.count
  }
}
