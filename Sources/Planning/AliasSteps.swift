import JSON
import ResourceModel

/// Makes the steps for the aliases of one collection.
struct AliasSteps {
  private let context: PlanContext
  private let diff: CollectionDiff
  /// The one alias of a tree's collection that comes in the place of the one that goes: its
  /// template has changed, and one request renames it, so that it is never gone.
  ///
  /// Where the old name becomes a collection's there are two requests: a server renames an alias
  /// over a collection without a word (recorded in `aliases/rename-onto-a-collection`), and the way
  /// back must not.
  private let renamed: (from: ResourceAddress, to: ResourceAddress)?
  /// The name of the alias that goes in that case.
  private let handedOn: ExactString?

  private static let target = FieldPath("collection")

  init(context: PlanContext, diff: CollectionDiff) {
    self.context = context
    self.diff = diff
    let aliases = diff.children.filter { $0.address.kind == .alias }
    let coming = aliases.filter { $0.action == .create }
    let going = aliases.filter {
      $0.action == .delete && $0.desired == nil && !context.desiredAliases.contains($0.address.name)
    }
    let isOne = diff.desired.leaf != nil && coming.count == 1 && going.count == 1
    let isTaken = isOne && context.takenNames.contains(going[0].address.name)
    handedOn = isTaken ? going[0].address.name : nil
    renamed = isOne && !isTaken ? (going[0].address, coming[0].address) : nil
  }

  /// The step for an alias, its refusal, or nothing where another step does it.
  func add(_ child: ChildDiff, to plan: inout CollectionPlan) {
    let address = child.address
    let position = context.place(child.provenance)
    var step: Step
    switch child.action {
    case .delete:
      // An alias that the manifests give to another collection is switched there, not removed.
      if child.desired == nil, context.desiredAliases.contains(address.name) { return }
      if renamed?.from == address { return }
      if context.takenNames.contains(address.name), let old = child.observed?["collection"]?.string
      {
        let collection = ResourceAddress.collection(ExactString(old), cluster: context.cluster)
        plan.drafts.append(AliasSteps.freeing(address.name, of: collection, context, position))
        return
      }
      step = removal(child)
    case .create, .update:
      if context.observed.collectionNames.contains(address.name),
        !context.deletedCollections.contains(address.name)
      {
        plan.refusals.append(Messages.aliasIsCollection(address, position))
        return
      }
      if let refusal = foreignTarget(child, position) {
        plan.refusals.append(refusal)
        return
      }
      if let renamed, renamed.to == address {
        step = rename(child, from: renamed.from)
      } else {
        step = pointing(child)
      }
    }
    step.position = position
    if let handedOn, child.action == .create {
      // The collection is served already, under the name that goes right after.
      step.phase = .expand
      var draft = Draft(step, rank: -2, needs: [deletion(of: address.name)])
      draft.place = handedOn
      plan.drafts.append(draft)
      return
    }
    let needs = step.phase == .switch ? needs(of: address, plan) : []
    plan.drafts.append(Draft(step, rank: 70, needs: needs))
  }

  /// The refusal to take an alias from a collection that another workspace manages.
  private func foreignTarget(_ child: ChildDiff, _ position: SourcePosition?) -> Refusal? {
    guard let old = child.observed?["collection"]?.string,
      let mark = context.observed.collections[ExactString(old)]?.mark,
      mark.workspace != context.workspace
    else { return nil }
    return Messages.foreignAlias(
      child.address, of: ExactString(old), workspace: mark.workspace, position)
  }

  /// An alias comes when all of its collection is ready, and a collection of its name is gone.
  private func needs(of alias: ResourceAddress, _ plan: CollectionPlan) -> Set<StepKey> {
    Set(plan.drafts.filter { $0.step.phase < .switch }.map(\.key))
      .union([deletion(of: alias.name)])
  }

  private func deletion(of collection: ExactString) -> StepKey {
    StepKey(.collection(collection, cluster: context.cluster), .delete)
  }

  private var collection: JSONValue { .string(diff.desired.address.collection.string) }

  private func assignment(_ value: JSONValue?) -> [FieldAssignment] {
    value.map { [FieldAssignment(AliasSteps.target, $0)] } ?? []
  }

  private func removal(_ child: ChildDiff) -> Step {
    let old = child.observed?["collection"]
    var step = Step(
      operation: Operation(.delete, child.address),
      before: [.value(child.address, AliasSteps.target, old)], after: [.absent(child.address)],
      inverse: Operation(.create, child.address, fields: assignment(old)), stepClass: .exact,
      phase: .contract)
    step.note = child.desired == nil ? "not in the list of 'aliases'" : nil
    return step
  }

  /// The removal of an alias right before the making of the collection that takes its name.
  static func freeing(
    _ name: ExactString, of collection: ResourceAddress, _ context: PlanContext,
    _ position: SourcePosition?
  ) -> Draft {
    let address = ResourceAddress.alias(name, cluster: context.cluster)
    let old = JSONValue.string(collection.collection.string)
    var step = Step(
      operation: Operation(.delete, address), before: [.value(address, target, old)],
      after: [.absent(address)],
      inverse: Operation(.create, address, fields: [FieldAssignment(target, old)]),
      stepClass: .exact, phase: .expand)
    step.note = "a collection takes its name"
    step.position = position
    var draft = Draft(step, rank: -1)
    draft.place = name
    return draft
  }

  /// A new alias, or one that served another collection.
  private func pointing(_ child: ChildDiff) -> Step {
    let address = child.address
    let old = child.observed?["collection"]
    let isNew = child.action == .create
    return Step(
      operation: Operation(isNew ? .create : .update, address, fields: assignment(collection)),
      reasons: [reason(child, AliasSteps.target, from: old, to: collection)],
      before: [.value(address, AliasSteps.target, old)],
      after: [.value(address, AliasSteps.target, collection)],
      inverse: isNew
        ? Operation(.delete, address) : Operation(.update, address, fields: assignment(old)),
      stepClass: .exact, phase: .switch)
  }

  private func rename(_ child: ChildDiff, from old: ResourceAddress) -> Step {
    let address = child.address
    func renaming(_ from: ResourceAddress, to: ResourceAddress) -> Operation {
      let name = FieldAssignment(.renamedFrom, .string(from.name.string))
      return Operation(.update, to, fields: assignment(collection) + [name])
    }
    var step = Step(
      operation: renaming(old, to: address),
      reasons: [
        reason(
          child, FieldPath("alias_name"), from: .string(old.name.string),
          to: .string(address.name.string))
      ],
      before: [.absent(address), .value(old, AliasSteps.target, collection)],
      after: [.value(address, AliasSteps.target, collection), .absent(old)],
      inverse: renaming(address, to: old), stepClass: .exact, phase: .switch)
    step.note = "renamed at once: the old name ends as the new one begins"
    return step
  }

  private func reason(
    _ child: ChildDiff, _ path: FieldPath, from: JSONValue?, to: JSONValue
  ) -> Reason {
    Reason(
      subject: child.address, path: path, from: from, to: to, cause: child.cause,
      effect: .immediate, position: context.place(child.provenance))
  }
}
