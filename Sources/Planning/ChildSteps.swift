import JSON
import ResourceModel

/// Makes the steps for indexes and shard keys, and has those for aliases and copies of shards made.
struct ChildSteps {
  let context: PlanContext

  func add(_ children: [ChildDiff], to plan: inout CollectionPlan, diff: CollectionDiff) {
    if let refusal = keylessIndexRefusal(children, diff) {
      plan.refusals.append(refusal)
      return
    }
    let limits = IndexLimits(diff: diff)
    if limits.isExceeded {
      plan.refusals.append(
        Messages.tooManyIndexes(diff.desired.address, context.place(diff.desired.provenance)))
      return
    }
    let aliases = AliasSteps(context: context, diff: diff)
    for child in children {
      switch child.address.kind {
      case .index: addIndex(child, diff, limits, to: &plan)
      case .alias: aliases.add(child, to: &plan)
      case .shardKey: addShardKey(child, diff, to: &plan)
      case .replica: ReplicaSteps(context: context, diff: diff).add(child, to: &plan)
      case .collection, .vector, .sparseVector, .cluster: break
      }
    }
    limits.order(&plan)
  }

  private func addIndex(
    _ child: ChildDiff, _ diff: CollectionDiff, _ limits: IndexLimits,
    to plan: inout CollectionPlan
  ) {
    let address = child.address
    let wanted = (child.desired?.fields ?? []).map { FieldAssignment($0.path, $0.value) }
    let live = assignments(child)
    switch child.action {
    case .create:
      plan.drafts.append(create(child, wanted, diff))
    case .delete:
      var step = Step(
        operation: Operation(.delete, address), before: facts(address, live),
        after: [.absent(address)], inverse: Operation(.create, address, fields: live),
        stepClass: .rebuild, phase: .contract)
      step.note = child.desired == nil ? "not in the list of 'payload_indexes'" : nil
      if limits.forbidsReturn {
        step.inverse = nil
        step.stepClass = .none
        step.note = "the collection is above its limit of payload indexes: it cannot come back"
      }
      step.position = context.place(child.provenance)
      plan.drafts.append(Draft(step, rank: 60))
    case .update:
      var step = Step(
        operation: Operation(.update, address, fields: wanted),
        reasons: child.changes.map { context.reason($0, of: address) },
        before: facts(address, live)
          + child.changes.filter { $0.from == nil }.map { .value(address, $0.path, nil) },
        after: facts(address, wanted)
          + child.changes.filter { $0.to == nil }.map { .value(address, $0.path, nil) },
        inverse: Operation(.update, address, fields: live), stepClass: .rebuild, phase: .expand)
      step.position = context.place(child.provenance)
      plan.warnings.append(Messages.indexTypeChanges(address, step.position))
      guard limits.refusesPutOverExisting else {
        plan.drafts.append(Draft(step, rank: 50))
        return
      }
      var drop = Step(
        operation: Operation(.delete, address), before: facts(address, live),
        after: [.absent(address)], inverse: Operation(.create, address, fields: live),
        stepClass: .rebuild, phase: .expand)
      drop.note = "the collection is at its limit of payload indexes, so that it goes first"
      drop.position = step.position
      plan.drafts.append(Draft(drop, rank: 50))
      var again = create(child, wanted, diff)
      again.step.before = []
      again.step.reasons = step.reasons
      again.needs.insert(StepKey(address, .delete))
      plan.drafts.append(again)
    }
  }

  private func create(
    _ child: ChildDiff, _ wanted: [FieldAssignment], _ diff: CollectionDiff
  ) -> Draft {
    let address = child.address
    var step = Step(
      operation: Operation(.create, address, fields: wanted),
      reasons: context.creationReasons(child.desired?.fields ?? [], of: address),
      before: [.absent(address)],
      after: [.present(address)]
        + wanted.map { .value(address, $0.path, $0.value) },
      inverse: diff.isCreation ? nil : Operation(.delete, address), stepClass: .exact,
      phase: .expand)
    step.position = context.place(child.provenance)
    return Draft(
      step, rank: 51,
      needs: newShardKeys(diff).union([StepKey(diff.desired.address, .create)]))
  }

  /// Before 1.17 a collection of custom sharding takes no index until it has a shard key (recorded
  /// in `indexes/custom-sharding-without-keys`).
  private func keylessIndexRefusal(_ children: [ChildDiff], _ diff: CollectionDiff) -> Refusal? {
    guard context.identity.version < ServerVersion(1, 17, 0),
      let index = children.first(where: { $0.address.kind == .index })
    else { return nil }
    let path = FieldPath("sharding_method")
    let method = diff.observed.map { $0.fields.value(at: path) } ?? diff.desired.field(path)?.value
    guard method == "custom", diff.observed?.shardKeys?.isEmpty ?? true,
      newShardKeys(diff).isEmpty
    else { return nil }
    return Messages.indexNeedsShardKey(index.address, context.place(index.provenance))
  }

  private func newShardKeys(_ diff: CollectionDiff) -> Set<StepKey> {
    Set(
      diff.children.filter { $0.address.kind == .shardKey && $0.action == .create }
        .map { StepKey($0.address, .create) })
  }

  private func facts(_ address: ResourceAddress, _ live: [FieldAssignment]) -> [Fact] {
    [.present(address)] + live.map { .value(address, $0.path, $0.value) }
  }

  /// What is live, as it would be written again.
  private func assignments(_ child: ChildDiff) -> [FieldAssignment] {
    guard let observed = child.observed else { return [] }
    return context.schema.leaves(child.address.kind, of: observed)
      .map { FieldAssignment($0.path, $0.value) }
  }

  private func addShardKey(
    _ child: ChildDiff, _ diff: CollectionDiff, to plan: inout CollectionPlan
  ) {
    let address = child.address
    switch child.action {
    case .create:
      let fields = (child.desired?.fields ?? []).map { FieldAssignment($0.path, $0.value) }
      var step = Step(
        operation: Operation(.create, address, fields: fields), before: [.absent(address)],
        after: [.present(address)]
          + fields.filter { $0.path == .shardsNumber }.map { .value(address, $0.path, $0.value) },
        inverse: diff.isCreation ? nil : Operation(.delete, address), stepClass: .exact,
        phase: .expand)
      step.position = context.place(child.provenance)
      step.gates = step.operation.gates
      // A key takes over the collection's number of copies when it is made.
      let number = plan.replicationSteps(of: diff.desired.address)
      plan.drafts.append(
        Draft(
          step, rank: 40, needs: number.union([StepKey(diff.desired.address, .create)])))
    case .delete:
      if let refusal = context.lossRefusal(address, child.provenance) {
        plan.refusals.append(refusal)
        return
      }
      var step = Step(
        operation: Operation(.delete, address), before: [.present(address)],
        after: [.absent(address)], inverse: nil, stepClass: .none, phase: .irreversible)
      step.note = "the points under the key are lost at once"
      step.position = context.place(child.provenance)
      plan.drafts.append(Draft(step, rank: 95))
    case .update:
      plan.refusals += child.changes.map { change in
        Messages.shardsAreFixed(address, context.reason(change, of: address))
      }
    }
  }
}
