import JSON
import ResourceModel

/// Makes the steps that change fields of a live collection: one section of one request each.
///
/// One section a request, in the server's order, so that the outcome of a request is one fact: a
/// server carries the sections out one by one and keeps the first when a later one fails.
struct SectionSteps {
  let context: PlanContext

  /// The steps for those changes.
  func drafts(
    _ changes: [FieldChange], of desired: DesiredResource, observed: ObservedCollection
  ) -> [Draft] {
    let inverses = InverseBuilder(schema: context.schema)
    var groups: [Group: [FieldChange]] = [:]
    for change in changes {
      guard var group = group(of: change) else { continue }
      let inverse = inverses.inverse(
        of: [change], kind: .collection, observed: observed.fields)
      group.isIrreversible = !inverse.lost.isEmpty
      groups[group, default: []].append(change)
    }
    return groups.map { group, changes in
      draft(group, changes, desired, observed)
    }
  }

  /// What one request changes.
  struct Group: Hashable {
    var section: String
    /// The vector that it concerns, in the sections that have one entry a vector.
    var element: FieldPath?
    /// What cannot be taken back stands apart, so that it takes nothing else with it.
    var isIrreversible = false
  }

  func group(of change: FieldChange) -> Group? {
    guard let row = change.row.map({ context.rows(.collection)[$0] }) else { return nil }
    return group(of: row, change.path)
  }

  func group(of row: FieldSpec, _ path: FieldPath) -> Group? {
    guard case .key(let section)? = row.wire?.update?.segments.first else { return nil }
    let element = context.elementPath(of: path)
    return Group(section: section, element: element)
  }

  /// The number of a section in the server's order.
  func rank(_ section: String) -> Int {
    let sections = context.schema.kinds[.collection]?.sections ?? []
    return 10 + (sections.firstIndex(of: section) ?? sections.count)
  }

  private func draft(
    _ group: Group, _ changes: [FieldChange], _ desired: DesiredResource,
    _ observed: ObservedCollection
  ) -> Draft {
    let address = desired.address
    let inverse = InverseBuilder(schema: context.schema).inverse(
      of: changes, kind: .collection, observed: observed.fields)
    var step = Step(
      operation: Operation(
        .update, address, fields: assignments(changes, desired)),
      reasons: changes.map { context.reason($0, of: address) },
      before: changes.map { .value(address, $0.path, $0.from) },
      after: changes.map { .value(address, $0.path, $0.to) },
      inverse: inverse.lost.isEmpty
        ? Operation(.update, address, fields: inverse.fields) : nil,
      stepClass: stepClass(inverse, changes),
      phase: inverse.lost.isEmpty ? .expand : .irreversible)
    step.note = note(inverse)
    step.position = context.place(desired.provenance)
    return Draft(
      step,
      part: "\(group.section) \(group.element?.description ?? "")"
        + (group.isIrreversible ? " for good" : ""),
      rank: rank(group.section))
  }

  /// The changed fields; of a part that is written as a whole, all that is asked of it.
  private func assignments(
    _ changes: [FieldChange], _ desired: DesiredResource
  ) -> [FieldAssignment] {
    var assignments: [FieldAssignment] = []
    var roots: Set<FieldPath> = []
    for change in changes {
      let row = change.row.map { context.rows(.collection)[$0] }
      if let root = row?.blockRoot(of: change.path) {
        guard roots.insert(root).inserted else { continue }
        assignments += desired.fields.filter { $0.path.isWithin(root) }
          .map { FieldAssignment($0.path, $0.value) }
      } else {
        assignments.append(FieldAssignment(change.path, change.to ?? .null))
      }
    }
    return assignments.sorted { $0.path < $1.path }
  }

  private func stepClass(
    _ inverse: InverseBuilder.Inverse, _ changes: [FieldChange]
  ) -> StepClass {
    if !inverse.lost.isEmpty { return .none }
    if !inverse.sticky.isEmpty { return .sticky }
    let rebuilds = changes.contains { change in
      change.row.map { context.rows(.collection)[$0].effect == .rebuildsIndex } ?? false
    }
    return rebuilds ? .rebuild : .exact
  }

  private func note(_ inverse: InverseBuilder.Inverse) -> String? {
    func list(_ paths: [FieldPath]) -> String {
      paths.map(\.description).joined(separator: ", ")
    }
    if !inverse.lost.isEmpty {
      return "\(list(inverse.lost)) was unset, and Qdrant cannot unset it again"
    }
    if !inverse.sticky.isEmpty {
      return "\(list(inverse.sticky)) was unset; a rollback sets what means the same"
    }
    return nil
  }
}
