import Diagnostics
import Execution
import InProcessTransport
import JSON
import LawBench
import Manifests
import Planning
import QdrantProvider
import QdrantSchema
import ResourceModel
import SimulatedQdrant
import Testing

/// One plan in which every kind of step occurs that a standalone 1.18.3 is asked for.
enum Subjects {
  static let prior = """
    kind: Collection
    name: main
    vectors: {dense: {size: 4, distance: Cosine}, gone: {size: 3, distance: Dot}}
    sparse_vectors: {bm25: {}, leaving: {}}
    on_disk_payload: true
    hnsw_config: {m: 16}
    optimizers_config: {flush_interval_sec: 5}
    quantization_config: {scalar: {type: int8}}
    strict_mode_config: {enabled: false, max_query_limit: 100}
    metadata: {team: a}
    payload_indexes: {price: integer, old: keyword}
    aliases: [current, former]
    ---
    kind: Collection
    name: doomed
    vectors: {}
    ---
    kind: Hierarchy
    name: tree
    levels: [{name: leaf, place: name, pattern: "[a-z]+"}]
    names: {collection: "tree.{leaf}", alias: "{leaf}.before"}
    tree: {oak: {vectors: {}}}
    """

  static let target = """
    kind: Collection
    name: main
    vectors:
      dense: {size: 4, distance: Cosine, hnsw_config: {m: 24}}
      extra: {size: 2, distance: Dot}
      gone: absent
    sparse_vectors: {bm25: {index: {full_scan_threshold: 700}}, more: {}, leaving: absent}
    on_disk_payload: false
    hnsw_config: {m: 32}
    optimizers_config: {flush_interval_sec: 7}
    quantization_config: disabled
    strict_mode_config: {enabled: false, max_query_limit: 50}
    metadata: {team: b}
    payload_indexes: {price: float, fresh: keyword}
    aliases: [added]
    ---
    kind: Collection
    name: fresh
    vectors: {size: 4, distance: Dot}
    aliases: [current]
    ---
    kind: Collection
    name: doomed
    vectors: {}
    lifecycle: {state: absent, on_delete: delete}
    ---
    kind: Hierarchy
    name: tree
    levels: [{name: leaf, place: name, pattern: "[a-z]+"}]
    names: {collection: "tree.{leaf}", alias: "{leaf}.after"}
    tree: {oak: {vectors: {}}}
    """

  private static let tail = "kind: Collection\nname: \(Subject.tail)\nvectors: {}\n"

  /// The manifests as a state.
  private static func state(_ manifests: String) throws -> DesiredState {
    let cluster = "kind: Cluster\nname: c\nurl: http://127.0.0.1:6333\n"
    let result = ManifestLoader.load(
      sources: [MemorySource(cluster + "---\n" + manifests)], schema: QdrantResources.schema)
    var state = try #require(result.state, "\(result.report.text())")
    state.workspace.budget.percent = 100
    return state
  }

  /// The plan of those manifests, without refusals.
  static func plan(_ manifests: String, _ bench: Bench) async throws -> Plan {
    let state = try state(manifests)
    let observed = try await bench.observe()
    let planner = Planner(schema: bench.schema, locate: { _ in Bench.place })
    var points: [ResourceAddress: Int] = [:]
    for address in planner.collectionsToCount(state, on: "c", observed) {
      points[address] = try await bench.provider.countPoints(in: address.collection)
    }
    let plan = planner.plan(
      state, readings: ["c": .observed(observed, endpoint: "here")], points: points)
    try #require(plan.refusals.isEmpty, "\(plan.refusals.map(\.message))")
    return plan
  }

  /// A server with the prior state and a collection that is no business of any plan.
  private static func server() async throws -> SimulatedServer {
    let endpoint = InMemoryEndpoint(Bench.freshServer())
    try makeForeign(on: endpoint)
    let bench = Bench(endpoint)
    let plan = try await plan(prior, bench)
    try #require(await bench.apply(plan.steps).outcome == .applied)
    return endpoint.server
  }

  /// Makes the collection that no manifest mentions.
  static func makeForeign(on endpoint: InMemoryEndpoint) throws {
    for (method, target, body) in foreign {
      let request = SimulatedRequest(
        method: method, target: target, headers: [("content-type", "application/json")],
        body: body.bytes())
      let outcome = endpoint.exchange(request, now: 1_700_000_000).outcome
      guard case .answered(let answer, _) = outcome, answer.status == 200 else {
        try #require(Bool(false), "\(method) \(target): \(outcome)")
        continue
      }
    }
  }

  private static let foreign: [(String, String, JSONValue)] = [
    ("PUT", "/collections/foreign", ["vectors": [:], "hnsw_config": ["m": 11]]),
    (
      "PUT", "/collections/foreign/index?wait=true",
      ["field_name": "city", "field_schema": "keyword"]
    ),
    (
      "PUT", "/collections/foreign/points?wait=true",
      ["points": [["id": 1, "vector": [:], "payload": ["city": "x"]]]]
    ),
    (
      "POST", "/collections/aliases",
      ["actions": [["create_alias": ["collection_name": "foreign", "alias_name": "theirs"]]]]
    ),
  ]

  /// One subject for every kind of step of the plan.
  static func all() async throws -> [Subject] {
    let server = try await server()
    let plan = try await plan(target, Bench(InMemoryEndpoint(server)))
    let tail = try #require(try await self.plan(tail, Bench()).steps.first)
    var subjects: [String: Subject] = [:]
    for step in plan.steps where subjects[Subject.kind(step)] == nil {
      subjects[Subject.kind(step)] = try await Subject(step, of: plan, tail, on: server)
    }
    return subjects.values.sorted { $0.name < $1.name }
  }
}
