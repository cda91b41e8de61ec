import JSON
import ResourceModel

/// Puts drafts in their order: later phases later, a step after what it needs, ties by address.
enum PlanOrdering {
  /// Steps that wait for each other, as their addresses in a circle.
  struct Cycle: Error {
    var members: [StepKey]
  }

  /// The steps with numbers and edges; needs that are no steps of this plan are met already.
  ///
  /// Places are sorted, not drafts: those are large, and there may be a hundred thousand.
  static func steps(of drafts: [Draft]) throws(Cycle) -> [Step] {
    let known = Set(drafts.map(\.key))
    var waiting = drafts.indices.sorted { before(drafts[$0], drafts[$1]) }
    var done: [StepKey: StepID] = [:]
    done.reserveCapacity(drafts.count)
    var steps: [Step] = []
    steps.reserveCapacity(drafts.count)
    while !waiting.isEmpty {
      var rest: [Int] = []
      let count = steps.count
      for place in waiting {
        guard let needs = met(drafts[place].needs, known, done) else {
          rest.append(place)
          continue
        }
        var step = drafts[place].step
        step.id = StepID(steps.count + 1)
        step.needs = needs.sorted()
        done[drafts[place].key] = step.id
        steps.append(step)
      }
      guard steps.count > count else {
        throw Cycle(members: rest.map { drafts[$0].key }.sorted())
      }
      waiting = rest
    }
    return steps
  }

  /// The numbers of the needs that are steps of this plan; nil when one of them has none yet.
  private static func met(
    _ needs: Set<StepKey>, _ known: Set<StepKey>, _ done: [StepKey: StepID]
  ) -> [StepID]? {
    var numbers: [StepID] = []
    for need in needs {
      if let number = done[need] {
        numbers.append(number)
      } else if known.contains(need) {
        return nil
      }
    }
    return numbers
  }

  private static func before(_ left: Draft, _ right: Draft) -> Bool {
    if left.key.address.cluster != right.key.address.cluster {
      return left.key.address.cluster.precedes(right.key.address.cluster)
    }
    if left.step.phase != right.step.phase { return left.step.phase < right.step.phase }
    if left.place != right.place { return left.place < right.place }
    if left.rank != right.rank { return left.rank < right.rank }
    return left.key < right.key
  }
}
