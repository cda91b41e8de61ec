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

  init(
    _ decoder: ManifestDecoder, schema: ResourceSchema, rules: [any Rule],
    implicitCluster: ClusterDeclaration?
  ) {
    self.schema = schema
    self.rules = rules
    self.implicitCluster = implicitCluster
    findings = decoder.reader.findings
    drafts = decoder.collections
    declared = decoder.clusters
    workspaces = decoder.workspaces
  }

  /// The whole state; of use only when there are no errors.
  mutating func assemble() -> DesiredState {
    let clusters = clusterList()
    for draft in drafts {
      for rule in rules { rule.check(draft.resource, schema: schema).forEach { findings.add($0) } }
    }
    var collections = place(on: clusters)
    collections.sort { $0.address < $1.address }
    var checks = CrossChecks(findings)
    checks.check(collections)
    findings = checks.findings
    for workspace in workspaces.dropFirst() {
      if let span = workspace.span {
        findings.add(Messages.secondWorkspace(at: span, first: workspaces.first?.span))
      }
    }
    return DesiredState(
      workspace: workspaces.first ?? WorkspaceSettings(), clusters: clusters,
      collections: collections)
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
    let taken = drafts
    drafts = []
    for draft in taken {
      for cluster in selected(draft, clusters, names) {
        placed.append(StateAssembler.moved(draft.resource, to: cluster))
      }
    }
    return placed
  }

  private static func moved(_ resource: DesiredResource, to cluster: String) -> DesiredResource {
    var resource = resource
    resource.address.cluster = cluster
    for index in resource.children.indices { resource.children[index].address.cluster = cluster }
    return resource
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
