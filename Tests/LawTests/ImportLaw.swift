import Diagnostics
import Execution
import Foundation
import JSON
import LawBench
import Manifests
import Planning
import QdrantProvider
import QdrantSchema
import ResourceModel
import TestSupport
import Testing

/// What was imported asks for nothing but what is there.
@Suite struct ImportLaw {
  /// `QR_IMPORTS=1000` for more seeds than the usual ones.
  private static let seeds =
    ProcessInfo.processInfo.environment["QR_IMPORTS"].flatMap { UInt64($0) } ?? 30

  @Test func `Importing what nobody managed, and planning it, is empty`() async throws {
    for seed in 0..<ImportLaw.seeds {
      let (bench, state) = try await imported(seed: seed, isManaged: false)
      let plan = try await bench.plan(state.collections)
      try #require(plan.refusals.isEmpty, "seed \(seed): \(plan.refusals)")
      try #require(plan.isEmpty, "seed \(seed): \(plan.steps.map(\.operation))")
      try #require(plan.unmarked == state.collections.map(\.address), "seed \(seed)")
      // Adopting is asked for, and writes marks only.
      var options = PlanOptions()
      options.adopts = true
      let adoption = try await bench.plan(state.collections, options)
      try #require(adoption.steps.count == state.collections.count, "seed \(seed)")
      try #require(adoption.steps.allSatisfy { $0.phase == .mark }, "seed \(seed)")
    }
  }

  /// What is mentioned stands in the mark of a collection that is ours, and an import mentions all.
  @Test func `Importing what is ours, and planning it, writes marks and nothing else`()
    async throws
  {
    for seed in 0..<ImportLaw.seeds {
      let (bench, state) = try await imported(seed: seed, isManaged: true)
      let plan = try await bench.plan(state.collections)
      try #require(plan.refusals.isEmpty, "seed \(seed): \(plan.refusals)")
      let changes = plan.steps.filter { $0.phase != .mark }
      try #require(changes.isEmpty, "seed \(seed): \(changes.map(\.operation))")
      let adopted = await bench.apply(plan.steps).outcome
      try #require(adopted == .applied, "seed \(seed): \(adopted)")
      let rest = try await bench.plan(state.collections)
      try #require(rest.isEmpty, "seed \(seed): \(rest.steps.map(\.operation))")
    }
  }

  /// A generated cluster and the manifests that its import wrote, read back.
  private func imported(
    seed: UInt64, isManaged: Bool
  ) async throws -> (Bench, DesiredState) {
    let (first, _) = ConvergenceLaws.pair(seed: seed)
    let bench = Bench()
    let made = await bench.apply(try await bench.plan(first).steps).outcome
    try #require(made == .applied, "seed \(seed): \(made)")
    for collection in first where !isManaged {
      let removal = Operation(.update, collection.address, removesMark: true)
      _ = try await bench.provider.perform(removal, run: "r0", step: "s0")
    }
    let imported = try imported(try await bench.observe(), makesClasses: false)
    try #require(imported.files.count == 3)
    return (bench, imported.state)
  }

  /// What a manifest can say whole is imported without a warning.
  private func imported(
    _ observed: ObservedCluster, makesClasses: Bool
  ) throws -> ImportedManifests {
    let imported = try ImportedManifests(observed, makesClasses: makesClasses)
    #expect(imported.warnings.isEmpty, "\(imported.warnings)")
    return imported
  }

  /// Collections that are alike, up to a few changes, which is what classes are for; without the
  /// aliases, which only one collection can have.
  private func cluster(seed: UInt64) -> [DesiredResource] {
    var collections = RandomCollections(seed: seed)
    var random = SeededRandom(seed ^ 0xC1A55)
    var made: [DesiredResource] = []
    for place in 0..<Int.random(in: 2...6, using: &random) {
      let like = random.chance(0.7) ? made.randomElement(using: &random) : nil
      guard let like, random.chance(0.7) else {
        made.append(collections.collection("c\(place)", like: like).renamed("c\(place)"))
        continue
      }
      made.append(like.renamed("c\(place)"))
    }
    return made
  }

  @Test func `Classes and no classes ask for the same, and both are in canonical form`()
    async throws
  {
    var count = 0
    for seed in 0..<ImportLaw.seeds {
      let bench = Bench()
      let made = await bench.apply(try await bench.plan(cluster(seed: seed)).steps).outcome
      try #require(made == .applied, "seed \(seed): \(made)")
      let observed = try await bench.observe()
      let plain = try imported(observed, makesClasses: false)
      let factored = try imported(observed, makesClasses: true)
      try #require(plain.state.collections.count == factored.state.collections.count)
      for (left, right) in zip(plain.state.collections, factored.state.collections) {
        try #require(left.asksForTheSame(as: right), "seed \(seed): \(left.address)")
      }
      // The server is the judge of both, not our comparison.
      for state in [plain.state, factored.state] {
        let plan = try await bench.plan(state.collections)
        try #require(plan.refusals.isEmpty, "seed \(seed): \(plan.refusals)")
        try #require(plan.steps.allSatisfy { $0.phase == .mark }, "seed \(seed)")
      }
      let again = try imported(observed, makesClasses: true)
      #expect(again.files.map(\.text) == factored.files.map(\.text), "seed \(seed)")
      guard factored.files.contains(where: { $0.name == "classes.yaml" }) else { continue }
      count += 1
      let lengths = [plain, factored].map { $0.files.reduce(0) { $0 + $1.text.utf8.count } }
      #expect(lengths[1] < lengths[0], "seed \(seed)")
    }
    #expect(count > 5, "classes are made at all")
  }
}

extension DesiredResource {
  /// The same collection by another name, without aliases.
  fileprivate func renamed(_ name: String) -> DesiredResource {
    var collection = self
    collection.address = .collection(ExactString(name), cluster: address.cluster)
    collection.children = children.filter { $0.address.kind != .alias }.map { child in
      var child = child
      child.address.collection = ExactString(name)
      return child
    }
    return collection
  }
}
