import JSON
import ResourceModel

/// Names that are aliases now and collections once the plan is done.
///
/// A server makes no collection under the name of an alias (recorded in
/// `collections-create-invalid/create-conflicts`), so that the alias goes first, and right before:
/// in between nobody answers under the name. Undone, the collection goes first, which it only does
/// while it is empty; where it stays, what freed its name stays done, too.
enum FreedNames {
  /// The collections to be made under whose names aliases answer.
  ///
  /// A collection that is there already, hidden behind an alias of its name, is none of them: it
  /// could not be read.
  static func names(
    _ collections: [DesiredResource], _ observed: ObservedCluster
  ) -> Set<ExactString> {
    guard !observed.aliases.isEmpty else { return [] }
    return Set(
      collections.filter { desired in
        desired.isPresent && observed.aliases[desired.address.collection] != nil
          && !observed.collectionNames.contains(desired.address.collection)
      }.map(\.address.collection))
  }

  /// What is told of every name that ends as one kind of thing before it begins as the other.
  static func warnings(_ steps: [Step]) -> [PlanWarning] {
    steps.compactMap { step in
      guard let other = takes(step) else { return nil }
      for need in step.needs {
        let removal = steps[need.number - 1]
        guard removal.address == other, removal.operation.action == .delete else { continue }
        return Messages.nameFreed(step, by: removal)
      }
      return nil
    }
  }

  /// What may have had the name that a step gives to its resource.
  private static func takes(_ step: Step) -> ResourceAddress? {
    switch (step.address.kind, step.operation.action) {
    case (.collection, .create):
      .alias(step.address.collection, cluster: step.address.cluster)
    case (.alias, .create), (.alias, .update):
      .collection(step.address.name, cluster: step.address.cluster)
    default: nil
    }
  }
}

/// Collects what planning the collections of one cluster gives; those that take the name of an
/// alias wait until it is known whether a step removes it.
struct PartCollector {
  private let context: PlanContext
  private(set) var drafts: [Draft] = []
  private var waiting: [(desired: DesiredResource, part: CollectionPlan)] = []
  /// Names that are free once the drafts are done.
  private var freed: Set<ExactString> = []

  init(_ context: PlanContext) { self.context = context }

  mutating func add(_ part: CollectionPlan, of desired: DesiredResource, to plan: inout Plan) {
    guard desired.isPresent, context.takenNames.contains(desired.address.collection) else {
      return take(part, of: desired, to: &plan)
    }
    waiting.append((desired, part))
  }

  /// Takes those that waited, or refuses them.
  mutating func finish(_ plan: inout Plan) {
    let removed = waiting.flatMap(\.part.drafts).compactMap(freedName)
    let free = freed.union(removed)
    for (desired, part) in waiting {
      let name = desired.address.collection
      guard !free.contains(name), let target = context.aliases.targets[name] else {
        take(part, of: desired, to: &plan)
        continue
      }
      plan.refusals.append(
        Messages.nameIsAlias(desired.address, target: target, context.place(desired.provenance)))
    }
  }

  private mutating func take(
    _ part: CollectionPlan, of desired: DesiredResource, to plan: inout Plan
  ) {
    for draft in part.drafts {
      // The manifests of two collections may both say that an alias is to go.
      if let name = freedName(draft), !freed.insert(name).inserted { continue }
      drafts.append(draft)
    }
    plan.refusals += part.refusals
    plan.warnings += part.warnings
    if part.isUnmarked { plan.unmarked.append(desired.address) }
  }

  private func freedName(_ draft: Draft) -> ExactString? {
    let address = draft.key.address
    guard address.kind == .alias, draft.key.action == .delete,
      context.takenNames.contains(address.name)
    else { return nil }
    return address.name
  }
}

extension Messages {
  static func nameFreed(_ step: Step, by removal: Step) -> PlanWarning {
    let isAlias = step.address.kind == .alias
    let (was, comes) =
      isAlias
      ? ("is a collection now", "points the alias")
      : ("is an alias now", "makes the collection")
    return PlanWarning(
      "W104", step.address,
      "the name \(was): nobody answers under it from \(removal.id), which removes that, until "
        + "\(step.id) \(comes)\(isAlias ? "" : ", which is empty then")",
      position: step.position)
  }
}
