import Diagnostics
import JSON
import Manifests
import ResourceModel
import Testing

@Suite struct HierarchyTests {
  static let clusters = """
    kind: Cluster
    name: dev
    url: http://127.0.0.1:6333
    ---
    kind: Cluster
    name: prod-eu
    url: https://eu.example.com:6333
    labels: {env: prod}
    ---
    kind: Class
    name: base
    vectors: {size: 8, distance: Cosine}
    replication_factor: 2
    ---
    kind: Class
    name: large
    vectors: {size: 768}
    ---

    """

  static let documents = """
    kind: Hierarchy
    name: documents
    levels:
      - {name: env, place: cluster, values: [dev, prod], clusters: {prod: {labels: {env: prod}}}}
      - {name: domain, place: name, pattern: "[a-z][a-z0-9-]{1,30}"}
      - {name: corpus, place: name, pattern: "[a-z][a-z0-9-]{1,30}"}
      - {name: tenant, place: payload, field: tenant_id}
      - {name: region, place: shard_key, values: [eu, 1]}
    names:
      collection: "{domain}.{corpus}"
      alias: "{domain}.{corpus}.current"
    class: base
    tree:
      legal:
        on_disk_payload: true
        contracts: {class: large}
        rulings: {}
      support:
        tickets: {vectors: {size: 1536}, aliases: [tickets]}

    """

  private func state(_ text: String) throws -> (DesiredState, Hierarchy) {
    let result = load(text)
    let state = try #require(result.state, "\(result.report.text())")
    return (state, try #require(result.hierarchies.first))
  }

  @Test func `A tree becomes the collections that somebody would have written`() throws {
    let (tree, _) = try state(HierarchyTests.clusters + HierarchyTests.documents)
    let (written, _) = try state(
      HierarchyTests.clusters
        + [
          ("legal.contracts", "on_disk_payload: true\nvectors: {size: 768}", ""),
          ("legal.rulings", "on_disk_payload: true", ""),
          ("support.tickets", "vectors: {size: 1536}", "tickets, "),
        ].map { name, fields, alias in
          """
          kind: Collection
          name: \(name)
          class: base
          cluster: [dev, prod-eu]
          \(fields)
          sharding_method: custom
          shard_keys: [eu, 1]
          payload_indexes: {tenant_id: {type: keyword, is_tenant: true}}
          aliases: [\(alias)\(name).current]
          ---

          """
        }.joined()
        + "kind: Hierarchy\nname: h\nlevels: [{name: a, place: name, values: [x]}]\n"
        + "names: {collection: \"{a}\"}\n")
    #expect(tree.collections.map(\.essence) == written.collections.map(\.essence))
    #expect(tree.collections.count == 6)
  }

  @Test func `Values remember level, class and node`() throws {
    let (state, _) = try state(HierarchyTests.clusters + HierarchyTests.documents)
    let contracts = state.collections[0]
    func chain(_ path: [ExactString]) throws -> [String] {
      let field = try #require(contracts.field(FieldPath(path)))
      return field.provenance.contributors.map(\.description)
    }
    #expect(try chain(["vectors", "", "size"]) == ["class base", "class large"])
    #expect(try chain(["on_disk_payload"]) == ["tree node legal"])
    #expect(try chain(["sharding_method"]) == ["level region of hierarchy documents"])
    #expect(contracts.chain.map(\.description).first == "tree node legal/contracts")
    let alias = try #require(contracts.children.first { $0.address.kind == .alias })
    #expect(alias.chain.map(\.description).last == "template of hierarchy documents")
    let index = try #require(contracts.children.first { $0.address.kind == .index })
    #expect(index.chain.map(\.description) == ["level tenant of hierarchy documents"])
  }

  @Test(arguments: [
    ("prod/legal/contracts/acme/eu", "prod-eu legal.contracts legal.contracts.current \"eu\" acme"),
    ("dev/support/tickets/a/1", "dev support.tickets support.tickets.current 1 a"),
    ("dev/legal/rulings", "dev legal.rulings legal.rulings.current - -"),
  ])
  func `A path is located`(path: String, expected: String) throws {
    let (state, hierarchy) = try state(HierarchyTests.clusters + HierarchyTests.documents)
    let place = try hierarchy.locate(path, clusters: state.clusters)
    let tenant = place.filter?["must"]?.array?.first?["match"]?["value"]?.string
    #expect(place.filter == nil || place.filter?["must"]?.array?.first?["key"] == "tenant_id")
    let told = [
      place.clusters.joined(separator: ","), place.collection, place.alias ?? "-",
      place.shardKey?.text() ?? "-", tenant ?? "-",
    ].joined(separator: " ")
    #expect(told == expected)
    #expect(hierarchy.path(of: place.collection)?.split(separator: "/").count == 5)
  }

  @Test(arguments: [
    ("prod/legal", "has the form env/domain/corpus/tenant/region"),
    ("prod/legal/contracts/a/eu/x", "has the form"), ("test/legal/contracts", "it takes dev, prod"),
    ("dev/Legal/contracts", "it takes what fits"), ("dev/legal/other", "has no node legal/other"),
    ("dev/legal/contracts//eu", "'tenant' does not take ''"),
  ])
  func `A path that is none is told why`(path: String, words: String) throws {
    let (state, hierarchy) = try state(HierarchyTests.clusters + HierarchyTests.documents)
    do throws(Hierarchy.Problem) {
      _ = try hierarchy.locate(path, clusters: state.clusters)
      Issue.record("it was located")
    } catch {
      #expect(error.message.contains(words), "\(error.message)")
    }
  }

  @Test func `Every collection is found back from its name, and from its alias`() throws {
    let (state, hierarchy) = try state(HierarchyTests.clusters + HierarchyTests.documents)
    for collection in state.collections {
      let name = collection.address.collection.string
      let path = try #require(hierarchy.path(of: name))
      #expect(path == "*/" + name.replacing(".", with: "/") + "/*/*")
      #expect(hierarchy.path(of: name + ".current") == path)
    }
    #expect(hierarchy.path(of: "other") == nil)
  }

  /// A hierarchy of one file: levels, template, tree.
  private func codes(_ levels: String, _ template: String, _ tree: String) -> [String] {
    let result = load(
      "kind: Hierarchy\nname: h\nlevels: [\(levels)]\nnames: {collection: \"\(template)\"}\n"
        + "class: c\ntree: \(tree)\n---\nkind: Class\nname: c\n"
        + "vectors: {size: 4, distance: Dot}\n")
    return result.diagnostics.map { "\($0.code):\($0.span?.line ?? 0)" }
  }

  private static let one = "{name: a, place: name, pattern: \"[a-z]+\"}"
  private static let two = one + ", {name: b, place: name, values: [x, y-z]}"

  @Test(arguments: [
    (two, "{a}.{b}", "{m: {x: {}, y-z: {}}}", []),
    (two, "{a}-{b}", "{}", ["M243:3"]), (two, "{a}{b}", "{}", ["M243:4"]),
    (two, "{a}x{b}", "{}", ["M243:3"]), (two, "{a}", "{}", ["M242:4"]),
    (two, "{a}.{c}", "{}", ["M242:4"]), (two, "{a}.{b", "{}", ["M242:4"]),
    (two, "{a}.{b}.{a}", "{}", ["M242:4"]), (two, "{a}.{b}", "{M: {x: {}}}", ["M241:6"]),
    (two, "{a}.{b}", "{m: {z: {}}}", ["M241:6"]), (two, "{a}.{b}", "{m: {x: }}", ["M105:6"]),
    (two, "{a}.{b}", "{m: {x: {other_x: {}}}}", ["M101:6"]),
    (two, "{a}.{b}", "{m: {x: {name: n}}}", ["M108:6"]),
    (one, "{a}:x", "{m: {}}", ["M208:6"]), (one, "_qr_{a}", "{m: {}}", ["M212:6"]),
    (one, "{a}", "{m: {class: d}}", ["M230:6"]),
    ("{name: a, place: name}", "{a}", "{}", ["M107:3"]),
    ("{name: a, place: names, values: [x]}", "{a}", "{}", ["M103:3"]),
    ("{name: a, place: name, values: [x, x]}", "{a}", "{}", ["M219:3"]),
    ("{name: a, place: name, values: [vectors]}", "{a}", "{}", ["M240:3"]),
    ("{name: a, place: name, pattern: \"[a\"}", "{a}", "{}", ["M240:3"]),
    ("{name: a, place: name, values: [x], pattern: x}", "{a}", "{}", ["M109:3"]),
    ("{name: a, place: name, values: [x], field: x}", "{a}", "{}", ["M108:3"]),
    (one + ", {name: t, place: payload}", "{a}", "{}", ["M107:3"]),
    (one + ", {name: t, place: cluster, pattern: x}", "{a}", "{}", ["M107:3"]),
    (one + ", {name: t, place: cluster, values: [x]}", "{a}", "{m: {}}", ["M203:3"]),
    (one + ", {name: t, place: cluster, values: [default]}", "{a}.{t}", "{}", ["M242:4"]),
    (one + ", {name: t, place: cluster, values: [default]}", "{a}", "{m: {}}", []),
    (
      one + ", {name: t, place: cluster, values: [default, x], clusters: {x: default}}", "{a}",
      "{m: {}}", ["M240:3"]
    ),
  ])
  func `What is wrong with a hierarchy is told where it stands`(
    levels: String, template: String, tree: String, expected: [String]
  ) {
    #expect(codes(levels, template, tree) == expected)
  }

  @Test func `Collisions show both positions`() throws {
    let tree =
      "kind: Hierarchy\nname: h\nlevels: [{name: a, place: name, values: [x, \"e\\u0301\"]}]\n"
      + "names: {collection: \"{a}\", alias: \"{a}.now\"}\n"
      + "tree:\n  x: {vectors: {}}\n  e\u{301}: {vectors: {}}\n---\n"
    func collection(_ name: String) -> String {
      "kind: Collection\nname: \(name)\nvectors: {}\n"
    }
    for (name, code, line) in [
      ("x", "M201", 6), ("x.now", "M205", 6), ("\u{e9}", "M210", 7),
    ] {
      let result = load(tree + collection(name))
      let told = try #require(result.diagnostics.first)
      #expect(result.diagnostics.count == 1)
      #expect(told.code == code)
      let lines = Set([told.span?.line, told.related.first?.span.line].compactMap(\.self))
      #expect(lines == [Int32(line), 10])
    }
  }

  @Test(arguments: [
    ("[a-z][a-z0-9-]{1,3}", ["ab", "a-9z"], ["a", "abcde", "Ab", ""]),
    ("a|bc?|(de)+", ["a", "b", "bc", "dede"], ["", "ab", "ded"]),
    (#"\d{2,}\.\w"#, ["12.x", "123._"], ["1.x", "12x", "12.-"]),
    ("[^.]*", ["x", "ab c"], ["a.b"]), (".", ["é", "."], ["", "ab"]),
    ("(a*)*b", ["b", "aab"], ["a"]), ("x{0}y", ["y"], ["xy"]),
  ])
  func `Patterns describe whole texts`(pattern: String, good: [String], bad: [String]) throws {
    for (text, isGood) in good.map({ ($0, true) }) + bad.map({ ($0, false) }) {
      let codes = codes(
        "{name: a, place: payload, field: f, pattern: '\(pattern)'}", "n", "{}")
      #expect(codes == [])
      let result = load(
        "kind: Hierarchy\nname: h\nlevels: [{name: a, place: payload, field: f, "
          + "pattern: '\(pattern)'}]\nnames: {collection: n}\ntree: {vectors: {}}\n")
      let located = try? result.hierarchies[0].locate(text, clusters: [])
      #expect((located != nil) == isGood, "\(pattern) \(text)")
    }
  }

  @Test(arguments: [
    "(((x{255}){255}){255}){255}", "((((){255}){255}){255}){255}", "a{2,1}", "*", "(", ")", "[]",
    #"\q"#, "^a", "a$", "[z-a]", String(repeating: "(", count: 50),
  ])
  func `A pattern that is none, or too large, is told`(pattern: String) {
    #expect(
      codes("{name: a, place: payload, field: f, pattern: '\(pattern)'}", "n", "{}") == ["M240:3"])
  }

  @Test func `A pattern that other matchers choke on is quick`() throws {
    let text = String(repeating: "a", count: 5_000)
    let result = load(
      "kind: Hierarchy\nname: h\nlevels: [{name: a, place: payload, field: f, "
        + "pattern: '(a*)*(a|aa)+(a?){50}b'}]\nnames: {collection: n}\ntree: {vectors: {}}\n")
    let hierarchy = try #require(result.hierarchies.first)
    #expect((try? hierarchy.locate(text, clusters: [])) == nil)
    #expect((try? hierarchy.locate(text + "b", clusters: [])) != nil)
  }
}
