import Diagnostics
import JSON
import Manifests
import QdrantSchema
import ResourceModel
import Testing

@Suite struct EnvironmentTests {
  /// Loads a text under an environment.
  private func load(_ text: String, _ environment: String?) -> LoadResult {
    ManifestLoader.load(
      sources: [MemorySource(text)], schema: QdrantResources.schema, environment: environment,
      implicitCluster: ClusterDeclaration(name: "default"))
  }

  private func state(_ text: String, _ environment: String?) throws -> DesiredState {
    let result = load(text, environment)
    return try #require(result.state, "\(result.report.text())")
  }

  private func codes(_ text: String, _ environment: String?) -> [String] {
    load(text, environment).diagnostics.map { "\($0.code):\($0.span?.line ?? 0)" }
  }

  static let tree = """
    kind: Cluster
    name: dev
    url: http://127.0.0.1:6333
    labels: {tier: small}
    ---
    kind: Cluster
    name: prod-eu
    url: https://eu.example.com:6333
    ---
    kind: Cluster
    name: prod-us
    url: https://us.example.com:6333
    ---
    kind: Environment
    name: dev
    variables: {replicas: 1, size: 8, team: nobody, fast: false}
    clusters: dev
    ---
    kind: Environment
    name: prod
    variables: {replicas: 2, size: 768, team: search, fast: true}
    clusters: [prod-eu, prod-us]
    overlays:
      - match: {kind: Collection, name: "legal.*"}
        set: {replication_factor: "${replicas}", hnsw_config: {m: 32}}
      - match: {kind: Cluster, name: "prod-*"}
        set: {wave: 2}
    ---
    kind: Class
    name: base
    vectors: {size: "${size}", distance: Cosine}
    hnsw_config: {m: 16, ef_construct: 100}
    metadata: {team: "team-${team}", price: "$${x}"}
    on_disk_payload: ${fast}
    shard_number: ${replicas}
    ---
    kind: Collection
    name: legal.contracts
    class: base
    cluster: [dev, prod-eu]
    ---
    kind: Collection
    name: support
    class: base
    cluster: {labels: {tier: small}}

    """

  @Test func `One tree gives several environments`() throws {
    let dev = try state(EnvironmentTests.tree, "dev")
    #expect(dev.clusters.map(\.name) == ["dev"])
    #expect(
      dev.collections.map(\.address.description)
        == ["collection/legal.contracts@dev", "collection/support@dev"])
    let prod = try state(EnvironmentTests.tree, "prod")
    #expect(prod.clusters.map(\.name) == ["prod-eu", "prod-us"])
    #expect(prod.clusters.map(\.wave) == [2, 2])
    #expect(
      prod.collections.map(\.address.description) == ["collection/legal.contracts@prod-eu"])
    func values(_ state: DesiredState) -> [String] {
      state.collections[0].fields.map { "\($0.path)=\($0.value.text())" }
    }
    #expect(
      values(dev) == [
        "hnsw_config.ef_construct=100", "hnsw_config.m=16", #"metadata.price="${x}""#,
        #"metadata.team="team-nobody""#, "on_disk_payload=false", "shard_number=1",
        #"vectors.distance="Cosine""#, "vectors.size=8",
      ])
    #expect(
      values(prod) == [
        "hnsw_config.ef_construct=100", "hnsw_config.m=32", #"metadata.price="${x}""#,
        #"metadata.team="team-search""#, "on_disk_payload=true", "replication_factor=2",
        "shard_number=2", #"vectors.distance="Cosine""#, "vectors.size=768",
      ])
  }

  @Test func `A value remembers class, overlay and variable`() throws {
    let collection = try state(EnvironmentTests.tree, "prod").collections[0]
    func chain(_ path: String) throws -> [String] { try chain(path: FieldPath(path)) }
    func chain(path: FieldPath) throws -> [String] {
      let field = try #require(collection.field(path))
      return field.provenance.contributors.map(\.description)
    }
    #expect(
      try chain("replication_factor") == ["overlay of environment prod", "variable replicas"])
    #expect(try chain("hnsw_config.m") == ["class base", "overlay of environment prod"])
    #expect(
      try chain(path: FieldPath(["vectors", "", "size"])) == ["class base", "variable size"])
    #expect(try chain("metadata.team") == ["class base", "variable team"])
  }

  @Test func `Variables without an environment are told with the environments that have them`() {
    let result = load(EnvironmentTests.tree, nil)
    #expect(Set(result.diagnostics.map(\.code)) == ["M235"])
    #expect(result.diagnostics.count == 4)
    #expect(result.diagnostics[0].hint?.contains("dev, prod") ?? false)
  }

  @Test func `Variables cannot expand to more than a machine holds`() {
    let value = String(repeating: "x", count: 1000)
    let uses = String(repeating: "${a}", count: 5000)
    let text =
      "kind: Environment\nname: e\nvariables: {a: \(value)}\n---\n"
      + "kind: Collection\nname: c\nvectors: {}\nmetadata: {a: '\(uses)'}\n"
    #expect(codes(text, "e") == ["M244:8"])
    let many = (0..<40_000).map { "  k\($0): ${a}" }.joined(separator: "\n")
    let wide =
      "kind: Environment\nname: e\nvariables: {a: \(value)}\n---\n"
      + "kind: Collection\nname: c\nvectors: {}\nmetadata:\n\(many)\n"
    #expect(Set(load(wide, "e").diagnostics.map(\.code)) == ["M244"])
  }

  private static let small = "kind: Collection\nname: a\nvectors: {size: 4, distance: Dot}\n"

  @Test func `Without variables nothing changes without an environment`() throws {
    let environment = "---\nkind: Environment\nname: e\nvariables: {unused: 1}\n"
    #expect(try state(EnvironmentTests.small, nil).collections.count == 1)
    #expect(codes(EnvironmentTests.small + environment, nil) == [])
    #expect(codes(EnvironmentTests.small + environment, "e") == ["M237:7"])
    #expect(codes(EnvironmentTests.small + environment, "f") == ["M233:0"])
  }

  @Test(arguments: [
    ("shard_number: ${b}", "variables: {a: 1}", ["M234:4"]),
    ("shard_number: ${env:HOME}", "variables: {a: 1}", ["M236:4"]),
    ("shard_number: ${a", "variables: {a: 1}", ["M236:4"]),
    ("metadata: {'${a}': 1}", "variables: {a: 1}", ["M236:4"]),
    ("shard_number: ${a}", "variables: {a: two}", ["M102:4"]),
    ("shard_number: 1${a}", "variables: {a: 1}", ["M112:4"]),
    ("shard_number: ${a}", "variables: {a: [1]}", ["M102:8", "M234:4"]),
    ("shard_number: ${a}", "variables: {a: \"${b}\"}", ["M234:4", "M236:8"]),
    ("", "overlays: [{match: {name: b}, set: {shard_number: 1}}]", ["M238:8"]),
    ("", "overlays: [{match: {name: a}, set: {shard_numbr: 1}}]", ["M101:8"]),
    ("", "overlays: [{match: {nam: a}, set: {shard_number: 1}}]", ["M101:8", "M107:8"]),
    ("", "overlays: [{match: {name: a}, sett: {}}]", ["M101:8", "M107:8"]),
    ("", "overlays: [{match: {name: a}, set: {name: b}}]", ["M108:8"]),
    ("", "overlays: [{match: {kind: Key, name: a}, set: {}}]", ["M114:8"]),
    ("", "overlays: [{match: {labels: {x: y}}, set: {}}]", ["M238:8"]),
    ("labels: {x: y}", "overlays: [{match: {labels: {x: y}}, set: {}}]", []),
    ("labels: x", "", ["M119:4"]),
    ("labels: {x: [y]}", "", ["M119:4"]),
    ("", "overlays: {a: b}", ["M119:8"]),
    ("", "clusters: prod", ["M203:8"]),
    ("", "variable: {a: 1}", ["M101:8"]),
    (
      "metadata: {a: {b: 1}}", "overlays: [{match: {name: a}, set: {metadata: {a: x}}}]",
      ["M232:8"]
    ),
    (
      "cluster: default",
      "overlays: [{match: {name: a}, set: {quantization_config: disabled}}]", []
    ),
  ])
  func `What is wrong with variables and overlays is told where it stands`(
    line: String, environment: String, expected: [String]
  ) {
    let text =
      EnvironmentTests.small + line + "\n---\nkind: Environment\nname: e\n" + environment + "\n"
    #expect(codes(text, "e").sorted() == expected.sorted())
  }
}

/// Environments that nobody asked for.
@Suite struct UnselectedEnvironmentTests {
  private func codes(_ environments: String) -> [String] {
    let text = """
      kind: Cluster
      name: here
      url: http://127.0.0.1:6333
      ---
      kind: Collection
      name: a
      vectors: {size: 2, distance: Dot}
      ---

      """
    return load(text + environments).diagnostics.map { "\($0.code):\($0.span?.line ?? 0)" }
  }

  @Test(arguments: [
    ("clusters: [here, ther]", ["M203:11"]),
    ("clusters: {labels: {tier: x}}", ["M218:11"]),
    ("clusters: here", []),
    ("overlays: [{match: {name: a}, set: {hnsw_config: {ef_constrct: 200}}}]", ["M101:11"]),
    ("overlays: [{match: {name: a}, set: {hnsw_config: {ef_construct: 1}}}]", ["M104:11"]),
    ("overlays: [{match: {name: a}, set: {hnsw_config: {ef_construct: 100}}}]", []),
    ("overlays: [{match: {name: z}, set: {vectors: {dense: {on_disk: true}}}}]", []),
    ("overlays: [{match: {kind: Cluster, name: here}, set: {wvae: 2}}]", ["M101:11"]),
    ("overlays: [{match: {kind: Cluster, name: here}, set: {api_key: k}}]", ["M120:11"]),
    ("overlays: [{match: {kind: Cluster, name: here}, set: {wave: 2}}]", []),
    ("overlays: [{match: {name: a}, set: {shard_number: \"${n}\"}}]", ["M234:11"]),
    (
      "variables: {n: 2}\noverlays: [{match: {name: a}, set: {shard_number: \"${n}\"}}]", []
    ),
  ])
  func `They are looked at too, as far as they can be by themselves`(
    lines: String, wanted: [String]
  ) {
    #expect(codes("kind: Environment\nname: prod\n\(lines)\n") == wanted)
  }

  @Test func `What two of them have wrong is told for each, and once`() {
    let one = "kind: Environment\nname: %\nclusters: ther\n---\n"
    let text = one.replacing("%", with: "dev") + one.replacing("%", with: "prod")
    #expect(codes(text + "kind: Environment\nname: ok\n") == ["M203:11", "M203:15"])
  }

  /// A collection with a variable and a slip, under two environments.
  private func codes(size: String, in environments: [String]) -> [String] {
    let text = environments.enumerated().map { index, variables in
      "kind: Environment\nname: e\(index)\nvariables: {\(variables)}\n---\n"
    }
    return codes(
      text.joined()
        + "kind: Collection\nname: b\nvectors: {size: \"\(size)\", distance: Dot}\nshrad: 1\n")
  }

  @Test func `What has variables is looked at under each of them`() {
    // That an environment is needed (M235) hides nothing.
    #expect(codes(size: "${n}", in: ["n: 2", "n: 3"]) == ["M235:19", "M101:20"])
    #expect(codes(size: "${n}", in: ["n: 2", "n: 0"]) == ["M104:19", "M235:19", "M101:20"])
    #expect(codes(size: "${n}", in: ["n: 2", "m: 3"]) == ["M234:19", "M235:19", "M101:20"])
    #expect(codes(size: "${k}", in: ["n: 2", "n: 3"]) == ["M234:19"])
  }
}
