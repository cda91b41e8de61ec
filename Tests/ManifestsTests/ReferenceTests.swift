import Diagnostics
import JSON
import Manifests
import QdrantSchema
import ResourceModel
import TestSupport
import Testing

@Suite struct ReferenceTests {
  private static let clusters = """
    kind: Cluster
    name: eu
    url: http://localhost:6333
    labels: {env: prod, region: eu}
    ---
    kind: Cluster
    name: us
    url: http://localhost:6334
    labels: {env: prod, region: us}
    ---
    kind: Cluster
    name: lab
    url: http://localhost:6335

    """

  private func addresses(_ selection: String) -> [String]? {
    load(
      [
        ("c.yaml", ReferenceTests.clusters),
        (
          "p.yaml",
          """
          kind: Collection
          name: products
          \(selection)
          vectors: {size: 4, distance: Dot}
          payload_indexes: {a: keyword}
          """
        ),
      ]
    ).state?.collections.map(\.address.description)
  }

  @Test func `A collection lives on the clusters that it names or selects, sorted`() {
    #expect(addresses("cluster: us") == ["collection/products@us"])
    #expect(
      addresses("cluster: [us, eu]") == ["collection/products@eu", "collection/products@us"])
    #expect(
      addresses("cluster: {labels: {env: prod}}")
        == ["collection/products@eu", "collection/products@us"])
    #expect(
      addresses("cluster: {labels: {env: prod, region: us}}") == ["collection/products@us"])
    #expect(addresses("cluster: {labels: {}}") == nil)
    #expect(addresses("cluster: []") == nil)
    #expect(addresses("") == nil)
  }

  @Test func `Children live on the cluster of their collection`() throws {
    let result = load([
      ("c.yaml", ReferenceTests.clusters),
      (
        "p.yaml",
        "kind: Collection\nname: p\ncluster: [eu, us]\nvectors: {}\npayload_indexes: {a: keyword}\n"
      ),
    ])
    let state = try #require(result.state, "\(result.report.text())")
    for collection in state.collections {
      #expect(collection.children.map(\.address.cluster) == [collection.address.cluster])
    }
  }

  @Test func `Without any cluster there is nowhere to live`() {
    let result = ManifestLoader.load(
      sources: [MemorySource("kind: Collection\nname: p\nvectors: {}\n")],
      schema: QdrantResources.schema)
    #expect(result.diagnostics.map(\.code) == ["M217"])
    #expect(result.diagnostics.first?.hint?.contains("QDRANT_URL") == true)
  }

  @Test func `Row 73: a second declaration in another file points to the first one`() throws {
    let text = "kind: Collection\nname: p\nvectors: {}\n"
    let result = load([("b.yaml", text), ("a.yaml", text)])
    let found = try #require(result.diagnostics.first)
    #expect(result.diagnostics.count == 1)
    #expect(result.catalog.path(found.span?.file ?? -1) == "b.yaml")
    #expect(found.related.first.map { result.catalog.path($0.span.file) } == "a.yaml")
  }

  @Test func `One name on two clusters is no duplicate, and two aliases neither`() {
    let text = ["eu", "us"].map {
      "kind: Collection\nname: p\ncluster: \($0)\nvectors: {}\naliases: [live]\n"
    }.joined(separator: "---\n")
    let result = load([("c.yaml", ReferenceTests.clusters), ("p.yaml", text)])
    #expect(result.state?.collections.count == 2, "\(result.report.text())")
  }

  @Test func `A file that cannot be read hides no other mistake and causes none`() {
    let result = load([
      ("a.yaml", "kind: Cluster\nname: eu\nurl: [\n"),
      ("b.yaml", "kind: Collection\nname: p\ncluster: eu\nvectors: {}\nxyz: 1\n"),
    ])
    #expect(result.diagnostics.map(\.code) == ["M023", "M101"])
  }

  @Test func `The order of files and documents does not matter`() throws {
    let documents =
      WholeLanguageTests.manifest.split(separator: "---\n").map(String.init)
      + [
        "kind: Collection\nname: other\nvectors: {size: 4, distance: Dot}\n",
        "kind: Cluster\nname: zz\nurl: http://localhost:1\n",
      ].map { $0.replacing("vectors", with: "cluster: zz\nvectors") }
    func essence(_ documents: [String], split: Bool) throws -> String {
      let files =
        split
        ? documents.enumerated().map { ("f\($0.offset).yaml", $0.element) }
        : [("a.yaml", documents.joined(separator: "\n---\n"))]
      let result = load(files)
      let state = try #require(result.state, "\(result.report.text())")
      func lines(_ resource: DesiredResource) -> [String] {
        [resource.address.description, "\(resource.isPresent) \(resource.lifecycle.ignore)"]
          + resource.fields.map { "\($0.path) \($0.value.text()) \($0.row)" }
          + resource.elements.map { "\($0.path) \($0.isPresent)" }
          + resource.children.flatMap(lines)
      }
      return
        (state.clusters.map(\.name) + [state.workspace.name] + state.collections.flatMap(lines))
        .joined(separator: "\n")
    }
    let first = try essence(documents, split: false)
    var random = SeededRandom(7)
    for round in 0..<20 {
      let shuffled = documents.shuffled(using: &random)
      #expect(try essence(shuffled, split: round % 2 == 0) == first)
    }
  }
}
