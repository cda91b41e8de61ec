import Diagnostics
import JSON
import Manifests
import ResourceModel
import Testing

@Suite struct ClassTests {
  private func state(_ text: String) throws -> DesiredState {
    let result = load(text)
    return try #require(result.state, "\(result.report.text())")
  }

  /// What is asked of each collection, without places.
  private func essence(_ text: String) throws -> [String] {
    try state(text).collections.map(\.essence)
  }

  private static let classes = """
    kind: Class
    name: base
    replication_factor: 2
    hnsw_config: {m: 16, ef_construct: 100}
    quantization_config: {scalar: {type: int8}}
    metadata: {team: search, owner: null}
    payload_indexes:
      tenant_id: {type: keyword, is_tenant: true}
      category: keyword
    aliases: [one, two]
    ---
    kind: Class
    name: dense
    class: base
    vectors:
      dense: {size: 768, distance: Cosine}
    hnsw_config: {m: 24}
    ---
    kind: Class
    name: quiet
    hnsw_config: {ef_construct: 64}
    lifecycle: {unlisted: keep}
    ---

    """

  @Test func `Classes are merged left to right, then the own fields`() throws {
    let merged = try essence(
      ClassTests.classes + """
        kind: Collection
        name: products
        class: [dense, quiet]
        vectors: {dense: {on_disk: true}}
        replication_factor: 3
        payload_indexes: {category: {on_disk: true}, price: float}
        aliases: [three]
        """)
    let written = try essence(
      """
      kind: Collection
      name: products
      vectors: {dense: {size: 768, distance: Cosine, on_disk: true}}
      replication_factor: 3
      hnsw_config: {m: 24, ef_construct: 64}
      quantization_config: {scalar: {type: int8}}
      metadata: {team: search, owner: null}
      payload_indexes:
        tenant_id: {type: keyword, is_tenant: true}
        category: {type: keyword, on_disk: true}
        price: float
      aliases: [three]
      lifecycle: {unlisted: keep}
      """)
    #expect(merged == written)
  }

  @Test func `The upper alternative replaces the lower one, and a word resets`() throws {
    let text = ClassTests.classes
    func quantization(_ own: String) throws -> [String] {
      try state(
        text + "kind: Collection\nname: p\nclass: dense\nquantization_config: " + own + "\n"
      ).collections[0].fields.filter { $0.path.segments[0] == "quantization_config" }
        .map { "\($0.path)=\($0.value.text())" }
    }
    let disabled = try quantization("disabled")
    #expect(disabled == [#"quantization_config="disabled""#])
    let binary = try quantization("{binary: {always_ram: true}}")
    #expect(
      binary == ["quantization_config.binary={}", "quantization_config.binary.always_ram=true"])
    let scalar = try quantization("{scalar: {quantile: 0.9}}")
    #expect(
      scalar == [
        "quantization_config.scalar={}", "quantization_config.scalar.quantile=0.9",
        #"quantization_config.scalar.type="int8""#,
      ])
  }

  @Test func `Lists are complete when a class mentions them`() throws {
    let collection = try state(
      ClassTests.classes + "kind: Collection\nname: p\nclass: dense\n"
    ).collections[0]
    #expect(Set(collection.listedChildren.keys) == [.index, .alias])
    let text = "\(try #require(collection.field(FieldPath("metadata.owner"))).value.text())"
    #expect(text == "null")
  }

  @Test func `Every value remembers who said something about it`() throws {
    let collection = try state(
      ClassTests.classes + """
        kind: Collection
        name: products
        class: [dense, quiet]
        replication_factor: 3
        """
    ).collections[0]
    func chain(_ path: String) throws -> [String] {
      let field = try #require(collection.field(FieldPath(path)))
      return field.provenance.contributors.map { "\($0.description):\($0.span.line)" }
    }
    #expect(try chain("hnsw_config.m") == ["class base:4", "class dense:17"])
    #expect(try chain("hnsw_config.ef_construct") == ["class base:4", "class quiet:21"])
    #expect(try chain("replication_factor") == ["class base:3", "own:27"])
    #expect(try chain("vectors.dense.size") == ["class dense:16"])
    #expect(collection.elements[0].chain.map(\.description) == ["class dense"])
    let alias = try #require(collection.children.first { $0.address.kind == .alias })
    #expect(alias.provenance.contributors.map(\.description) == ["class base"])
    #expect(alias.span.line == 10)
  }

  @Test func `A circle of classes shows every place that closes it`() throws {
    let result = load(
      "kind: Class\nname: a\nclass: b\n---\nkind: Class\nname: b\nclass: [c]\n---\n"
        + "kind: Class\nname: c\nclass: a\n---\nkind: Collection\nname: p\nclass: [b]\n")
    #expect(result.diagnostics.count == 1)
    let told = try #require(result.diagnostics.first)
    #expect(told.message.hasSuffix("a → b → c → a"))
    #expect(told.span?.line == 11)
    #expect(told.related.map(\.span.line) == [3, 7])
  }

  @Test func `A wrong value of a class is told once, however many build on it`() {
    var text = "kind: Class\nname: base\nvectors: {size: 0, distance: Cosine}\n"
    for number in 0..<50 { text += "---\nkind: Collection\nname: c\(number)\nclass: base\n" }
    let result = load(text)
    #expect(result.diagnostics.map(\.code) == ["M104"])
    #expect(result.diagnostics.first?.span?.line == 3)
  }

  @Test func `Classes that build on each other in many ways are put together once each`() throws {
    var text = "kind: Class\nname: c0\nvectors: {size: 4, distance: Cosine}\n"
    text += "---\nkind: Class\nname: d0\nvectors: {size: 4}\n"
    for number in 1..<40 {
      for letter in ["c", "d"] {
        text += "---\nkind: Class\nname: \(letter)\(number)\n"
        text += "class: [c\(number - 1), d\(number - 1)]\n"
      }
    }
    text += "---\nkind: Collection\nname: p\nclass: c39\n"
    #expect(try state(text).collections.count == 1)
  }
}

extension DesiredResource {
  /// What is asked for, without places, one line a part.
  var essence: String {
    let fields = fields.map { "\($0.path)=\($0.value.text())" }
    let elements = elements.map { "\($0.path):\($0.isPresent)" }
    let lists = listedChildren.keys.map(\.rawValue).sorted()
    return "\(address) \(isPresent) \(fields) \(elements) \(lists) \(lifecycle.onDelete)"
      + " \(lifecycle.unlisted) \(lifecycle.ignore) [" + children.map(\.essence).joined() + "]"
  }
}
