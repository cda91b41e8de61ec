import JSON
package import ResourceModel

/// Counts what a plan does, and holds it against the budget for removals.
struct PlanSummary {
  let schema: ResourceSchema

  func complete(_ plan: inout Plan, _ desired: DesiredState) {
    PlanSummary.sort(&plan)
    let read = Set(plan.clusters.map(\.name))
    let managed = desired.collections.filter { read.contains($0.address.cluster) }
    plan.totals.managed = managed.reduce(0) { $0 + 1 + $1.children.count }
    count(&plan)
    checkBudget(&plan, desired.workspace.budget)
    plan.totals.refused = plan.refusals.count
  }

  /// Brings what is refused and told into the order of the resources.
  static func sort(_ plan: inout Plan) {
    plan.refusals.sort { left, right in
      if left.subject != right.subject { return left.subject < right.subject }
      return (left.path, left.code) < (right.path, right.code)
    }
    plan.warnings.sort { left, right in
      if left.subject != right.subject { return left.subject < right.subject }
      return (left.code, left.message) < (right.code, right.message)
    }
    plan.unmarked.sort()
    plan.unchecked.sort { left, right in
      if left.cluster != right.cluster { return left.cluster.precedes(right.cluster) }
      return left.collection ?? "" < right.collection ?? ""
    }
  }

  /// Each resource counts once: made, removed, or changed in whatever many steps.
  private func count(_ plan: inout Plan) {
    var actions: [ResourceAddress: Set<Operation.Action>] = [:]
    for step in plan.steps {
      actions[step.resource, default: []].insert(step.resourceAction)
    }
    for (_, actions) in actions {
      if actions == [.create] || actions == [.create, .update] {
        plan.totals.add += 1
      } else if actions == [.delete] {
        plan.totals.remove += 1
      } else {
        plan.totals.change += 1
      }
    }
    plan.totals.replace = Set(plan.refusals.filter(\.isReplacement).map(\.subject)).count
  }

  private func checkBudget(_ plan: inout Plan, _ budget: RemovalBudget) {
    let gone = plan.totals.remove + plan.totals.replace
    let managed = plan.totals.managed
    guard gone > 0, managed >= budget.from else { return }
    guard Double(gone) * 100 > budget.percent * Double(managed) else { return }
    let first = plan.steps.first { $0.resourceAction == .delete }
    guard let subject = first?.address ?? plan.refusals.first(where: \.isReplacement)?.subject
    else { return }
    plan.refusals.append(
      Messages.budget(
        subject, removed: gone, managed: managed, budget: budget, first?.position))
  }
}

extension Step {
  /// The resource that a reader counts: a vector and a replica belong to their collection.
  package var resource: ResourceAddress {
    switch address.kind {
    case .vector, .sparseVector, .replica:
      .collection(address.collection, cluster: address.cluster)
    case .collection, .index, .shardKey, .alias, .cluster: address
    }
  }

  /// What happens to that resource.
  package var resourceAction: Operation.Action {
    address.kind == resource.kind ? operation.action : .update
  }
}
