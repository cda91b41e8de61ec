import Execution
import InProcessTransport
import JSON
import LawBench
import Planning
import ResourceModel
import TestSupport
import Testing

/// The laws of planning and applying, each over seeded cases on a simulated 1.18.3.
///
/// The cases stand in four slices, so that two cores share them.
@Suite struct ConvergenceLaws {
  static let slices = (0..<4).map { UInt64($0) * 250..<(UInt64($0) + 1) * 250 }

  /// Two states of a workspace: what is applied first, and what it is changed to.
  static func pair(
    seed: UInt64, version: ServerVersion = ServerVersion(1, 18, 3)
  ) -> (first: [DesiredResource], second: [DesiredResource]) {
    var random = RandomCollections(seed: seed, version: version)
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

  /// A bench on which a state was applied.
  private func bench(with state: [DesiredResource], _ seed: UInt64) async throws -> Bench {
    let bench = Bench()
    let plan = try await bench.plan(state)
    try #require(plan.refusals.isEmpty, "seed \(seed): \(plan.refusals)")
    let (outcome, _) = await bench.apply(plan.steps)
    try #require(outcome == .applied, "seed \(seed): \(outcome)")
    return bench
  }

  @Test(arguments: slices)
  func `Laws 2 and 7: what was applied is in effect, and the next plan is empty`(
    seeds: Range<UInt64>
  ) async throws {
    for seed in seeds {
      let (first, second) = ConvergenceLaws.pair(seed: seed)
      let bench = try await bench(with: first, seed)
      let plan = try await bench.plan(second)
      try #require(plan.refusals.isEmpty, "seed \(seed): \(plan.refusals)")
      let (outcome, _) = await bench.apply(plan.steps)
      try #require(outcome == .applied, "seed \(seed): \(outcome)")
      let rest = try await bench.plan(second)
      try #require(rest.isEmpty, "seed \(seed): \(rest.steps.map(\.operation))")
    }
  }

  /// What a server reports, asked for in full, differs from it in nothing.
  @Test(arguments: slices)
  func `Law 1: a state does not differ from itself`(seeds: Range<UInt64>) async throws {
    for seed in seeds {
      let (first, _) = ConvergenceLaws.pair(seed: seed)
      let bench = try await bench(with: first, seed)
      let observed = try await bench.observe()
      for (name, collection) in observed.collections {
        let mirror = bench.mirror(name, collection)
        let diff = Differ(schema: bench.schema).diff(
          mirror, collection, aliases: AliasIndex(observed.aliases))
        try #require(diff.isEmpty, "seed \(seed): \(diff.changes) \(diff.children)")
      }
    }
  }

  /// The inverses, run in reverse through the machine, bring the observed state back: of
  /// everything above the point of no return.
  @Test(arguments: slices)
  func `Law 4: apply, then roll back, gives the state before`(
    seeds: Range<UInt64>
  ) async throws {
    var undone = 0
    for seed in seeds {
      let (first, second) = ConvergenceLaws.pair(seed: seed)
      let bench = try await bench(with: first, seed)
      let before = try await bench.picture()
      let steps = try await bench.plan(second).steps.filter { $0.phase != .irreversible }
      let (outcome, _) = await bench.apply(steps)
      try #require(outcome == .applied, "seed \(seed): \(outcome)")
      let inverses = Plan.inverses(of: steps)
      let (back, _) = await bench.apply(inverses)
      try #require(back == .applied, "seed \(seed): \(back)")
      let after = try await bench.picture()
      let given = Set(
        steps.filter { $0.stepClass == .sticky }
          .flatMap { step in step.after.map { "\(step.address.collection) \($0.path)" } })
      for key in Set(before.keys).union(after.keys) where before[key] != after[key] {
        // Only what was unset, and whose step says so, may stay at another value.
        let isSaid = given.contains(key) && before[key] == nil
        try #require(
          isSaid, "seed \(seed): \(key) was \(before[key] as Any), is \(after[key] as Any)")
      }
      undone += inverses.count
    }
    #expect(undone > 100)
  }

  @Test(arguments: slices)
  func `Law 5: every order that the graph allows is valid`(seeds: Range<UInt64>) async throws {
    for seed in seeds {
      let (first, second) = ConvergenceLaws.pair(seed: seed)
      let bench = try await bench(with: first, seed)
      let plan = try await bench.plan(second)
      var random = SeededRandom(seed ^ 0xFEED)
      let (outcome, _) = await bench.apply(ConvergenceLaws.shuffled(plan.steps, &random))
      try #require(outcome == .applied, "seed \(seed): \(outcome)")
      let rest = try await bench.plan(second)
      try #require(rest.isEmpty, "seed \(seed): \(rest.steps.map(\.operation))")
    }
  }

  /// A random order that keeps needs before what needs them, and irreversible steps last.
  static func shuffled(_ steps: [Step], _ random: inout SeededRandom) -> [Step] {
    var done: Set<StepID> = []
    var rest = steps
    var order: [Step] = []
    while !rest.isEmpty {
      let ready = rest.filter { step in
        step.needs.allSatisfy(done.contains)
          && (step.phase != .irreversible || rest.allSatisfy { $0.phase == .irreversible })
      }
      guard let next = ready.randomElement(using: &random) else { return order }
      done.insert(next.id)
      order.append(next)
      rest.removeAll { $0.id == next.id }
    }
    return order
  }
}
