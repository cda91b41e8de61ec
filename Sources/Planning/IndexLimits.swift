import JSON
import ResourceModel

/// Strict mode's limit on payload indexes, and what it does to the order of steps.
///
/// A server refuses a `PUT` of an index at the limit, even of one that exists: so an index goes
/// before it is made again, a limit is raised before indexes are made, and lowered after.
struct IndexLimits {
  let context: PlanContext
  private let collection: ResourceAddress
  private let liveLimit: Int?
  private let liveCount: Int

  init(diff: CollectionDiff, context: PlanContext) {
    self.context = context
    collection = diff.desired.address
    let strict = diff.observed?.fields["strict_mode_config"]
    let isEnabled = strict?["enabled"]?.bool ?? false
    liveLimit = isEnabled ? strict?["max_payload_index_count"]?.integer : nil
    liveCount = diff.observed?.indexes.count ?? 0
  }

  /// Whether the server would refuse to put an index that is there already.
  var refusesPutOverExisting: Bool { liveLimit.map { liveCount >= $0 } ?? false }

  /// Adds the edges between the change of strict mode and the making of indexes.
  func orderAroundStrictMode(_ plan: inout CollectionPlan) {
    let strict = plan.drafts.indices.filter {
      plan.drafts[$0].key.address == collection
        && plan.drafts[$0].key.part.hasPrefix("strict_mode_config ")
    }
    let puts = plan.drafts.indices.filter {
      plan.drafts[$0].key.address.kind == .index && plan.drafts[$0].key.action != .delete
    }
    for section in strict {
      for put in puts {
        if liveLimit == nil {
          plan.drafts[section].needs.insert(plan.drafts[put].key)
          plan.drafts[section].rank = 59
        } else {
          plan.drafts[put].needs.insert(plan.drafts[section].key)
        }
      }
    }
  }
}
