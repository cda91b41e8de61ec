internal import ResourceModel

/// What the person who plans has asked for and agreed to.
package struct PlanOptions: Sendable {
  /// Consent to the loss of at most so many points: address → count, on one cluster
  /// (`collection/products@here`) or on any (`collection/products`).
  package var acceptedLoss: [String: Int] = [:]
  /// Whether owned collections that no manifest mentions are to go.
  package var prunes = false
  /// Whether collections that bear no mark get one when nothing else about them is to change.
  package var adopts = false

  package init() {}

  /// How many points of a resource may be lost; nil without consent. One cluster goes before any.
  func accepted(_ address: ResourceAddress) -> Int? {
    acceptedLoss[address.description] ?? acceptedLoss[address.local]
  }
}
