package import Planning
package import JSON
package import ResourceModel

/// What is read to check a step's facts: one collection with all that belongs to it, or the
/// aliases.
package struct ObservationTarget: Sendable, Hashable {
  package var cluster: String
  /// The collection; empty for the aliases.
  package var name: ExactString
  package var isAlias: Bool
  /// Whose points must be counted exactly; nil when none are.
  package var counted: ResourceAddress?
  /// Whether it matters where the shards lie.
  package var readsPlacement: Bool
}

extension Step {
  /// What must be read to check this step.
  package var observationTarget: ObservationTarget {
    let isAlias = address.kind == .alias
    return ObservationTarget(
      cluster: address.cluster, name: isAlias ? "" : address.collection,
      isAlias: isAlias,
      counted: before.lazy.compactMap { fact in
        if case .pointsAtMost = fact.expectation { fact.subject } else { nil }
      }.first,
      readsPlacement: (before + after).contains { [.replica, .shardKey].contains($0.subject.kind) }
        || gates.contains { $0.condition == .replicas })
  }
}
