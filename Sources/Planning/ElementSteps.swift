import JSON
import ResourceModel

/// Makes the steps that add and drop vectors of a live collection.
struct ElementSteps {
  let context: PlanContext

  func add(_ diff: CollectionDiff, _ live: ObservedCollection, to plan: inout CollectionPlan) {
    for element in diff.addedElements where permitted(element, diff.desired, &plan) {
      addVector(element, diff, to: &plan)
    }
    for element in diff.removedElements where permitted(element, diff.desired, &plan) {
      dropVector(element, diff, live, to: &plan)
    }
  }

  private func address(_ element: DesiredElement, _ desired: DesiredResource) -> ResourceAddress {
    ResourceAddress(
      kind: element.kind, collection: desired.address.collection, name: element.name,
      cluster: desired.address.cluster)
  }

  private func permitted(
    _ element: DesiredElement, _ desired: DesiredResource, _ plan: inout CollectionPlan
  ) -> Bool {
    let address = address(element, desired)
    let position = context.place(element.provenance)
    if element.name.string.isEmpty {
      plan.refusals.append(Messages.unnamedVectorIsFixed(address, position))
      return false
    }
    let spec = context.schema.kinds[.collection]?.elements.first { $0.kind == element.kind }
    if let since = spec?.ownEndpointSince, context.identity.version < since {
      plan.refusals.append(
        Messages.elementNeedsNewer(
          address, since: since, version: context.identity.version, position))
      return false
    }
    return true
  }

  /// The request takes what cannot change later; the rest follows in an update.
  private func addVector(
    _ element: DesiredElement, _ diff: CollectionDiff, to plan: inout CollectionPlan
  ) {
    let address = address(element, diff.desired)
    let collection = diff.desired.address
    let rows = context.rows(.collection)
    let fields = diff.desired.fields.filter { $0.path.isWithin(element.path) }
    let fixed = fields.filter { rows[$0.row].mutability == .replace }
    let later = fields.filter { rows[$0.row].mutability != .replace }
    var step = Step(
      operation: Operation(
        .create, address, fields: fixed.map { FieldAssignment($0.path, $0.value) }),
      reasons: context.creationReasons(fixed, of: collection),
      before: [.present(collection), .absent(address)],
      after: [.present(address)]
        + fixed.map { .value(collection, $0.path, $0.value) },
      inverse: Operation(.delete, address), stepClass: .exact, phase: .expand)
    step.position = context.place(element.provenance)
    let create = Draft(step, rank: 30)
    plan.drafts.append(create)
    guard !later.isEmpty else { return }
    let sections = SectionSteps(context: context)
    guard let group = sections.group(of: rows[later[0].row], later[0].path) else { return }
    var follow = Step(
      operation: Operation(
        .update, collection, fields: later.map { FieldAssignment($0.path, $0.value) }),
      reasons: context.creationReasons(later, of: collection), before: [],
      after: later.map { .value(collection, $0.path, $0.value) }, inverse: nil,
      stepClass: .exact, phase: .expand)
    follow.note = "the request that adds a vector does not take it; undone with the vector"
    follow.position = context.place(element.provenance)
    plan.drafts.append(
      Draft(
        follow, part: "\(group.section) \(element.path)", rank: 31, needs: [create.key]))
  }

  private func dropVector(
    _ element: DesiredElement, _ diff: CollectionDiff, _ live: ObservedCollection,
    to plan: inout CollectionPlan
  ) {
    let address = address(element, diff.desired)
    if let refusal = context.lossRefusal(address, element.provenance) {
      plan.refusals.append(refusal)
      return
    }
    let collection = diff.desired.address
    let limit = context.options.accepted(address) ?? 0
    var step = Step(
      operation: Operation(.delete, address),
      before: [
        .present(address), Fact(collection, FieldPath([]), .pointsAtMost(limit)),
      ], after: [.absent(address)], inverse: nil, stepClass: .none, phase: .irreversible)
    step.note = "the vector of every point is lost at once"
    step.position = context.place(element.provenance)
    plan.drafts.append(Draft(step, rank: 95))
  }
}
