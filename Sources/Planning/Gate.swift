import ResourceModel

/// What must hold after a step before the next one may start.
package struct Gate: Sendable, Hashable {
  /// What is waited for.
  package enum Condition: String, Sendable, Hashable, CaseIterable {
    /// The collection's status is green and its optimisers are well and idle.
    case green
  }

  package var condition: Condition
  /// How long it may take; at most a day.
  package var timeout: Duration

  package init(_ condition: Condition, timeout: Duration) {
    self.condition = condition
    self.timeout = timeout
  }

  /// Nil when it holds; otherwise what is still missing, for a person.
  package func closed(_ observation: Observation) -> String? {
    switch condition {
    case .green:
      guard let collection = observation.collection else { return "the collection is not there" }
      guard collection.status == "green" else {
        return "its status is \(collection.status ?? "unknown"), not green"
      }
      guard collection.optimizerStatus == "ok" else {
        return "its optimisers report \(collection.optimizerStatus ?? "nothing")"
      }
      return nil
    }
  }
}
