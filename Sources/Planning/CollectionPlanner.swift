import JSON
import ResourceModel

/// Turns the difference of one collection into steps, refusals and warnings.
struct CollectionPlanner {
  let context: PlanContext

  /// `memo` is shared by the collections of a plan.
  func plan(_ desired: DesiredResource, memo: inout HashMemo) -> CollectionPlan {
    var plan = CollectionPlan()
    let address = desired.address
    let position = context.place(desired.provenance)
    let live = context.observed.collections[address.collection]
    // What is to be absent is absent, also where an alias has its name now.
    if desired.isPresent, let target = context.aliases.targets[address.collection],
      !context.takenNames.contains(address.collection)
    {
      plan.refusals.append(Messages.nameIsAlias(address, target: target, position))
      return plan
    }
    if let mark = live?.mark, mark.workspace != context.workspace {
      plan.refusals.append(
        Messages.foreignMark(address, workspace: mark.workspace, position))
      return plan
    }
    guard desired.isPresent else {
      if live != nil { planDeletion(desired, into: &plan) }
      return plan
    }
    if live == nil, let refusal = renameRefusal(desired) {
      plan.refusals.append(refusal)
      return plan
    }
    if live == nil, let warning = renameWarning(desired) { plan.warnings.append(warning) }
    let gate = VersionGate(
      schema: context.schema, identity: context.identity, locate: context.locate)
    let (allowed, refusals) = gate.split(desired)
    plan.refusals += refusals
    let diff = context.differ.diff(allowed, live, aliases: context.aliases)
    planLaterParts(desired, diff, into: &plan)
    warn(allowed, into: &plan)
    if let live {
      planChange(diff, live, into: &plan)
    } else {
      planCreation(allowed, into: &plan)
    }
    ChildSteps(context: context).add(diff.children, to: &plan, diff: diff)
    if context.keepsMarks { planMark(allowed, live, memo: &memo, into: &plan) }
    return plan
  }

  /// What the manifest asks for and later stages build: refused in words, never passed over.
  private func planLaterParts(
    _ desired: DesiredResource, _ diff: CollectionDiff, into plan: inout CollectionPlan
  ) {
    let replaces = diff.changes.contains { change in
      change.row.map { context.rows(.collection)[$0].mutability == .replace } ?? false
    }
    for part in UnbuiltPart.all(of: desired) {
      let matters =
        switch part.when {
        case .always: true
        case .changing: !diff.isEmpty
        case .replacing: replaces
        case .removing: false
        }
      guard matters else { continue }
      plan.refusals.append(
        Messages.notBuilt(
          desired.address, part.what, context.place(part.provenance), hint: part.hint))
    }
  }

  private func warn(_ desired: DesiredResource, into plan: inout CollectionPlan) {
    let rows = context.rows(.collection)
    let peers = max(1, context.identity.peers.count)
    for field in desired.fields {
      if let notice = rows[field.row].deprecated, context.identity.version >= notice.since {
        plan.warnings.append(
          Messages.deprecated(
            desired.address, field.path, notice, context.place(field.provenance)))
      }
      if field.path == .replicationFactor, let factor = field.value.integer,
        factor > peers
      {
        plan.warnings.append(
          Messages.replicationAbovePeers(
            desired.address, factor: factor, peers: peers,
            context.place(field.provenance)))
      }
    }
  }

  private func planDeletion(_ desired: DesiredResource, into plan: inout CollectionPlan) {
    let address = desired.address
    let position = context.place(
      desired.lifecycle.provenance(of: "on_delete") ?? desired.provenance)
    switch desired.lifecycle.onDelete {
    case .forbid:
      plan.refusals.append(Messages.deletionForbidden(address, position))
    case .retire, .snapshot:
      plan.refusals += [UnbuiltPart.deletion(of: desired)].compactMap(\.self).map { part in
        Messages.notBuilt(address, part.what, position, hint: part.hint)
      }
    case .delete:
      let aliases = context.aliases.served[address.collection] ?? []
      let taken = aliases.filter { context.takenNames.contains($0) }
      plan.drafts += taken.map { AliasSteps.freeing($0, of: address, context, position) }
      // Absence is what a manifest says, so that it is never without a place of its own.
      let absence = desired.lifecycle.provenance(of: "state") ?? desired.provenance
      if let refusal = context.lossRefusal(address, absence) {
        plan.refusals.append(refusal)
        return
      }
      let limit = context.options.accepted(address) ?? 0
      var step = Step(
        operation: Operation(.delete, address),
        before: [
          .present(address), Fact(address, FieldPath([]), .pointsAtMost(limit)),
        ], after: [.absent(address)], inverse: nil, stepClass: .none,
        phase: .irreversible)
      let left = aliases.filter { !taken.contains($0) }.map(\.string)
      let going = left.isEmpty ? "" : ", with its aliases \(left.joined(separator: ", "))"
      let points = Messages.points(context.points[address] ?? 0)
      step.note = "on_delete: delete, \(points)\(going)"
      step.position = context.place(absence)
      plan.drafts.append(Draft(step, needs: movedAway(from: address.collection, aliases)))
    }
  }

  /// The alias steps that must be done before the collection that the aliases served goes.
  private func movedAway(from collection: ExactString, _ aliases: [ExactString]) -> Set<StepKey> {
    Set(
      aliases.flatMap { alias -> [StepKey] in
        let address = ResourceAddress.alias(alias, cluster: context.cluster)
        return [StepKey(address, .update), StepKey(address, .delete)]
      })
  }

  private func planCreation(_ desired: DesiredResource, into plan: inout CollectionPlan) {
    let address = desired.address
    let rows = context.rows(.collection)
    let ready = desired.fields.filter { !$0.value.isNull && rows[$0.row].wire?.create != nil }
    var assignments = ready.map { FieldAssignment($0.path, $0.value) }
    for element in desired.elements where element.isPresent {
      if !ready.contains(where: { $0.path.isWithin(element.path) }) {
        assignments.append(FieldAssignment(element.path, [:]))
      }
    }
    assignments.sort { $0.path < $1.path }
    let mark = context.keepsMarks ? creationMark(desired, ready) : nil
    var step = Step(
      operation: Operation(.create, address, fields: assignments, mark: mark),
      reasons: context.creationReasons(ready, of: address),
      before: [.absent(address)],
      after: [.present(address)]
        + desired.elements.filter(\.isPresent).map { Fact(address, $0.path, .present) }
        + ready.map { .value(address, $0.path, $0.value) } + ownerFacts(address, mark),
      inverse: Operation(.delete, address), stepClass: .exact, phase: .expand)
    step.position = context.place(desired.provenance)
    let replaced = ResourceAddress.alias(address.collection, cluster: context.cluster)
    plan.drafts.append(Draft(step, needs: [StepKey(replaced, .delete)]))
    planFollowUps(desired, into: &plan)
  }

  /// What a create request does not take: it follows in updates.
  private func planFollowUps(_ desired: DesiredResource, into plan: inout CollectionPlan) {
    let address = desired.address
    let rows = context.rows(.collection)
    let sections = SectionSteps(context: context)
    var groups: [SectionSteps.Group: [DesiredField]] = [:]
    for field in desired.fields where !field.value.isNull {
      let row = rows[field.row]
      guard row.wire?.create == nil, let group = sections.group(of: row, field.path) else {
        continue
      }
      groups[group, default: []].append(field)
    }
    for (group, fields) in groups {
      var step = Step(
        operation: Operation(
          .update, address, fields: fields.map { FieldAssignment($0.path, $0.value) }),
        reasons: context.creationReasons(fields, of: address), before: [],
        after: fields.map { .value(address, $0.path, $0.value) }, inverse: nil,
        stepClass: .exact, phase: .expand)
      step.note = "a create request does not take it, so that it follows; undone with the creation"
      step.position = context.place(desired.provenance)
      plan.drafts.append(
        Draft(
          step, part: "\(group.section) \(group.element?.description ?? "")",
          rank: sections.rank(group.section), needs: [StepKey(address, .create)]))
    }
  }

  private func planChange(
    _ diff: CollectionDiff, _ live: ObservedCollection, into plan: inout CollectionPlan
  ) {
    let address = diff.desired.address
    let rows = context.rows(.collection)
    var changes: [FieldChange] = []
    for change in diff.changes {
      if let row = change.row, rows[row].mutability == .replace {
        plan.refusals.append(
          Messages.immutable(
            address, context.reason(change, of: address), diff.desired.lifecycle.onReplace))
      } else {
        changes.append(change)
      }
    }
    plan.drafts += SectionSteps(context: context).drafts(
      changes, of: diff.desired, observed: live)
    ElementSteps(context: context).add(diff, live, to: &plan)
  }
}

extension CollectionPlanner {
  private static let appliedPath = FieldPath([
    "metadata", ExactString(OwnershipMark.key), "applied",
  ])

  /// That the collection is ours; what was applied to it changes with the steps that follow.
  private func ownerFacts(_ address: ResourceAddress, _ mark: OwnershipMark?) -> [Fact] {
    guard let mark else { return [] }
    let path = FieldPath(["metadata", ExactString(OwnershipMark.key), "workspace"])
    return [.value(address, path, .string(mark.workspace))]
  }

  private func markFacts(_ address: ResourceAddress, _ applied: String?) -> [Fact] {
    applied.map { [.value(address, CollectionPlanner.appliedPath, .string($0))] } ?? []
  }

  private func mark(
    _ applied: AppliedHashes, _ address: ResourceAddress, node: String?
  ) -> OwnershipMark {
    OwnershipMark(
      workspace: context.workspace, address: address.local, run: nil, applied: applied.base64,
      node: node)
  }

  /// The mark of a collection that is being made: only what the create request itself says.
  private func creationMark(_ desired: DesiredResource, _ ready: [DesiredField]) -> OwnershipMark {
    var made = desired
    made.fields = ready
    made.children = []
    return mark(
      AppliedHashes(ManagedPairs(schema: context.schema).pairs(of: made)), desired.address,
      node: desired.leaf?.description)
  }

  /// The mark says what was last applied; it is written last, and only when it says something new.
  ///
  /// A collection that is as it should be is not written to for its mark alone: what was imported
  /// is in sync.
  private func planMark(
    _ desired: DesiredResource, _ live: ObservedCollection?, memo: inout HashMemo,
    into plan: inout CollectionPlan
  ) {
    let address = desired.address
    if let live, live.mark == nil, plan.drafts.isEmpty, !context.options.adopts {
      plan.isUnmarked = true
      return
    }
    let pairs = ManagedPairs(schema: context.schema).pairs(of: desired)
    let wanted = mark(AppliedHashes(pairs, memo: &memo), address, node: desired.leaf?.description)
    if live == nil {
      guard let created = plan.drafts.first(where: { $0.key.action == .create }),
        created.step.operation.mark?.applied != wanted.applied
      else { return }
    } else if live?.mark?.applied == wanted.applied {
      return
    }
    let before = live?.mark
    var step = Step(
      operation: Operation(.update, address, mark: wanted),
      before: live == nil
        ? []
        : [.value(address, CollectionPlanner.appliedPath, (before?.applied).map { .string($0) })],
      after: markFacts(address, wanted.applied),
      inverse: live == nil
        ? nil
        : before.map { Operation(.update, address, mark: $0) }
          ?? Operation(.update, address, removesMark: true),
      stepClass: .exact, phase: .mark)
    if live != nil, before == nil {
      step.note = "adopts a collection that bore no mark of any workspace"
    }
    step.position = context.place(desired.provenance)
    plan.drafts.append(
      Draft(
        step, part: "mark", rank: 90,
        needs: Set(plan.drafts.filter { $0.step.phase < .mark }.map(\.key))))
  }
}
