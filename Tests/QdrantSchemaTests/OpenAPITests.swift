import JSON
import QdrantSchema
import ResourceModel
import Testing

/// A difference that is meant, with its reason.
struct SchemaException {
  var difference: Difference
  var why: String
  static let files = [
    "schema-exceptions.json", "recorded-exceptions.json", "unrecorded.json",
  ]

  /// `1.18.3/single/collections-create-invalid/vectors-size/2`, or the place in the reference.
  var evidence: String

  static func load(
    _ file: String = "schema-exceptions.json"
  ) throws -> [SchemaException] {
    let entries = try #require(try FactFiles.value(file).array)
    return try entries.map { entry in
      func text(_ key: String) throws -> String {
        try #require(entry[key]?.string, "\(key) of \(entry.text())")
      }
      return SchemaException(
        difference: Difference(
          field: try text("field"), aspect: try text("differs"), says: try text("says"),
          row: try text("row"), versions: try text("versions")),
        why: try text("why"), evidence: try text("evidence"))
    }
  }
}

@Suite struct `Rows and OpenAPI files` {
  @Test func `rows say what the files say, but for the exceptions that the table explains`() throws
  {
    let found = Set(SchemaComparison(try OpenAPIFacts.load()).differences())
    let expected = Set(try SchemaException.load().map(\.difference))
    #expect(found.subtracting(expected).sorted() == [], "not explained")
    #expect(expected.subtracting(found).sorted() == [], "explained, but no longer so")
  }

  @Test(arguments: SchemaException.files)
  func `every exception has a reason and evidence`(file: String) throws {
    for exception in try SchemaException.load(file) {
      #expect(exception.why.hasSuffix("."), "\(exception.difference)")
      #expect(!exception.evidence.isEmpty, "\(exception.difference)")
    }
  }

  @Test(arguments: SchemaException.files)
  func `evidence names a recording that is there`(file: String) throws {
    for exception in try SchemaException.load(file) {
      let parts = exception.evidence.split(separator: "/").map(String.init)
      guard parts.count > 2, parts[0...1] == ["1.18.3", "single"] else { continue }
      let scenarios = try Recordings.scenarios(area: parts[2])
      guard parts.count > 3 else { continue }
      let scenario = try #require(scenarios[parts[3]], "\(exception.evidence)")
      if parts.count > 4 { #expect(scenario.contains(parts[4]), "\(exception.evidence)") }
    }
  }

  @Test(arguments: SchemaException.files)
  func `no exception stands twice`(file: String) throws {
    let exceptions = try SchemaException.load(file).map(\.difference)
    #expect(Set(exceptions).count == exceptions.count)
  }

  @Test func `named vectors have requests of their own since the line that the kinds say`() throws {
    let table = try OpenAPIFacts.load()
    let first = try #require(
      table.versions.first { version in
        table.fields.contains { $0.request == .vector && $0.facts[version] != nil }
      })
    let index = try #require(table.versions.firstIndex(of: first))
    let before = try #require(ServerVersion(table.versions[index - 1]))
    let upTo = try #require(ServerVersion(first))
    for element in try #require(QdrantResources.schema.kinds[.collection]).elements {
      #expect(before < element.ownEndpointSince && element.ownEndpointSince <= upTo)
    }
  }
}
