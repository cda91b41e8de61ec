import Diagnostics
import JSON
import Manifests
import QdrantSchema
import ResourceModel
import Testing

@Suite struct WholeLanguageTests {
  static let manifest = """
    kind: Workspace
    name: acme-search
    state: .qdrant-reconciler
    budgets: {removals: 25%, from: 10}
    ---
    kind: Cluster
    name: prod-eu
    provider: self_hosted
    url: https://qdrant.example.com:6333
    api_key: {env: QDRANT_PROD_KEY}
    read_api_key: {command: [pass, show, read-key]}
    tls: {ca_file: ca.pem}
    labels: {env: prod, region: eu}
    wave: 2
    limits: {concurrent_requests: 8, timeout: 1m}
    ---
    kind: Collection
    name: products
    cluster: prod-eu
    vectors:
      dense: {size: 768, distance: Cosine, on_disk: true}
      colbert: {size: 128, distance: Dot, multivector_config: {comparator: max_sim}}
      old: absent
    sparse_vectors:
      bm25: {modifier: idf}
    shard_number: 2
    sharding_method: custom
    replication_factor: 2
    hnsw_config: {m: 32, ef_construct: 200}
    optimizers_config: {indexing_threshold: 20000, max_optimization_threads: auto}
    quantization_config: {scalar: {type: int8, always_ram: true}}
    metadata: {team: search, owner: null, nested: {a: [1, 2.50, true]}}
    payload_indexes:
      category: keyword
      tenant_id: {type: keyword, is_tenant: true}
      body: {type: text, tokenizer: word, lowercase: true, stopwords: english}
      "topics[].name": keyword
      '"plain"': integer
    aliases: [catalog, {name: catalog-eu}]
    shard_keys: [eu, {key: us, shards_number: 2, placement: [1, 2]}, {key: 7, state: absent}, "7"]
    generations: true
    lifecycle:
      on_delete: snapshot
      on_replace: shadow
      revert_window: 30m
      ignore: [optimizers_config.indexing_threshold, vectors.dense.on_disk]
      unlisted: keep
      gates: [{wait: green, timeout: 30m}]
    """

  private func state(_ text: String = manifest) throws -> DesiredState {
    let result = load(text)
    return try #require(result.state, "\(result.report.text())")
  }

  @Test func `The example of the language decodes without a word`() throws {
    let result = load(WholeLanguageTests.manifest)
    #expect(result.diagnostics.isEmpty, "\(result.report.text())")
  }

  @Test func `Workspace and cluster hold what was written`() throws {
    let state = try state()
    #expect(state.workspace.name == "acme-search")
    #expect(state.workspace.budget.percent == 25)
    let cluster = try #require(state.clusters.first)
    #expect(cluster.name == "prod-eu")
    #expect(cluster.apiKey == .environment("QDRANT_PROD_KEY"))
    #expect(cluster.readAPIKey == .command(["pass", "show", "read-key"]))
    #expect(cluster.caFile == "ca.pem")
    #expect(cluster.labels == ["env": "prod", "region": "eu"])
    #expect(cluster.wave == 2)
    #expect(cluster.concurrentRequests == 8)
    #expect(cluster.timeoutSeconds == 60)
    #expect(cluster.baseFolder == "manifests")
    #expect(cluster.spans["url"]?.line == 9)
  }

  @Test func `Fields are sorted, hold the server's values, and know where they stand`() throws {
    let collection = try #require(try state().collections.first)
    let fields = collection.fields.map { "\($0.path) = \($0.value.text())" }
    #expect(
      fields
        == [
          "hnsw_config.ef_construct = 200", "hnsw_config.m = 32",
          "metadata.nested = {\"a\":[1,2.50,true]}", "metadata.owner = null",
          "metadata.team = \"search\"", "on_disk_payload = true",
          "optimizers_config.indexing_threshold = 20000",
          "optimizers_config.max_optimization_threads = \"auto\"",
          "quantization_config.scalar = {}", "quantization_config.scalar.always_ram = true",
          "quantization_config.scalar.type = \"int8\"", "replication_factor = 2",
          "shard_number = 2", "sharding_method = \"custom\"",
          "sparse_vectors.bm25.modifier = \"idf\"",
          "vectors.colbert.distance = \"Dot\"",
          "vectors.colbert.multivector_config.comparator = \"max_sim\"",
          "vectors.colbert.size = 128", "vectors.dense.distance = \"Cosine\"",
          "vectors.dense.on_disk = true", "vectors.dense.size = 768",
        ].filter { $0 != "on_disk_payload = true" })
    let rows = QdrantResources.schema.kinds[.collection]?.rows ?? []
    for field in collection.fields {
      #expect(rows[field.row].path.names(in: field.path) != nil)
    }
    let m = try #require(collection.field(FieldPath("hnsw_config.m")))
    #expect(m.provenance.span.line == 29)
    #expect(m.provenance.span.column == 18)
  }

  @Test func `Vectors that are mentioned are elements, and 'absent' asks for their removal`() throws
  {
    let collection = try #require(try state().collections.first)
    let elements = collection.elements.map { "\($0.path) \($0.kind) \($0.isPresent)" }
    #expect(
      elements == [
        "sparse_vectors.bm25 sparseVector true", "vectors.colbert vector true",
        "vectors.dense vector true", "vectors.old vector false",
      ])
  }

  @Test func `Indexes, aliases and shard keys are children with addresses of their own`() throws {
    let collection = try #require(try state().collections.first)
    #expect(
      collection.children.map(\.address.local) == [
        "alias/catalog", "alias/catalog-eu", "index/products/body", "index/products/category",
        "index/products/plain", "index/products/tenant_id", "index/products/topics[].name",
        "shard_key/products/\"7\"", "shard_key/products/\"eu\"", "shard_key/products/\"us\"",
        "shard_key/products/7",
      ])
    let body = try #require(collection.children.first { $0.address.name == "body" })
    #expect(
      body.fields.map { "\($0.path) = \($0.value.text())" } == [
        "lowercase = true", "stopwords.languages = [\"english\"]", "tokenizer = \"word\"",
        "type = \"text\"",
      ])
    let seven = collection.children.first { $0.address.name == "7" }
    #expect(seven?.isPresent == false)
    #expect(Set(collection.listedChildren.keys) == [.index, .alias, .shardKey])
    #expect(collection.children.allSatisfy { $0.address.cluster == "prod-eu" })
  }

  @Test func `Lifecycle is decoded whole, and what comes later is kept`() throws {
    let lifecycle = try #require(try state().collections.first).lifecycle
    #expect(lifecycle.onDelete == .snapshot)
    #expect(lifecycle.onReplace == .shadow)
    #expect(lifecycle.unlisted == .keep)
    #expect(
      lifecycle.ignore.map(\.description) == [
        "optimizers_config.indexing_threshold", "vectors.dense.on_disk",
      ])
    #expect(Set(lifecycle.later.map(\.key)) == ["revert_window", "gates", "generations"])
    #expect(lifecycle.provenance(of: "on_delete")?.span.line == 43)
  }
}
