import Diagnostics
import JSON
import Manifests
import QdrantSchema
import ResourceModel
import Testing

/// Overlays that match by labels: a collection's own, and those of the cluster that it is on.
@Suite struct OverlayLabelTests {
  private static let clusters = """
    {kind: Cluster, name: dev, url: "http://127.0.0.1:6333", labels: {env: dev}}
    ---
    {kind: Cluster, name: eu, url: "https://eu.example.com", labels: {env: prod, region: eu}}
    ---
    {kind: Cluster, name: us, url: "https://us.example.com", labels: {env: prod, region: us}}
    ---

    """

  private func load(_ overlays: String, _ documents: String, more: String = "") -> LoadResult {
    let environment = "kind: Environment\nname: e\n\(more)overlays:\n\(overlays)"
    return ManifestLoader.load(
      sources: [MemorySource(OverlayLabelTests.clusters + environment + documents)],
      schema: QdrantResources.schema, rules: QdrantResources.rules, environment: "e")
  }

  private func collection(_ name: String, _ more: String) -> String {
    "---\nkind: Collection\nname: \(name)\nvectors: {size: 2, distance: Dot}\n\(more)\n"
  }

  /// The number of copies of every collection, `-` where nothing says it.
  private func copies(_ result: LoadResult) throws -> [String: String] {
    let state = try #require(result.state, "\(result.report.text())")
    return Dictionary(
      state.collections.map { collection in
        (
          collection.address.description.replacing("collection/", with: ""),
          collection.field(.replicationFactor)?.value.text() ?? "-"
        )
      }, uniquingKeysWith: { "\($0), \($1)" })
  }

  private static let prod =
    "  - match: {kind: Collection, labels: {env: prod}}\n    set: {replication_factor: 3}\n"

  @Test func `A label of the cluster changes a collection on that cluster only`() throws {
    let result = load(
      OverlayLabelTests.prod,
      collection("a", "cluster: [dev, eu, us]") + collection("b", "cluster: dev")
        + collection("c", "cluster: {labels: {region: us}}"))
    #expect(result.diagnostics.isEmpty, "\(result.report.text())")
    #expect(
      try copies(result) == ["a@dev": "-", "a@eu": "3", "a@us": "3", "b@dev": "-", "c@us": "3"])
    let provenance = try #require(
      result.state?.collections.first { $0.address.cluster == "eu" }?.field(.replicationFactor)?
        .provenance)
    #expect(provenance.chain.map(\.description) == ["overlay of environment e"])
  }

  @Test func `A label of its own counts on every cluster, also from a class`() throws {
    let result = load(
      OverlayLabelTests.prod,
      "---\nkind: Class\nname: live\nlabels: {env: prod}\n"
        + collection("a", "cluster: [dev, eu]\nlabels: {env: prod}")
        + collection("b", "cluster: dev\nclass: live")
        + collection("c", "cluster: dev\nclass: live\nlabels: {env: test}"))
    #expect(try copies(result) == ["a@dev": "3", "a@eu": "3", "b@dev": "3", "c@dev": "-"])
  }

  @Test func `Of several labels one may be its own and another the cluster's`() throws {
    let overlay =
      "  - match: {name: \"s*\", labels: {team: search, region: eu}}\n"
      + "    set: {replication_factor: 2}\n"
    let result = load(
      overlay,
      collection("s1", "cluster: [dev, eu, us]\nlabels: {team: search}")
        + collection("s2", "cluster: eu\nlabels: {team: other}")
        + collection("t", "cluster: eu\nlabels: {team: search}"))
    #expect(
      try copies(result) == ["s1@dev": "-", "s1@eu": "2", "s1@us": "-", "s2@eu": "-", "t@eu": "-"])
  }

  @Test func `Overlays count in their order, each with the labels that those before it set`()
    throws
  {
    let result = load(
      "  - match: {name: a}\n    set: {labels: {size: big}}\n"
        + "  - match: {labels: {size: big, env: prod}}\n    set: {replication_factor: 2}\n"
        + "  - match: {labels: {region: us}}\n    set: {replication_factor: 3}\n",
      collection("a", "cluster: [dev, eu, us]") + collection("b", "cluster: [eu, us]"))
    #expect(
      try copies(result) == ["a@dev": "-", "a@eu": "2", "a@us": "3", "b@eu": "-", "b@us": "3"])
  }

  @Test func `A leaf of a hierarchy is matched by the cluster that its level says`() throws {
    let result = load(
      OverlayLabelTests.prod,
      """
      ---
      kind: Hierarchy
      name: documents
      levels:
        - {name: stage, place: cluster, values: [dev, eu]}
        - {name: domain, place: name, values: [legal, sales]}
      names: {collection: "{domain}"}
      tree:
        vectors: {size: 2, distance: Dot}
        legal: {}
        sales: {labels: {env: prod}}

      """)
    #expect(
      try copies(result) == ["legal@dev": "-", "legal@eu": "3", "sales@dev": "3", "sales@eu": "3"])
    #expect(result.state?.collections.allSatisfy { $0.leaf != nil } ?? false)
  }

  @Test func `The labels that an overlay gives a cluster count, and only clusters that take part`()
    throws
  {
    let result = load(
      "  - match: {kind: Cluster, name: dev}\n    set: {labels: {env: prod}}\n"
        + OverlayLabelTests.prod,
      collection("a", "cluster: [dev, eu, us]"), more: "clusters: [dev, us]\n")
    #expect(try copies(result) == ["a@dev": "3", "a@us": "3"])
    let idle = load(
      OverlayLabelTests.prod, collection("a", "cluster: [dev, eu]"), more: "clusters: dev\n")
    #expect(idle.diagnostics.map(\.code) == ["M238"], "\(idle.report.text())")
  }

  @Test func `What is wrong is told once, and nothing stands anywhere unsaid`() {
    let unknown = load(OverlayLabelTests.prod, collection("a", "cluster: [dev, eu, nowhere]"))
    #expect(unknown.diagnostics.count == 1, "\(unknown.report.text())")
    let unsaid = load(OverlayLabelTests.prod, collection("a", "labels: {env: prod}"))
    #expect(unsaid.diagnostics.map(\.code) == ["M217"], "\(unsaid.report.text())")
    let invalid = load(
      OverlayLabelTests.prod, collection("a", "cluster: [dev, eu, us]\nshard_number: 0"))
    #expect(invalid.diagnostics.count == 1, "\(invalid.report.text())")
    let overlaid = load(
      OverlayLabelTests.prod.replacing("factor: 3", with: "factor: 0"),
      collection("a", "cluster: [dev, eu, us]"))
    #expect(overlaid.diagnostics.count == 1, "\(overlaid.report.text())")
  }
}
