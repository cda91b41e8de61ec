import Execution
import JSON
import Planning
import ResourceModel
import Testing

/// The laws of planning and applying, each over seeded cases on a simulated 1.18.3.
@Suite struct ConvergenceLaws {
  static let cases: Range<UInt64> = 0..<1_000

  /// Two states of a workspace: what is applied first, and what it is changed to.
  static func pair(seed: UInt64) -> (first: [DesiredResource], second: [DesiredResource]) {
    var random = RandomCollections(seed: seed)
    let first = [random.collection("one"), random.collection("two")]
    random.density = 0.15
    let second = first.map { random.collection($0.address.collection.string, like: $0) }
    return (unambiguous(first), unambiguous(second))
  }

  /// One alias belongs to one collection.
  private static func unambiguous(_ collections: [DesiredResource]) -> [DesiredResource] {
    var taken: Set<ExactString> = []
    return collections.map { collection in
      var collection = collection
      collection.children.removeAll { child in
        child.address.kind == .alias && !taken.insert(child.address.name).inserted
      }
      return collection
    }
  }

  @Test func `Law 2: apply, then plan, is empty`() async throws {
    for seed in ConvergenceLaws.cases {
      let (first, second) = ConvergenceLaws.pair(seed: seed)
      let bench = Bench()
      for stage in [first, second] {
        let plan = try await bench.plan(stage)
        try #require(plan.refusals.isEmpty, "seed \(seed): \(plan.refusals)")
        let (outcome, _) = await bench.apply(plan.steps)
        try #require(outcome == .applied, "seed \(seed): \(outcome)")
        let rest = try await bench.plan(stage)
        try #require(rest.isEmpty, "seed \(seed): \(rest.steps.map(\.operation))")
      }
    }
  }
}
