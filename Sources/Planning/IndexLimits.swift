import JSON
import ResourceModel

/// Strict mode's limit on payload indexes, and what it does to the order of steps.
///
/// A server refuses to put an index at the limit, even over one that exists; it never refuses to
/// drop one. So where there is a limit, indexes are dropped first, then replaced, then added; a
/// limit is raised before and lowered after, which makes the way back valid, too.
struct IndexLimits {
  private let collection: ResourceAddress
  /// Indexes that are live now, and after the plan.
  private let liveCount: Int
  private let finalCount: Int
  private let dropped: Int
  /// The limit while indexes are put; nil for none.
  private let limit: Int?
  private let isTightened: Bool
  private let isChanged: Bool
  private let putsAny: Bool

  init(diff: CollectionDiff) {
    collection = diff.desired.address
    let strict = diff.observed?.fields["strict_mode_config"]
    let isEnabledNow = strict?["enabled"]?.bool ?? false
    let limitNow = strict?["max_payload_index_count"]?.integer
    let before = isEnabledNow ? limitNow : nil
    let wanted = diff.desired
    let isEnabled = wanted.field(IndexLimits.enabled)?.value.bool ?? isEnabledNow
    let after = isEnabled ? wanted.field(IndexLimits.count)?.value.integer ?? limitNow : nil
    let indexes = diff.children.filter { $0.address.kind == .index }
    dropped = indexes.count { $0.action == .delete }
    liveCount = diff.observed?.indexes.count ?? 0
    finalCount = liveCount - dropped + indexes.count { $0.action == .create }
    putsAny = indexes.contains { $0.action != .delete }
    isTightened = (before ?? .max) > (after ?? .max)
    isChanged = before != after
    if diff.isCreation {
      limit = after
    } else if let before, let after {
      limit = max(before, after)
    } else {
      limit = nil
    }
  }

  private static let enabled = FieldPath("strict_mode_config.enabled")
  private static let count = FieldPath("strict_mode_config.max_payload_index_count")

  /// Whether the server would refuse to put an index that is there already.
  var refusesPutOverExisting: Bool { limit.map { liveCount - dropped >= $0 } ?? false }

  /// Whether what the manifest lists cannot be there under the limit.
  var isExceeded: Bool { putsAny && limit.map { finalCount > $0 } ?? false }

  /// Whether an index that was dropped could not be made again.
  var forbidsReturn: Bool { limit.map { liveCount > $0 } ?? false }

  /// Adds the edges between the change of strict mode and the steps of indexes.
  func order(_ plan: inout CollectionPlan) {
    let steps = plan.drafts.indices.filter { plan.drafts[$0].key.address.kind == .index }
    if limit != nil { orderAmong(steps, &plan) }
    guard isChanged else { return }
    for section in plan.drafts.indices where changesLimit(plan.drafts[section]) {
      if isTightened {
        for step in steps { plan.drafts[section].needs.insert(plan.drafts[step].key) }
        plan.drafts[section].rank = 65
      } else {
        // The way back makes dropped indexes again, and needs the higher limit until then.
        for step in steps { plan.drafts[step].needs.insert(plan.drafts[section].key) }
      }
    }
  }

  /// First what goes, then what is replaced, then what is new.
  private func orderAmong(_ steps: [Int], _ plan: inout CollectionPlan) {
    let drops = Set(
      steps.filter { plan.drafts[$0].step.phase == .contract }.map { plan.drafts[$0].key })
    let updates = Set(
      steps.filter { plan.drafts[$0].key.action == .update }.map { plan.drafts[$0].key })
    for step in steps where plan.drafts[step].step.phase != .contract {
      plan.drafts[step].needs.formUnion(drops)
      if plan.drafts[step].key.action == .create { plan.drafts[step].needs.formUnion(updates) }
    }
  }

  private func changesLimit(_ draft: Draft) -> Bool {
    guard draft.key.address == collection, draft.key.action == .update else { return false }
    return draft.step.operation.fields.contains { field in
      field.path == IndexLimits.enabled || field.path == IndexLimits.count
    }
  }
}
