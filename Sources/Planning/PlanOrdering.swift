import JSON
import ResourceModel

/// Puts drafts in their order: later phases later, a step after what it needs, ties by address.
enum PlanOrdering {
  /// Steps that wait for each other, as their addresses in a circle.
  struct Cycle: Error {
    var members: [StepKey]
  }

  /// The steps with numbers and edges; needs that are no steps of this plan are met already.
  static func steps(of drafts: [Draft]) throws(Cycle) -> [Step] {
    let known = Set(drafts.map(\.key))
    let sorted = drafts.sorted { before($0, $1) }
    var done: [StepKey: StepID] = [:]
    var steps: [Step] = []
    var waiting = sorted
    while !waiting.isEmpty {
      var rest: [Draft] = []
      let count = steps.count
      for draft in waiting {
        let needs = draft.needs.intersection(known)
        guard needs.allSatisfy({ done[$0] != nil }) else {
          rest.append(draft)
          continue
        }
        var step = draft.step
        step.id = StepID(steps.count + 1)
        step.needs = needs.compactMap { done[$0] }.sorted()
        done[draft.key] = step.id
        steps.append(step)
      }
      guard steps.count > count else { throw Cycle(members: rest.map(\.key).sorted()) }
      waiting = rest
    }
    return steps
  }

  private static func before(_ left: Draft, _ right: Draft) -> Bool {
    if left.key.address.cluster != right.key.address.cluster {
      return left.key.address.cluster.precedes(right.key.address.cluster)
    }
    if left.step.phase != right.step.phase { return left.step.phase < right.step.phase }
    if left.key.address.collection != right.key.address.collection {
      return left.key.address.collection < right.key.address.collection
    }
    if left.rank != right.rank { return left.rank < right.rank }
    return left.key < right.key
  }
}
