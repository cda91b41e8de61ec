import Diagnostics
import JSON
import Manifests
import Planning
import QdrantSchema
import ResourceModel
import TestSupport
import Testing

/// How documents are arranged, and how their fields are shared, does not change what is planned.
@Suite struct CompositionLaw {
  private static let fields: [String: JSONValue] = [
    "vectors": [
      "dense": ["size": 768, "distance": "Cosine", "on_disk": true, "hnsw_config": ["m": 8]],
      "small": ["size": 8, "distance": "Dot"],
    ],
    "sparse_vectors": ["bm25": ["modifier": "idf"]],
    "hnsw_config": ["m": 24, "ef_construct": 200, "full_scan_threshold": 1000],
    "quantization_config": ["scalar": ["type": "int8", "always_ram": true]],
    "optimizers_config": ["indexing_threshold": 20000],
    "on_disk_payload": true, "shard_number": 2,
    "metadata": ["team": "search", "nested": ["a": [1, 2]]],
    "payload_indexes": ["tenant": ["type": "keyword", "is_tenant": true], "price": "float"],
    "aliases": ["one", "two"], "lifecycle": ["unlisted": "keep", "on_delete": "delete"],
  ]

  private static let others = [
    "kind: Workspace\nname: acme\n",
    "kind: Cluster\nname: eu\nurl: http://127.0.0.1:6333\nlabels: {env: prod}\n",
    "kind: Cluster\nname: us\nurl: http://127.0.0.1:6334\nlabels: {env: prod}\n",
    "kind: Cluster\nname: dev\nurl: http://127.0.0.1:6335\n",
    """
    kind: Environment
    name: prod
    variables: {size: 64, m: 12}
    clusters: {labels: {env: prod}}
    overlays:
      - match: {name: "docs.*"}
        set: {hnsw_config: {m: "${m}"}}
      - match: {name: "docs.legal.*"}
        set: {hnsw_config: {ef_construct: 64}}
    """, "kind: Class\nname: base\nvectors: {size: \"${size}\", distance: Dot}\n",
    "kind: Class\nname: wide\nclass: base\nvectors: {on_disk: true}\n",
    """
    kind: Hierarchy
    name: documents
    levels:
      - {name: env, place: cluster, values: [eu, us]}
      - {name: domain, place: name, pattern: "[a-z]+"}
      - {name: corpus, place: name, pattern: "[a-z]+"}
      - {name: tenant, place: payload, field: tenant_id}
    names: {collection: "docs.{domain}.{corpus}", alias: "{domain}.{corpus}"}
    class: base
    tree:
      legal: {contracts: {class: wide}, rulings: {}}
      support: {tickets: {on_disk_payload: true}}
    """,
  ]

  /// The plan's id of documents that are spread over files.
  private func id(_ files: [[String]]) throws -> String {
    let texts = files.enumerated().map { index, documents in
      (path: "manifests/\(index).yaml", bytes: Array(documents.joined(separator: "\n---\n").utf8))
    }
    let result = ManifestLoader.load(
      sources: [MemorySource(texts)], schema: QdrantResources.schema, rules: QdrantResources.rules,
      environment: "prod")
    let state = try #require(result.state, "\(result.report.text())")
    let empty = ObservedCluster(identity: ClusterIdentity(version: ServerVersion(1, 18, 3)))
    let readings = Dictionary(
      uniqueKeysWithValues: state.clusters.map {
        ($0.name, Planner.Reading.observed(empty, endpoint: "here"))
      })
    let planner = Planner(schema: QdrantResources.schema, locate: { _ in nil })
    let plan = planner.plan(state, readings: readings)
    #expect(plan.totals.add > 0)
    return PlanFile.id(of: plan)
  }

  /// A document that says some of the fields.
  private func document(
    _ kind: String, _ name: String, _ fields: [String: JSONValue], classes: [String]
  ) -> String {
    var object: JSONObject = ["kind": .string(kind), "name": .string(name)]
    if kind == "Collection" { object["cluster"] = ["eu", "us", "dev"] }
    if !classes.isEmpty { object["class"] = .array(classes.map { .string($0) }) }
    for (key, value) in fields.sorted(by: { $0.key < $1.key }) { object[key] = value }
    return JSONValue.object(object).text(.indented)
  }

  private func spread(_ documents: [String], _ random: inout SeededRandom) -> [[String]] {
    var files = [[String]](repeating: [], count: Int.random(in: 1...6, using: &random))
    for document in documents.shuffled(using: &random) {
      files[Int.random(in: 0..<files.count, using: &random)].append(document)
    }
    return files.filter { !$0.isEmpty }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `Documents in any order and any files give one plan`(seed: UInt64) throws {
    let whole = document("Collection", "products", CompositionLaw.fields, classes: ["none"])
    let documents = CompositionLaw.others + [whole, "kind: Class\nname: none\n"]
    var random = SeededRandom(seed)
    #expect(try id(spread(documents, &random)) == id([documents]))
  }

  /// Moves every part of a mapping into one of two, or a share of it into both.
  private func split(
    _ fields: [String: JSONValue], _ random: inout SeededRandom
  ) -> ([String: JSONValue], [String: JSONValue]) {
    var lower: [String: JSONValue] = [:]
    var upper: [String: JSONValue] = [:]
    for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
      if let inner = value.object, inner.count > 1, random.chance(0.5) {
        let parts = Dictionary(uniqueKeysWithValues: inner.members.map { ($0.key, $0.value) })
        let (first, second) = split(parts, &random)
        if !first.isEmpty { lower[key] = object(first) }
        if !second.isEmpty { upper[key] = object(second) }
      } else if random.chance(0.5) {
        lower[key] = value
        // What both say is said once.
        if random.chance(0.3) { upper[key] = value }
      } else {
        upper[key] = value
      }
    }
    return (lower, upper)
  }

  private func object(_ parts: [String: JSONValue]) -> JSONValue {
    .object(
      JSONObject(
        parts.sorted { $0.key < $1.key }.map { JSONObject.Member(key: $0.key, value: $0.value) }))
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `Fields that are moved into classes give one plan`(seed: UInt64) throws {
    var random = SeededRandom(seed)
    let whole = document("Collection", "products", CompositionLaw.fields, classes: [])
    let (first, rest) = split(CompositionLaw.fields, &random)
    let (second, own) = split(rest, &random)
    let documents = [
      document("Class", "first", first, classes: []),
      document("Class", "second", second, classes: random.chance(0.5) ? ["first"] : []),
      document("Collection", "products", own, classes: ["first", "second"]),
    ]
    let written = try id([CompositionLaw.others + [whole]])
    #expect(try id(spread(CompositionLaw.others + documents, &random)) == written)
  }
}
