import Execution
import Foundation
import InProcessTransport
import JSON
import LawBench
import Planning
import QdrantProvider
import ResourceModel
import SimulatedQdrant
import TestSupport
import Testing

/// A plan is refused exactly when something changed that it was made against.
@Suite struct StalenessLaws {
  /// Generated pairs of a plan and a change by somebody else; `QR_PAIRS=10000` asks for more.
  static let pairs = ProcessInfo.processInfo.environment["QR_PAIRS"].flatMap { Int($0) } ?? 300

  @Test func `A plan is refused exactly when a fact that it read has changed`() async throws {
    var refused = 0
    var applied = 0
    for seed in UInt64(0)..<UInt64(StalenessLaws.pairs) {
      guard let pair = try await Pair(seed) else { continue }
      let expected = try await pair.staleSteps()
      pair.bench.transport.forgetExchanges()
      let (outcome, _) = await pair.bench.apply(pair.plan.steps)
      let stale = outcome.causes.filter { $0.kind == .stale }
      try #require(
        Set(stale.compactMap(\.step)) == Set(expected.keys), "seed \(seed), \(pair.change)")
      if expected.isEmpty {
        try #require(outcome.state != .refused, "seed \(seed), \(pair.change): \(outcome)")
        applied += outcome == .applied ? 1 : 0
      } else {
        try #require(outcome.state == .refused, "seed \(seed), \(pair.change): \(outcome)")
        try #require(pair.bench.transport.mutations.isEmpty)
        for cause in stale {
          let step = try #require(cause.step)
          try #require(cause.facts == expected[step], "seed \(seed), \(pair.change)")
        }
        refused += 1
      }
    }
    print("stale pairs: \(refused) refused, \(applied) applied of \(StalenessLaws.pairs)")
    #expect(refused > StalenessLaws.pairs / 20 && applied > StalenessLaws.pairs / 20)
  }

  /// A plan, and a server on which somebody changed something after it was made.
  private struct Pair {
    let bench: Bench
    let plan: Plan
    let change: String

    init?(_ seed: UInt64) async throws {
      var random = RandomCollections(seed: seed)
      random.density = 0.15
      let first = random.collection("one")
      let second = random.collection("one", like: first)
      let endpoint = InMemoryEndpoint(Bench.freshServer())
      bench = Bench(endpoint)
      let start = try await bench.plan([first])
      guard start.refusals.isEmpty, await bench.apply(start.steps).outcome == .applied else {
        return nil
      }
      _ = endpoint.exchange(StalenessLaws.request("PUT", "/collections/two", [:]), now: 1)
      plan = try await bench.plan([second])
      guard plan.refusals.isEmpty, !plan.steps.isEmpty else { return nil }
      var dice = SeededRandom(seed ^ 0x57A1E)
      let field = plan.steps.first { $0.address.kind == .index }?.address.name.string ?? "price"
      let request = StalenessLaws.change(&dice, field)
      change =
        "\(request.method) \(request.target) " + String(decoding: request.body, as: UTF8.self)
      if request.method != "GET" { _ = endpoint.exchange(request, now: 2) }
    }

    /// The steps whose facts do not hold any more, and whose effect is not there, by themselves.
    func staleSteps() async throws -> [StepID: [BrokenFact]] {
      var stale: [StepID: [BrokenFact]] = [:]
      for step in plan.steps {
        var observation = Observation()
        if step.address.kind == .alias {
          observation.aliases = try await bench.provider.observeAliases()
        } else {
          let name = step.address.collection
          observation.collection = try await bench.provider.observe(
            collection: name, withPlacement: false)
          if observation.collection != nil {
            observation.points = try await bench.provider.countPoints(in: name)
          }
        }
        let broken = step.before.broken(observation, schema: bench.schema)
        let isThere =
          !step.after.isEmpty
          && step.after.allSatisfy { $0.check(observation, schema: bench.schema) == nil }
        if !broken.isEmpty, !isThere { stale[step.id] = broken }
      }
      return stale
    }
  }

  static func request(_ method: String, _ target: String, _ body: JSONValue) -> SimulatedRequest {
    SimulatedRequest(
      method: method, target: target, headers: [(name: "content-type", value: "application/json")],
      body: method == "GET" || method == "DELETE" ? [] : body.bytes())
  }

  /// What somebody else does: to what the plan is about, to something else, or nothing.
  static func change(_ dice: inout SeededRandom, _ field: String) -> SimulatedRequest {
    let number = JSONValue.integer(Int.random(in: 4...60, using: &dice))
    switch Int.random(in: 0..<11, using: &dice) {
    case 0: return request("PATCH", "/collections/one", ["hnsw_config": ["m": number]])
    case 1:
      return request(
        "PATCH", "/collections/one", ["optimizers_config": ["flush_interval_sec": number]])
    case 2:
      return request(
        "PUT", "/collections/one/index?wait=true",
        ["field_name": .string(field), "field_schema": "keyword"])
    case 3: return request("DELETE", "/collections/one/index/\(field)?wait=true", [:])
    case 4:
      return request(
        "POST", "/collections/aliases",
        ["actions": [["create_alias": ["collection_name": "two", "alias_name": "current"]]]])
    case 5: return request("DELETE", "/collections/one", [:])
    case 6: return request("PUT", "/collections/three", [:])
    case 7: return request("PATCH", "/collections/two", ["hnsw_config": ["m": number]])
    case 8: return request("PATCH", "/collections/one", ["metadata": ["team": number]])
    case 9:
      return request(
        "PATCH", "/collections/one",
        ["strict_mode_config": ["enabled": true, "max_query_limit": number]])
    default: return request("GET", "/collections/one", [:])
    }
  }
}
