import Diagnostics
import JSON
import Manifests
import ResourceModel
import Testing

/// The language with a handful of rows of its own: nothing here knows Qdrant.
@Suite struct SmallSchemaTests {
  private static func row(
    _ path: FieldPattern, _ type: ValueType, presence: FieldSpec.Presence = .optional,
    unset: FieldSpec.Unset = .impossible
  ) -> FieldSpec {
    FieldSpec(
      path, type, presence: presence, mutability: .inPlace, unset: unset, wire: nil,
      summary: "A row.")
  }

  private static let schema = ResourceSchema([
    KindSpec(
      kind: .collection,
      rows: [
        row("count", .integer(1...10)), row("ratio", .number(0...1)), row("flag", .bool),
        row("mode", .oneOf(["Fast", "Slow"], synonyms: ["f": "Fast"])),
        row("either", .integerOr("auto", 1...5)), row("group", .word("off")),
        row("group.one", .object), row("group.one.a", .text(bytes: 1...3), presence: .required),
        row("group.two", .object), row("limits.*.most", .integer(from: 0)),
        row("notes.*", .any, unset: .removes(.null)), row("wait", .duration),
        row("words.list", .list(.oneOf(["x", "y"]))),
        row("parts.*.size", .integer(1...9), presence: .required),
      ],
      elements: [
        ElementSpec(
          container: "parts", kind: .vector, anonymousKeys: ["size"],
          ownEndpointSince: ServerVersion(1, 0), nameBytes: 1...8)
      ],
      exclusive: ["group"], shortForms: ["words": "list"])
  ])

  private func load(_ body: String) -> LoadResult {
    ManifestLoader.load(
      sources: [MemorySource("kind: Collection\nname: a\n" + body + "\n")],
      schema: SmallSchemaTests.schema, implicitCluster: ClusterDeclaration(name: "c"))
  }

  private func fields(_ body: String) throws -> [String] {
    let result = load("parts: {}\n" + body)
    let state = try #require(result.state, "\(result.report.text())")
    return state.collections.flatMap { collection in
      collection.fields.map { "\($0.path)=\($0.value.text())" }
    }
  }

  @Test(arguments: [
    ("count: 10", ["count=10"]), ("ratio: .5", ["ratio=0.5"]), ("ratio: 1", ["ratio=1"]),
    ("ratio: 1.", ["ratio=1.0"]), ("ratio: 1e-3", ["ratio=1e-3"]), ("flag: true", ["flag=true"]),
    ("mode: f", [#"mode="f""#]), ("either: auto", [#"either="auto""#]), ("either: 3", ["either=3"]),
    ("group: off", [#"group="off""#]),
    ("group: {one: {a: abc}}", ["group.one={}", #"group.one.a="abc""#]),
    ("group: {two: {}}", ["group.two={}"]), ("limits: {q: {most: 7}}", ["limits.q.most=7"]),
    ("limits: {b: {most: 1}, a: {most: 2}}", ["limits.a.most=2", "limits.b.most=1"]),
    ("notes: {x: null, y: {z: [1, -0, 007]}}", ["notes.x=null", #"notes.y={"z":[1,-0,"007"]}"#]),
    ("wait: 2h", [#"wait="2h""#]), ("words: x", [#"words.list=["x"]"#]),
    ("words: {list: [y, x]}", [#"words.list=["y","x"]"#]), ("limits: {}", []),
    ("notes: {big: 123456789012345678901234567890}", ["notes.big=123456789012345678901234567890"]),
    ("count: &n 3\neither: *n", ["count=3", "either=3"]),
    ("limits:\n  a: &x {most: 1}\n  b: {<<: *x}", ["limits.a.most=1", "limits.b.most=1"]),
    ("limits: {a: &x {most: 1}, b: {<<: [*x]}}", ["limits.a.most=1", "limits.b.most=1"]),
  ])
  func `Values are read by their rows`(body: String, expected: [String]) throws {
    #expect(try fields(body) == expected)
  }

  @Test(arguments: [
    ("count: 11", "M104", "expected an integer from 1 to 10, found '11'"),
    ("ratio: 1.5", "M104", "expected a number from 0.0 to 1.0, found '1.5'"),
    ("ratio: x", "M102", "expected a number from 0.0 to 1.0, found the text 'x'"),
    ("mode: fast", "M103", "expected one of Fast, Slow, found 'fast'"),
    ("either: atuo", "M103", "expected an integer from 1 to 5 or 'auto', found 'atuo'"),
    ("group: on", "M103", "expected 'off', found 'on'"),
    ("group: [1]", "M119", "expected a mapping, found a list"),
    ("group: {one: {a: abcd}}", "M104", "expected text of at most 3 bytes, found 4 bytes"),
    ("group: {one: {}}", "M107", "missing 'a'"),
    ("words: z", "M103", "expected one of x, y, found 'z'"),
    ("words: {list: {a: 1}}", "M119", "expected a list of one of x, y, found a mapping"),
    ("count: {a: 1}", "M119", "expected an integer from 1 to 10, found a mapping"),
    ("count: true", "M102", "expected an integer from 1 to 10, found the Boolean 'true'"),
    ("parts: [1]", "M119", "expected a mapping, found a list"),
    ("parts: {a: present}", "M119", "expected a mapping or 'absent', found the text 'present'"),
  ])
  func `What does not fit is told, expected before found`(
    body: String, code: String, message: String
  ) throws {
    let result = load(body.hasPrefix("parts") ? body : "parts: {}\n" + body)
    let found = try #require(result.diagnostics.first)
    #expect(result.diagnostics.count == 1, "\(result.report.text())")
    #expect(found.code == code)
    #expect(found.message == message)
  }

  @Test func `A part without a name has the empty name, and its keys decide`() throws {
    let collection = try #require(load("parts: {size: 4}").state?.collections.first)
    #expect(collection.elements.map(\.name) == [""])
    #expect(collection.fields.map(\.path.segments) == [["parts", "", "size"]])
    let named = try #require(load("parts: {size: {size: 4}}").state?.collections.first)
    #expect(named.elements.map(\.name) == ["size"])
  }

  /// Every law over fields is asked once per document, with the resource as written.
  private struct CountRule: Rule {
    let code = "M399"

    func check(_ collection: DesiredResource, schema: ResourceSchema) -> [Diagnostic] {
      collection.fields.filter { $0.path == FieldPath("count") }.map {
        Diagnostic(.warning, code, "count", at: $0.provenance.span)
      }
    }
  }

  @Test func `Rules of the caller see every collection and point into its text`() throws {
    let result = ManifestLoader.load(
      sources: [MemorySource("kind: Collection\nname: a\nparts: {}\ncount: 3\n")],
      schema: SmallSchemaTests.schema, rules: [CountRule()],
      implicitCluster: ClusterDeclaration(name: "c"))
    #expect(result.state != nil)
    #expect(result.diagnostics.map(\.code) == ["M399"])
    #expect(result.report.text().contains("    4 | count: 3\n      |        ^\n"))
  }

  @Test func `Every code has one sentence of documentation`() {
    for code in ManifestCode.allCases {
      #expect(code.documentation.hasSuffix("."))
    }
  }
}
