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
  /// The clusters that take part, as the environment says.
  private let taking: ClusterSelection
  /// Clusters that are only looked for.
  private let others: [ClusterSelection]
  private let environment: String?
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
    taking = decoder.environmentClusters
    others = decoder.otherClusters
    environment = decoder.selectedEnvironment
    policies = decoder.policies.sorted { $0.name.precedes($1.name) }
  }

  /// The whole state; of use only when there are no errors.
  mutating func assemble() -> DesiredState {
    let all = clusterList()
    let clusters = taking(part: all)
    for selection in others { _ = found(selection, in: all) }
    for draft in drafts {
      for rule in rules { rule.check(draft.resource, schema: schema).forEach { findings.add($0) } }
    }
    var collections = place(on: clusters, of: all)
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
    state.environment = environment
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

  /// The clusters that take part: all of them, unless the environment names some.
  private mutating func taking(part all: [ClusterDeclaration]) -> [ClusterDeclaration] {
    if case .unsaid = taking { return all }
    let wanted = Set(found(taking, in: all).map { ExactString($0) })
    return all.filter { wanted.contains(ExactString($0.name)) }
  }

  /// Puts every collection on its clusters, as far as they take part.
  private mutating func place(
    on clusters: [ClusterDeclaration], of all: [ClusterDeclaration]
  ) -> [DesiredResource] {
    let names = Set(clusters.map { ExactString($0.name) })
    var placed: [DesiredResource] = []
    placed.reserveCapacity(drafts.count)
    for index in drafts.indices {
      for cluster in selected(drafts[index], clusters, of: all)
      where names.contains(ExactString(cluster)) && drafts[index].isFor(cluster) {
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
    of all: [ClusterDeclaration]
  ) -> [String] {
    switch draft.cluster {
    case .wrong: return []
    case .names, .labels, .several: return found(draft.cluster, in: all)
    case .unsaid:
      if clusters.count == 1 { return [clusters[0].name] }
      // That no cluster takes part has been told.
      if clusters.isEmpty, !all.isEmpty { return [] }
      // A cluster in a text that could not be read may be missing from the list.
      if !findings.isIncomplete {
        findings.add(Messages.noCluster(among: clusters.map(\.name), at: draft.resource.span))
      }
      return []
    }
  }

  /// The clusters of several values of a level, each of which must have clusters of its own.
  private mutating func several(
    _ parts: [ClusterSelection], in clusters: [ClusterDeclaration]
  ) -> [String] {
    var all: [String] = []
    var places: [ExactString: SourceSpan] = [:]
    for part in parts {
      for name in found(part, in: clusters) {
        if let first = places[ExactString(name)] {
          if let span = part.span {
            findings.add(Messages.clusterOfTwoValues(name, at: span, first: first))
          }
        } else {
          places[ExactString(name)] = part.span
          all.append(name)
        }
      }
    }
    return all
  }

  /// The clusters of a selection; what matches none is told.
  private mutating func found(
    _ selection: ClusterSelection, in clusters: [ClusterDeclaration]
  ) -> [String] {
    switch selection {
    case .unsaid, .wrong: return []
    case .several(let parts): return several(parts, in: clusters)
    case .names(let wanted):
      let names = Set(clusters.map { ExactString($0.name) })
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
      let found = clusters.filter { $0.has(labels) }
      if found.isEmpty, !findings.isIncomplete { findings.add(Messages.emptySelection(at: span)) }
      return found.map(\.name)
    }
  }
}

extension ManifestDecoder.CollectionDraft {
  /// Whether it is what a collection is on that cluster.
  fileprivate func isFor(_ cluster: String) -> Bool { only?.contains(ExactString(cluster)) ?? true }
}

extension DesiredResource {
  /// Puts it and its children on a cluster.
  fileprivate mutating func move(to cluster: String) {
    address.cluster = cluster
    for index in children.indices { children[index].address.cluster = cluster }
  }
}
