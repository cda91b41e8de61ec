import Execution
import InProcessTransport
import JSON
import LawBench
import Planning
import ResourceModel
import TestSupport
import Testing

/// The laws of planning and applying on three simulated peers, over the number of copies, shard
/// keys and everything else that a manifest may say.
@Suite struct PlacementLaws {
  static let slices = (0..<3).map { (asked: $0, seeds: UInt64($0) * 40..<UInt64($0 + 1) * 40) }

  /// Two states of a workspace that three peers can hold.
  static func pair(
    seed: UInt64, copies: ClosedRange<Int> = 1...3
  ) -> (first: [DesiredResource], second: [DesiredResource]) {
    let plain = ConvergenceLaws.pair(seed: seed)
    var random = RandomCollections(seed: seed ^ 0xC0FFEE)
    let first = plain.first.map { random.spread($0, copies: copies) }
    let second = zip(plain.second, first).map { collection, former in
      random.spread(collection, copies: copies, like: former)
    }
    return (first, second)
  }

  private func applied(
    _ state: [DesiredResource], on bench: Bench, _ seed: UInt64
  ) async throws -> [Step] {
    let plan = try await bench.plan(state)
    try #require(plan.refusals.isEmpty, "seed \(seed): \(plan.refusals)")
    let (end, _) = await bench.apply(plan.steps)
    try #require(end == .applied, "seed \(seed): \(end)")
    return plan.steps
  }

  @Test(arguments: slices)
  func `Laws 2 and 7 on a cluster: what was applied is in effect, whichever peer is asked`(
    slice: (asked: Int, seeds: Range<UInt64>)
  ) async throws {
    var copies = 0
    for seed in slice.seeds {
      let (first, second) = PlacementLaws.pair(seed: seed)
      let bench = ClusterBench(seed: seed, asked: slice.asked).bench
      for state in [first, second] {
        let steps = try await applied(state, on: bench, seed)
        copies += steps.count { $0.address.kind == .replica }
        let rest = try await bench.plan(state)
        try #require(rest.isEmpty, "seed \(seed): \(rest.steps.map(\.operation)) \(rest.refusals)")
        let report = DriftFinder(schema: bench.schema, locate: { _ in nil }).report(
          bench.state(state),
          readings: ["c": .observed(try await bench.observe(), endpoint: "here")])
        try #require(report.drifted == 0, "seed \(seed): \(report.entries)")
      }
    }
    #expect(copies > 20)
  }

  @Test(arguments: slices)
  func `Law 4 on a cluster: apply, then roll back, puts every copy back where it was`(
    slice: (asked: Int, seeds: Range<UInt64>)
  ) async throws {
    var copies = 0
    for seed in slice.seeds {
      let (first, second) = PlacementLaws.pair(seed: seed)
      let bench = ClusterBench(seed: seed, asked: slice.asked).bench
      _ = try await applied(first, on: bench, seed)
      let before = try await bench.picture()
      let plan = try await bench.plan(second)
      let steps = plan.steps.filter { $0.phase != .irreversible }
      let (end, _) = await bench.apply(steps)
      try #require(end == .applied, "seed \(seed): \(end)")
      let inverses = Plan.inverses(of: steps)
      let (back, _) = await bench.apply(inverses)
      try #require(back == .applied, "seed \(seed): \(back)")
      let after = try await bench.picture()
      for key in Set(before.keys).union(after.keys) where key.contains(" shard ") {
        try #require(before[key] == after[key], "seed \(seed): \(key)")
      }
      copies += inverses.count { $0.address.kind == .replica }
    }
    #expect(copies > 10)
  }

  @Test(arguments: slices)
  func `Law 5 on a cluster: every order that the graph allows is valid`(
    slice: (asked: Int, seeds: Range<UInt64>)
  ) async throws {
    for seed in slice.seeds.prefix(20) {
      let (first, second) = PlacementLaws.pair(seed: seed)
      let bench = ClusterBench(seed: seed, asked: slice.asked).bench
      _ = try await applied(first, on: bench, seed)
      let plan = try await bench.plan(second)
      var random = SeededRandom(seed ^ 0xFEED)
      let (end, _) = await bench.apply(ConvergenceLaws.shuffled(plan.steps, &random))
      try #require(end == .applied, "seed \(seed): \(end)")
      let rest = try await bench.plan(second)
      try #require(rest.isEmpty, "seed \(seed): \(rest.steps.map(\.operation))")
    }
  }

  /// Whatever the run comes to: once the peer is back, the next one converges.
  @Test(arguments: slices)
  func `After a run in which a peer was lost for a while the next run converges`(
    slice: (asked: Int, seeds: Range<UInt64>)
  ) async throws {
    var ends: [RunEnd.State: Int] = [:]
    for seed in slice.seeds.prefix(20) {
      let (first, second) = PlacementLaws.pair(seed: seed, copies: 2...3)
      let cluster = HealingCluster(seed: seed, asked: slice.asked)
      let bench = cluster.bench
      _ = try await applied(first, on: bench, seed)
      let plan = try await bench.plan(second)
      cluster.lose((slice.asked + 1 + Int(seed % 2)) % 3, until: cluster.base.now + 20)
      let (end, _) = await bench.apply(plan.steps)
      ends[end.state, default: 0] += 1
      try await cluster.base.wait(60)
      _ = try await bench.observe()
      try await cluster.base.wait(60)
      if end == .applied {
        let rest = try await bench.plan(second)
        try #require(rest.isEmpty, "seed \(seed): \(rest.steps.map(\.operation))")
      }
      _ = try await applied(second, on: bench, seed)
      let rest = try await bench.plan(second)
      try #require(rest.isEmpty, "seed \(seed): \(rest.steps.map(\.operation)) \(rest.refusals)")
    }
    #expect((ends[.applied] ?? 0) > 0 && ends.count > 1, "\(ends)")
  }

  @Test func `A plan with copies and what it waits for reads back from its file`() async throws {
    for seed in UInt64(0)..<20 {
      let (first, second) = PlacementLaws.pair(seed: seed)
      let bench = ClusterBench(seed: seed).bench
      _ = try await applied(first, on: bench, seed)
      let plan = try await bench.plan(second)
      let read = try PlanFile.read(PlanFile.bytes(of: plan))
      #expect(PlanFile.id(of: read) == PlanFile.id(of: plan))
      #expect(read.steps.map(\.gates) == plan.steps.map(\.gates))
    }
  }
}
