package import JSON
package import ResourceModel

/// What a plan says of one cluster: who it is, so that apply can tell another one.
package struct PlannedCluster: Sendable, Hashable {
  package var name: String
  /// The address without credentials; in the origin of the plan nothing else of it is needed.
  package var endpoint: String
  package var identity: ClusterIdentity
  /// How to connect to it: references to secrets, never secrets; without places in manifests.
  package var declaration: ClusterDeclaration?

  package init(name: String, endpoint: String, identity: ClusterIdentity) {
    self.name = name
    self.endpoint = endpoint
    self.identity = identity
  }
}

/// A cluster that could not be asked: unchecked, never "in sync".
package struct UncheckedPart: Sendable, Hashable {
  package var cluster: String
  /// Nil for the whole cluster.
  package var collection: ExactString?
  package var reason: String
  /// Whether it was unreachable (69) or refused the credential (77).
  package var category: ProviderError.Category

  package init(
    cluster: String, collection: ExactString? = nil, reason: String,
    category: ProviderError.Category
  ) {
    self.cluster = cluster
    self.collection = collection
    self.reason = reason
    self.category = category
  }
}

/// How many resources a plan touches, and how.
package struct PlanTotals: Sendable, Hashable {
  package var add = 0
  package var change = 0
  package var replace = 0
  package var remove = 0
  package var refused = 0
  /// Resources that the manifests name on the clusters that were read.
  package var managed = 0

  package init() {}
}

/// All steps as an ordered graph, and everything that was found out on the way.
package struct Plan: Sendable, Hashable {
  package var workspace: String
  package var clusters: [PlannedCluster]
  /// In the order of execution.
  package var steps: [Step]
  package var refusals: [Refusal]
  package var warnings: [PlanWarning]
  package var unchecked: [UncheckedPart]
  /// Violations of policies that are waived.
  package var waived: [WaivedFinding] = []
  /// Collections that are as they should be and bear no mark of any workspace: they are adopted
  /// with their first change, or at once when that is asked for.
  package var unmarked: [ResourceAddress] = []
  package var totals: PlanTotals
  package var origin: PlanOrigin

  package init(workspace: String) {
    self.workspace = workspace
    clusters = []
    steps = []
    refusals = []
    warnings = []
    unchecked = []
    totals = PlanTotals()
    origin = PlanOrigin()
  }

  /// Whether nothing is to be done and nothing is refused.
  package var isEmpty: Bool { steps.isEmpty && refusals.isEmpty }

  /// Keeps with each cluster how to connect to it, so that the plan file is enough to apply it.
  package mutating func setDeclarations(_ declarations: [ClusterDeclaration]) {
    for index in clusters.indices {
      guard var found = declarations.first(where: { $0.name == clusters[index].name }) else {
        continue
      }
      origin.clusterFolders[found.name] = found.baseFolder
      found.spans = [:]
      found.span = nil
      found.baseFolder = ""
      found.later = []
      clusters[index].declaration = found
    }
  }

  /// Notes that a step cannot be put into a request.
  package mutating func refuse(_ step: Step, because reason: String) {
    refusals.append(Messages.notEncodable(step.address, reason, step.position))
    totals.refused += 1
  }

  /// The steps on one cluster, in order.
  package func steps(on cluster: String) -> [Step] {
    steps.filter { $0.address.cluster == cluster }
  }
}

/// Where a plan was made; not part of what it would do.
package struct PlanOrigin: Sendable, Hashable {
  /// The workspace's folder as it was given.
  package var folder = ""
  /// Where the workspace keeps its runs; nil in a plan that says nothing about it.
  package var state: String?
  /// The revision of the source, when known.
  package var revision: String?
  package var toolVersion = ""
  /// The environment of the manifests; nil without one.
  package var environment: String?
  /// ISO 8601, UTC.
  package var time = ""
  /// The folders that relative files of each cluster count from.
  package var clusterFolders: [String: String] = [:]

  package init() {}
}
