import JSON
import ResourceModel

/// Makes the steps that bring copies of shards to where they are to be: one copy a step, new ones
/// before old ones go.
struct ReplicaSteps {
  let context: PlanContext
  let diff: CollectionDiff

  /// The step for a copy, or the refusal of one that can only be waited for.
  func add(_ child: ChildDiff, to plan: inout CollectionPlan) {
    guard let name = ReplicaName(child.address.name),
      let shard = diff.observed?.placement?.shards.first(where: { $0.id == name.shard })
    else { return }
    let position = context.place(child.provenance)
    let changes = diff.children.filter { other in
      other.address.kind == .replica && ReplicaName(other.address.name)?.shard == shard.id
    }
    switch child.action {
    case .create:
      if isLost(name) {
        plan.refusals.append(Messages.peerIsSilent(child.address, name, position))
        return
      }
      if context.differ.doubtful.contains(name.peer) {
        plan.warnings.append(Messages.peerIsDoubtful(child.address, name, position))
      }
      plan.drafts.append(creation(child, shard, changes, plan, position))
    case .delete:
      let isReplaced = changes.contains { $0.action == .create }
      if !isReplaced, !isLost(name), let left = sources(shard, changes).staying.first, isLost(left)
      {
        plan.refusals.append(Messages.lastReachableCopy(child.address, left, position))
        return
      }
      plan.drafts.append(removal(child, shard, changes, plan, position))
    case .update:
      plan.refusals.append(
        Messages.replicaNotActive(
          child.address, state: child.changes.first?.from?.string, position))
    }
  }

  /// The active copies of a shard, those first that stay, and of them those on peers that answer.
  private func sources(
    _ shard: ObservedPlacement.Shard, _ changes: [ChildDiff]
  ) -> (staying: [ReplicaName], going: [ReplicaName]) {
    let gone = Set(changes.filter { $0.action == .delete }.map(\.address.name))
    let doubtful = context.differ.doubtful
    let copies = shard.replicas.filter(\.isActive).map(\.peer)
    let active = (copies.filter { !doubtful.contains($0) } + copies.filter(doubtful.contains)).map {
      ReplicaName(shard: shard.id, peer: $0)
    }
    return (
      active.filter { !gone.contains(ExactString($0.description)) },
      active.filter { gone.contains(ExactString($0.description)) }
    )
  }

  /// Whether a copy is where the leader says that nobody answers.
  private func isLost(_ name: ReplicaName) -> Bool {
    context.observed.silent.areSure && context.observed.silent.peers.contains(name.peer)
  }

  /// What a new copy is made of: a copy that stays, if there is one on a peer that answers.
  private func source(
    _ shard: ObservedPlacement.Shard, _ changes: [ChildDiff]
  ) -> ReplicaName? {
    let (staying, going) = sources(shard, changes)
    let all = staying + going
    return all.first { !context.differ.doubtful.contains($0.peer) } ?? all.first
  }

  private func isActive(_ name: ReplicaName) -> Fact {
    .value(name.address(in: diff.desired.address), .replicaState, "Active")
  }

  private func source(_ name: ReplicaName) -> [FieldAssignment] {
    [FieldAssignment(.replicaSource, .peer(name.peer))]
  }

  private func creation(
    _ child: ChildDiff, _ shard: ObservedPlacement.Shard, _ changes: [ChildDiff],
    _ plan: CollectionPlan, _ position: SourcePosition?
  ) -> Draft {
    let address = child.address
    let source = source(shard, changes)
    var step = Step(
      operation: Operation(.create, address, fields: source.map { self.source($0) } ?? []),
      before: [.absent(address)] + (source.map { [isActive($0)] } ?? []),
      after: [.present(address)], inverse: Operation(.delete, address), stepClass: .exact,
      phase: .expand)
    step.note = source.map { "copies shard \(shard.id) from peer \($0.peer)" }
    step.position = position
    step.gates = step.operation.gates
    return Draft(step, rank: 55, needs: plan.replicationSteps(of: diff.desired.address))
  }

  /// The copy comes back from one that stays, or that was made in its stead.
  private func removal(
    _ child: ChildDiff, _ shard: ObservedPlacement.Shard, _ changes: [ChildDiff],
    _ plan: CollectionPlan, _ position: SourcePosition?
  ) -> Draft {
    let address = child.address
    let made = changes.filter { $0.action == .create }.map(\.address)
    let staying = sources(shard, changes).staying.first
    let source = staying ?? made.first.flatMap { ReplicaName($0.name) }
    var step = Step(
      operation: Operation(.delete, address),
      before: [.value(address, .replicaState, "Active")]
        + (staying.map { [isActive($0)] } ?? []),
      after: [.absent(address)],
      inverse: Operation(.create, address, fields: source.map { self.source($0) } ?? []),
      stepClass: .rebuild, phase: .contract)
    step.position = position
    let needs = Set(made.map { StepKey($0, .create) })
    return Draft(
      step, rank: 65, needs: needs.union(plan.replicationSteps(of: diff.desired.address)))
  }
}

extension CollectionPlan {
  /// The step that writes the number of copies of a collection, when there is one.
  func replicationSteps(of collection: ResourceAddress) -> Set<StepKey> {
    Set(
      drafts.filter { draft in
        draft.key.address == collection && draft.key.action == .update
          && draft.step.operation.fields.contains { $0.path == .replicationFactor }
      }.map(\.key))
  }
}
