import Diagnostics
package import JSON
package import ResourceModel

/// What changed behind the repository's back, field by field.
package struct DriftReport: Sendable {
  /// How a field, or a whole resource, stands.
  package enum State: String, Sendable, Hashable, CaseIterable {
    /// The server was changed after the last apply.
    case drifted
    /// The manifest was changed after the last apply.
    case pending
    /// Both were.
    case conflict
    /// It differs, and no mark tells which side changed.
    case differs
    /// The resource is not there.
    case missing
    /// It is there, and no manifest mentions it.
    case unmanaged
    /// It could not be compared.
    case unchecked
  }

  /// One thing that is not in sync.
  package struct Entry: Sendable, Hashable {
    package var state: State
    package var address: ResourceAddress
    /// Empty for the resource itself.
    package var path: FieldPath
    package var desired: JSONValue?
    package var live: JSONValue?
    /// Why it is unchecked.
    package var reason: String?
    package var position: SourcePosition?
  }

  package var workspace: String
  package var clusters: [PlannedCluster] = []
  /// Sorted by address and path.
  package var entries: [Entry] = []
  package var unreachable: [UncheckedPart] = []
  /// Collections that do not differ in anything.
  package var inSync: [ResourceAddress] = []
  /// Fields and resources that were compared.
  package var checked = 0
  /// Fields and resources that the manifests mention.
  package var mentioned = 0

  /// How many entries are in a state.
  package func count(_ state: State) -> Int { entries.filter { $0.state == state }.count }

  /// Entries that mean that the server is not as the last apply left it.
  package var drifted: Int {
    entries.filter {
      switch $0.state {
      case .drifted, .conflict, .differs, .missing: true
      case .pending, .unmanaged, .unchecked: false
      }
    }.count
  }
}

/// Makes a drift report of the same readings that a plan is made of.
package struct DriftFinder: Sendable {
  private let schema: ResourceSchema
  private let locate: Planner.Locate

  package init(schema: ResourceSchema, locate: @escaping Planner.Locate) {
    self.schema = schema
    self.locate = locate
  }

  /// The report over all clusters.
  package func report(
    _ desired: DesiredState, readings: [String: Planner.Reading]
  ) -> DriftReport {
    var report = DriftReport(workspace: desired.workspace.name)
    for cluster in desired.clusters {
      let mine = desired.collections.filter { $0.address.cluster == cluster.name }
      report.mentioned += mine.reduce(0) { $0 + weight($1) }
      switch readings[cluster.name] {
      case .observed(let observed, let endpoint):
        report.clusters.append(
          PlannedCluster(name: cluster.name, endpoint: endpoint, identity: observed.identity))
        compare(mine, observed, cluster.name, &report)
      case .unchecked(let part): report.unreachable.append(part)
      case nil: break
      }
    }
    report.entries.sort { left, right in
      left.address != right.address ? left.address < right.address : left.path < right.path
    }
    return report
  }

  private func weight(_ collection: DesiredResource) -> Int {
    1 + collection.fields.count
      + collection.children.reduce(0) { $0 + 1 + $1.fields.count }
  }

  private func compare(
    _ collections: [DesiredResource], _ observed: ObservedCluster, _ cluster: String,
    _ report: inout DriftReport
  ) {
    let aliases = AliasIndex(observed.aliases)
    let gate = VersionGate(schema: schema, identity: observed.identity, locate: locate)
    let differ = Differ(schema: schema, cluster: observed)
    for desired in collections {
      let name = desired.address.collection
      if let reason = observed.unchecked[name] {
        report.entries.append(
          entry(.unchecked, desired.address, reason: reason, at: desired.provenance))
        continue
      }
      let (comparable, refusals) = gate.split(desired)
      report.checked += weight(comparable)
      for refusal in refusals {
        var entry = entry(.unchecked, refusal.subject, reason: refusal.message, at: nil)
        entry.path = refusal.path
        entry.position = refusal.position
        report.entries.append(entry)
      }
      let live = observed.collections[name]
      let diff = differ.diff(comparable, live, aliases: aliases)
      if diff.isEmpty, refusals.isEmpty { report.inSync.append(desired.address) }
      add(diff, differ, to: &report)
    }
    addUnmanaged(collections, observed, cluster, &report)
  }

  private func entry(
    _ state: DriftReport.State, _ address: ResourceAddress, reason: String? = nil,
    at provenance: Provenance?
  ) -> DriftReport.Entry {
    DriftReport.Entry(
      state: state, address: address, path: FieldPath([]), desired: nil, live: nil,
      reason: reason, position: provenance.flatMap { Locating.position(of: $0, locate) })
  }

  private func add(_ diff: CollectionDiff, _ differ: Differ, to report: inout DriftReport) {
    let address = diff.desired.address
    if diff.isCreation {
      report.entries.append(entry(.missing, address, at: diff.desired.provenance))
      return
    }
    if diff.isDeletion {
      report.entries.append(entry(.pending, address, at: diff.desired.provenance))
      return
    }
    report.entries += diff.changes.map { entry($0, of: address) }
    for element in diff.addedElements {
      let cause = differ.cause(ofMissing: element, in: diff)
      let state = cause == .drift ? .missing : DriftFinder.state(cause)
      var missing = entry(state, address, at: element.provenance)
      missing.path = element.path
      report.entries.append(missing)
    }
    for element in diff.removedElements {
      var going = entry(.pending, address, at: element.provenance)
      going.path = element.path
      report.entries.append(going)
    }
    for child in diff.children { add(child, to: &report) }
  }

  private func add(_ child: ChildDiff, to report: inout DriftReport) {
    guard child.action == .update else {
      let isGone = child.action == .create && child.cause == .drift
      let state = isGone ? .missing : DriftFinder.state(child.cause)
      report.entries.append(entry(state, child.address, at: child.provenance))
      return
    }
    report.entries += child.changes.map { entry($0, of: child.address) }
  }

  private func entry(_ change: FieldChange, of address: ResourceAddress) -> DriftReport.Entry {
    DriftReport.Entry(
      state: DriftFinder.state(change.cause), address: address, path: change.path,
      desired: change.to, live: change.from, reason: nil,
      position: Locating.position(of: change.provenance, locate))
  }

  private static func state(_ cause: ChangeCause) -> DriftReport.State {
    switch cause {
    case .drift: .drifted
    case .pending: .pending
    case .conflict: .conflict
    case .unknown: .differs
    }
  }

  /// Lock collections are ours and no drift.
  private func addUnmanaged(
    _ collections: [DesiredResource], _ observed: ObservedCluster, _ cluster: String,
    _ report: inout DriftReport
  ) {
    let mentioned = Set(collections.map(\.address.collection))
    for name in observed.collectionNames.subtracting(mentioned)
    where !name.string.hasPrefix("_qr_") {
      report.entries.append(entry(.unmanaged, .collection(name, cluster: cluster), at: nil))
    }
  }
}
