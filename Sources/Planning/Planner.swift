package import Diagnostics
import JSON
package import ResourceModel

/// Compares all clusters with the manifests and orders what has to be done.
package struct Planner: Sendable {
  /// Turns a span into a place that can be read without the files.
  package typealias Locate = @Sendable (SourceSpan) -> SourcePosition?

  /// What was learnt of one cluster.
  package enum Reading: Sendable {
    case observed(ObservedCluster, endpoint: String)
    /// It could not be asked.
    case unchecked(UncheckedPart)
  }

  let schema: ResourceSchema
  let options: PlanOptions
  let locate: Locate

  package init(
    schema: ResourceSchema, options: PlanOptions = PlanOptions(), locate: @escaping Locate
  ) {
    self.schema = schema
    self.options = options
    self.locate = locate
  }

  /// The collections whose points have to be counted exactly before `plan`: those that may lose
  /// some.
  package func collectionsToCount(
    _ desired: DesiredState, on cluster: String, _ observed: ObservedCluster
  ) -> [ResourceAddress] {
    desired.collections.filter { collection in
      collection.address.cluster == cluster && mayLosePoints(collection, observed)
    }.map(\.address)
  }

  private func mayLosePoints(_ collection: DesiredResource, _ observed: ObservedCluster) -> Bool {
    guard let live = observed.collections[collection.address.collection] else { return false }
    return !collection.isPresent
      || collection.elements.contains { element in
        !element.isPresent && live.fields.value(at: element.path) != nil
      }
      || collection.children.contains { $0.address.kind == .shardKey && !$0.isPresent }
  }

  /// The plan; `points` holds the exact counts of `collectionsToCount`.
  package func plan(
    _ desired: DesiredState, readings: [String: Reading], points: [ResourceAddress: Int] = [:]
  ) -> Plan {
    var plan = Plan(workspace: desired.workspace.name)
    plan.origin.environment = desired.environment
    var drafts: [Draft] = []
    for cluster in desired.clusters {
      guard let reading = readings[cluster.name] else { continue }
      switch reading {
      case .unchecked(let part): plan.unchecked.append(part)
      case .observed(let observed, let endpoint):
        plan.clusters.append(
          PlannedCluster(name: cluster.name, endpoint: endpoint, identity: observed.identity))
        let context = context(desired, cluster.name, observed, points)
        let mine = desired.collections.filter { $0.address.cluster == cluster.name }
        drafts += self.drafts(mine, context, into: &plan)
        prune(mine, context, into: &plan)
      }
    }
    do throws(PlanOrdering.Cycle) {
      plan.steps = try PlanOrdering.steps(of: drafts)
      plan.warnings += FreedNames.warnings(plan.steps)
      ManifestGates.place(desired.collections, in: &plan.steps)
    } catch {
      plan.refusals.append(Messages.cycle(error.members))
    }
    PlanSummary(schema: schema).complete(&plan, desired)
    return plan
  }

  private func context(
    _ desired: DesiredState, _ cluster: String, _ observed: ObservedCluster,
    _ points: [ResourceAddress: Int]
  ) -> PlanContext {
    let mine = desired.collections.filter { $0.address.cluster == cluster }
    let aliases = mine.filter(\.isPresent).flatMap(\.children).filter {
      $0.address.kind == .alias && $0.isPresent
    }
    return PlanContext(
      schema: schema, workspace: desired.workspace.name, cluster: cluster,
      identity: observed.identity, observed: observed, aliases: AliasIndex(observed.aliases),
      options: options, points: points, desiredAliases: Set(aliases.map(\.address.name)),
      unmentioned: Renames.unmentioned(mine, observed),
      leaves: Renames.leaves(mine, observed, desired.workspace.name),
      deletedCollections: Set(
        mine.filter { !$0.isPresent && $0.lifecycle.onDelete == .delete }
          .map(\.address.collection)),
      takenNames: FreedNames.names(mine, observed),
      differ: Differ(schema: schema, cluster: observed), locate: locate)
  }

  private func drafts(
    _ collections: [DesiredResource], _ context: PlanContext, into plan: inout Plan
  ) -> [Draft] {
    var parts = PartCollector(context)
    let planner = CollectionPlanner(context: context)
    var memo = HashMemo()
    for collection in collections {
      if let reason = context.observed.unchecked[collection.address.collection] {
        plan.unchecked.append(
          UncheckedPart(
            cluster: context.cluster, collection: collection.address.collection, reason: reason,
            category: .other))
        continue
      }
      parts.add(planner.plan(collection, memo: &memo), of: collection, to: &plan)
    }
    parts.finish(&plan)
    return parts.drafts
  }

  /// Owned collections that no manifest mentions: retiring them is not built yet, so they are
  /// refused.
  private func prune(
    _ collections: [DesiredResource], _ context: PlanContext, into plan: inout Plan
  ) {
    guard options.prunes else { return }
    let mentioned = Set(collections.map(\.address.collection))
    for (name, live) in context.observed.collections.sorted(by: { $0.key < $1.key }) {
      guard !mentioned.contains(name), live.mark?.workspace == context.workspace else { continue }
      plan.refusals.append(
        Messages.notBuilt(
          .collection(name, cluster: context.cluster), "retiring a pruned collection", nil,
          hint: "declare it with 'state: absent' and 'on_delete: delete'"))
    }
  }
}
