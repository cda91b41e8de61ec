import JSON
package import ResourceModel

/// What rules look at: always the manifests, and in a plan what was read and what would be done.
package struct PolicyInput: Sendable {
  /// What a plan would do to one resource.
  package struct Change: Sendable, Hashable {
    /// In which way.
    package enum Action: String, Sendable, Hashable { case create, update, delete, replace }

    package var address: ResourceAddress
    package var action: Action
    /// Whether existing data is indexed again.
    package var rebuilds: Bool

    package init(_ address: ResourceAddress, _ action: Action, rebuilds: Bool = false) {
      self.address = address
      self.action = action
      self.rebuilds = rebuilds
    }
  }

  package var clusters: [ClusterDeclaration]
  package var collections: [DesiredResource]
  /// The clusters that were read, by name; nil where nothing was read at all.
  package var observed: [String: ObservedCluster]?
  /// What a plan would do; nil where there is no plan.
  package var changes: [Change]?
  /// Whether it is the whole workspace, so that what is not there does not exist.
  package var isComplete: Bool

  package init(
    _ state: DesiredState, observed: [String: ObservedCluster]? = nil,
    changes: [Change]? = nil, isComplete: Bool = true
  ) {
    clusters = state.clusters
    collections = state.collections
    self.observed = observed
    self.changes = changes
    self.isComplete = isComplete
  }

  /// Whether what a rule needs is there.
  func has(_ needs: PolicyRuleSpec.Needs) -> Bool {
    switch needs {
    case .manifests: true
    case .observation: observed != nil
    case .plan: observed != nil && changes != nil
    }
  }

  /// The part that a policy is about.
  func narrowed(to policy: PolicyDeclaration) -> PolicyInput {
    var input = self
    if !policy.labels.isEmpty {
      let meant = Set(
        clusters.filter { cluster in
          policy.labels.allSatisfy { cluster.labels[$0.key]?.hasSameBytes(as: $0.value) ?? false }
        }.map { ExactString($0.name) })
      input.clusters = clusters.filter { meant.contains(ExactString($0.name)) }
      input.collections = collections.filter { meant.contains(ExactString($0.address.cluster)) }
      input.changes = changes?.filter { meant.contains(ExactString($0.address.cluster)) }
    }
    guard !policy.addresses.isEmpty else { return input }
    func isMeant(_ address: ResourceAddress) -> Bool {
      policy.addresses.contains { $0.matches(address) || $0.matches(address.owner) }
    }
    input.clusters = input.clusters.filter { isMeant(.cluster($0.name)) }
    input.collections = input.collections.filter { isMeant($0.address) }
    input.changes = input.changes?.filter { isMeant($0.address) }
    return input
  }

  /// What the manifests ask of the collection that a change belongs to.
  func collection(of address: ResourceAddress) -> DesiredResource? {
    collections.first { $0.address == address.owner }
  }
}

extension ResourceAddress {
  /// The collection that a thing belongs to; clusters and aliases are their own.
  var owner: ResourceAddress {
    switch kind {
    case .cluster, .alias, .collection: self
    case .vector, .sparseVector, .index, .shardKey, .replica:
      .collection(collection, cluster: cluster)
    }
  }
}
