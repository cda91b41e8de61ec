/// What the person who plans has asked for and agreed to.
package struct PlanOptions: Sendable {
  /// Consent to the loss of at most so many points: local address (`collection/products`) → count.
  package var acceptedLoss: [String: Int] = [:]
  /// Whether owned collections that no manifest mentions are to go.
  package var prunes = false
  /// Whether collections that bear no mark get one when nothing else about them is to change.
  package var adopts = false

  package init() {}
}
