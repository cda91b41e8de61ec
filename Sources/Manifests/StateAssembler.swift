import Diagnostics
import JSON
import ResourceModel

/// Puts collections on their clusters and checks what concerns several documents.
struct StateAssembler {
  var findings: Findings
  private let schema: ResourceSchema
  private let rules: [any Rule]
  private let implicitCluster: ClusterDeclaration?
  private var drafts: [ManifestDecoder.CollectionDraft]
  private let declared: [ClusterDeclaration]
  private let workspaces: [WorkspaceSettings]
  private let policies: [PolicyDeclaration]

  /// Takes what was decoded out of the decoder, so that it is not copied.
  init(
    _ decoder: inout ManifestDecoder, schema: ResourceSchema, rules: [any Rule],
    implicitCluster: ClusterDeclaration?
  ) {
    self.schema = schema
    self.rules = rules
    self.implicitCluster = implicitCluster
    findings = decoder.reader.findings
    drafts = []
    swap(&drafts, &decoder.collections)
    declared = decoder.clusters
    workspaces = decoder.workspaces
    policies = decoder.policies.sorted { $0.name.precedes($1.name) }
  }

  /// The whole state; of use only when there are no errors.
  mutating func assemble() -> DesiredState {
    let clusters = clusterList()
    for draft in drafts {
      for rule in rules { rule.check(draft.resource, schema: schema).forEach { findings.add($0) } }
    }
    var collections = place(on: clusters)
    // Sorting numbers moves less than sorting resources.
    let order = collections.indices.sorted {
      collections[$0].address < collections[$1].address
    }
    collections = order.map { collections[$0] }
    var checks = CrossChecks(findings)
    checks.check(collections)
    findings = checks.findings
    for workspace in workspaces.dropFirst() {
      if let span = workspace.span {
        findings.add(Messages.secondWorkspace(at: span, first: workspaces.first?.span))
      }
    }
    var state = DesiredState(
      workspace: workspaces.first ?? WorkspaceSettings(), clusters: clusters,
      collections: collections)
    state.policies = policies
    return state
  }

  /// The clusters by name, each once; the implicit one when none is declared.
  private mutating func clusterList() -> [ClusterDeclaration] {
    if declared.isEmpty { return implicitCluster.map { [$0] } ?? [] }
    let sorted = declared.sorted { left, right in
      left.name.hasSameBytes(as: right.name)
        ? isBefore(left.span, right.span) : left.name.precedes(right.name)
    }
    var clusters: [ClusterDeclaration] = []
    for cluster in sorted {
      if let last = clusters.last, last.name.hasSameBytes(as: cluster.name) {
        if let span = cluster.span {
          findings.add(
            Messages.duplicateResource(
              "cluster " + Messages.quoted(cluster.name), at: span, first: last.span))
        }
      } else {
        clusters.append(cluster)
      }
    }
    return clusters
  }

  private func isBefore(_ left: SourceSpan?, _ right: SourceSpan?) -> Bool {
    guard let left, let right else { return right != nil }
    return left < right
  }

  private mutating func place(on clusters: [ClusterDeclaration]) -> [DesiredResource] {
    let names = Set(clusters.map { ExactString($0.name) })
    var placed: [DesiredResource] = []
    placed.reserveCapacity(drafts.count)
    for index in drafts.indices {
      for cluster in selected(drafts[index], clusters, names) {
        drafts[index].resource.move(to: cluster)
        placed.append(drafts[index].resource)
      }
    }
    drafts = []
    return placed
  }

  /// The clusters of a collection.
  private mutating func selected(
    _ draft: ManifestDecoder.CollectionDraft, _ clusters: [ClusterDeclaration],
    _ names: Set<ExactString>
  ) -> [String] {
    switch draft.cluster {
    case .wrong: return []
    case .unsaid:
      if clusters.count == 1 { return [clusters[0].name] }
      // A cluster in a text that could not be read may be missing from the list.
      if !findings.isIncomplete {
        findings.add(Messages.noCluster(among: clusters.map(\.name), at: draft.resource.span))
      }
      return []
    case .names(let wanted):
      var found: [String] = []
      for (name, span) in wanted {
        if names.contains(ExactString(name)) {
          found.append(name)
        } else if !findings.isIncomplete {
          findings.add(Messages.unknownCluster(name, among: clusters.map(\.name), at: span))
        }
      }
      return found
    case .labels(let labels, let span):
      let found = clusters.filter { cluster in
        labels.allSatisfy { cluster.labels[$0.key]?.hasSameBytes(as: $0.value) ?? false }
      }
      if found.isEmpty, !findings.isIncomplete { findings.add(Messages.emptySelection(at: span)) }
      return found.map(\.name)
    }
  }
}

extension DesiredResource {
  /// Puts it and its children on a cluster.
  fileprivate mutating func move(to cluster: String) {
    address.cluster = cluster
    for index in children.indices { children[index].address.cluster = cluster }
  }
}
