import Execution
import InProcessTransport
import JSON
import LawBench
import Planning
import QdrantProvider
import ResourceModel
import SimulatedQdrant
import TestSupport

/// A generated plan, and a change by somebody else.
struct StalenessPair: Sendable {
  let seed: UInt64
  let plan: Plan
  let server: SimulatedServer
  let change: SimulatedRequest
  let prior: Subject.Picture
  let target: Subject.Picture

  var description: String {
    "seed \(seed), \(change.method) \(change.target) "
      + String(decoding: change.body, as: UTF8.self)
  }

  /// Nil when the seed gives no plan, or one that is refused.
  init?(_ seed: UInt64) async throws {
    self.seed = seed
    var random = RandomCollections(seed: seed)
    random.density = 0.25
    let first = random.collection("one")
    let second = [random.collection("one", like: first), random.collection("two")]
    let aliases = second.flatMap(\.children).filter { $0.address.kind == .alias }
    guard Set(aliases.map(\.address.name)).count == aliases.count else { return nil }
    let endpoint = InMemoryEndpoint(Bench.freshServer())
    try Subjects.makeForeign(on: endpoint)
    let bench = Bench(endpoint)
    let start = try await bench.plan([first])
    guard start.refusals.isEmpty, await bench.apply(start.steps).outcome == .applied else {
      return nil
    }
    plan = try await bench.plan(second)
    guard plan.refusals.isEmpty, plan.steps.count > 1 else { return nil }
    server = endpoint.server
    prior = try await Subject.picture(server)
    // What somebody else may do to the same collection: any step of a plan to a third state.
    random.density = 0.5
    let third = random.collection("one", like: first)
    let other = try await bench.plan([third]).steps.filter(\.needs.isEmpty)
    var dice = SeededRandom(seed ^ 0xF0E1)
    let touched = Set(plan.steps.flatMap(\.before).map { "\($0.subject) \($0.path)" })
    let near = other.filter { step in
      step.before.contains { touched.contains("\($0.subject) \($0.path)") }
    }
    let isNear = dice.chance(0.6) && !near.isEmpty
    change = ForeignChange.request(
      &dice,
      (isNear ? near : other).compactMap { try? bench.provider.preview($0.operation) }, isNear)
    guard await bench.apply(plan.steps).outcome == .applied else { return nil }
    target = try await Subject.picture(endpoint.server)
  }

  /// The facts of each step that hold on one server and not on the other, where the step's effect
  /// is not there either.
  func broken(
    before: SimulatedServer, after: SimulatedServer
  ) async throws -> [(step: StepID, facts: [BrokenFact])] {
    let schema = Bench().schema
    let (old, new) = (try await look(before), try await look(after))
    return plan.steps.compactMap { step in
      let facts = step.before.filter { $0.check(old(step), schema: schema) == nil }
        .broken(new(step), schema: schema)
      let isThere =
        !step.after.isEmpty && step.after.allSatisfy { $0.check(new(step), schema: schema) == nil }
      return facts.isEmpty || isThere ? nil : (step.id, facts)
    }
  }

  /// Steps whose effect is there on one server and not on the other.
  func undone(before: SimulatedServer, after: SimulatedServer) async throws -> Set<StepID> {
    let schema = Bench().schema
    let (old, new) = (try await look(before), try await look(after))
    let hit = plan.steps.filter { step in
      let guards = Plan.inverse(of: step)?.before ?? step.after
      return guards.contains { fact in
        fact.check(old(step), schema: schema) == nil && fact.check(new(step), schema: schema) != nil
      }
    }
    return Set(hit.map(\.id))
  }

  /// One look at everything, not the reads of the machine, which are one for each step.
  private func look(_ server: SimulatedServer) async throws -> (Step) -> Observation {
    let bench = Bench(InMemoryEndpoint(server))
    let observed = try await bench.observe()
    var points: [ExactString: Int] = [:]
    for name in observed.collectionNames {
      points[name] = try await bench.provider.countPoints(in: name)
    }
    let counted = points
    return { step in
      if step.address.kind == .alias {
        return Observation(aliases: observed.aliases)
      }
      let name = step.address.collection
      return Observation(collection: observed.collections[name], points: counted[name])
    }
  }
}

/// What somebody else does, over HTTP.
enum ForeignChange {
  /// - Parameters:
  ///   - similar: requests that a plan to another state would send.
  ///   - isNear: whether it is one of them for sure.
  static func request(
    _ dice: inout SeededRandom, _ similar: [RequestPreview], _ isNear: Bool
  ) -> SimulatedRequest {
    let number = JSONValue.integer(Int.random(in: 4...60, using: &dice))
    if isNear || dice.chance(0.3), let preview = similar.randomElement(using: &dice) {
      return request(preview.method, preview.target, preview.body)
    }
    let others: [SimulatedRequest] = [
      request("GET", "/collections", nil),
      request("PATCH", "/collections/one", ["hnsw_config": ["m": number]]),
      request("PATCH", "/collections/one", ["metadata": ["team": number]]),
      request("PATCH", "/collections/foreign", ["hnsw_config": ["m": number]]),
      request("DELETE", "/collections/one", nil),
      request("DELETE", "/collections/two", nil),
      request("DELETE", "/collections/foreign", nil),
      request("PUT", "/collections/two", ["vectors": [:]]),
      request("PUT", "/collections/three", ["vectors": [:]]),
      index("PUT", "one", "price"), index("PUT", "one", "unheard"), index("PUT", "two", "city"),
      index("DELETE", "one", "price"), index("DELETE", "foreign", "city"),
      alias(["create_alias": ["collection_name": "foreign", "alias_name": "current"]]),
      alias(["create_alias": ["collection_name": "foreign", "alias_name": "other"]]),
      alias(["delete_alias": ["alias_name": "current"]]),
      alias(["delete_alias": ["alias_name": "one-live"]]),
      request(
        "PUT", "/collections/one/vectors/added?wait=true",
        ["dense": ["size": 3, "distance": "Dot"]]),
      request("DELETE", "/collections/one/vectors/dense?wait=true", nil),
      request("DELETE", "/collections/one/vectors/bm25?wait=true", nil),
      points("one"), points("two"), points("foreign"),
    ]
    return others.randomElement(using: &dice) ?? others[0]
  }

  private static func index(_ method: String, _ name: String, _ field: String) -> SimulatedRequest {
    method == "DELETE"
      ? request(method, "/collections/\(name)/index/\(field)?wait=true", nil)
      : request(
        method, "/collections/\(name)/index?wait=true",
        ["field_name": .string(field), "field_schema": "keyword"])
  }

  private static func alias(_ action: JSONValue) -> SimulatedRequest {
    request("POST", "/collections/aliases", ["actions": [action]])
  }

  private static func points(_ name: String) -> SimulatedRequest {
    request(
      "PUT", "/collections/\(name)/points?wait=true",
      ["points": [["id": 7, "vector": [:], "payload": ["city": "y"]]]])
  }

  static func request(_ method: String, _ target: String, _ body: JSONValue?) -> SimulatedRequest {
    SimulatedRequest(
      method: method, target: target, headers: [("content-type", "application/json")],
      body: body?.bytes() ?? [])
  }
}
