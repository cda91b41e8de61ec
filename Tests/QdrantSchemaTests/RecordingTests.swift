import JSON
import QdrantSchema
import ResourceModel
import Testing

@Suite struct `Rows and recorded servers` {
  /// Whether a version knows a row, and the words in a value.
  private func knows(_ version: String, _ row: FieldSpec, _ value: JSONValue) -> Bool {
    guard let version = ServerVersion(version) else { return false }
    let words = value.array?.compactMap(\.string) ?? value.string.map { [$0] } ?? []
    return (row.since.map { $0 <= version } ?? true)
      && (row.removedIn.map { version < $0 } ?? true)
      && words.allSatisfy { word in row.valuesSince[word].map { $0 <= version } ?? true }
  }

  /// Whether the row takes a value, in the form in which it goes over the wire.
  private func takes(_ row: FieldSpec, _ value: JSONValue) -> Bool {
    if case .word = row.type, case .removes(let word) = row.unset { return value == word }
    return row.type.accepts(value)
  }

  @Test func `rows take what servers took and refuse what they refused`() throws {
    let table = try RecordedFacts.load()
    var rows: [String: FieldSpec] = [:]
    for (kind, row) in QdrantResources.allRows {
      for path in QdrantResources.requestPaths(kind, row) { rows[path] = row }
    }
    var found: Set<Difference> = []
    var compared: [String: Set<Bool>] = [:]
    for verdict in table.verdicts {
      guard let row = rows[verdict.field] else { continue }
      let versions = verdict.versions.filter { knows($0, row, verdict.value) }
      guard !versions.isEmpty else { continue }
      compared[verdict.field, default: []].insert(verdict.isAccepted)
      guard takes(row, verdict.value) != verdict.isAccepted else { continue }
      found.insert(
        Difference(
          field: verdict.field, aspect: "value \(verdict.value.text())",
          says: verdict.isAccepted ? "accepted" : "refused",
          row: verdict.isAccepted ? "refuses" : "accepts", versions: table.run(versions)))
    }
    let expected = Set(try SchemaException.load("recorded-exceptions.json").map(\.difference))
    #expect(found.subtracting(expected).sorted() == [], "not explained")
    #expect(expected.subtracting(found).sorted() == [], "explained, but no longer so")
    #expect(compared.values.count { $0.count == 2 } >= 60, "fields seen accepted and refused")
  }

  @Test func `every path that is read was shown by the versions that have the row, and no older`()
    throws
  {
    let table = try RecordedFacts.load()
    var found: Set<Difference> = []
    for (kind, row) in QdrantResources.allRows {
      guard let read = row.wire?.read.description else { continue }
      let path =
        kind == .index
        ? "payload_schema.*.\(read)" : "\(kind == .shardKey ? "shard-keys.*." : "")\(read)"
      let shown = table.read[path] ?? (row.type == .object ? below(path, table) : nil)
      guard let shown else {
        if case .word = row.type { continue }
        found.insert(
          Difference(
            field: path, aspect: "read", says: "never shown", row: "present", versions: "all"))
        continue
      }
      let early = shown.filter { !knows($0, row, .null) }
      if !early.isEmpty {
        found.insert(
          Difference(
            field: path, aspect: "read", says: "shown", row: "unknown",
            versions: table.run(early)))
      }
    }
    let expected = Set(try SchemaException.load("unrecorded.json").map(\.difference))
      .filter { $0.aspect == "read" }
    #expect(found.subtracting(expected).sorted() == [], "not explained")
    #expect(expected.subtracting(found).sorted() == [], "explained, but no longer so")
  }

  @Test(arguments: [("stopwords", "stopwords.languages"), ("stemmer", "stemmer.language")])
  func `codes of languages mean what answers show for them`(name: String, path: String) throws {
    let row = try #require(QdrantResources.schema.row(.index, FieldPath(path)))
    var type = row.type
    if case .list(let element) = type { type = element }
    guard case .oneOf(_, let synonyms) = type else {
      Issue.record("\(path) has no words")
      return
    }
    #expect(try RecordedFacts.load().codes[name] == synonyms)
  }

  /// Versions that showed anything below a path.
  private func below(_ path: String, _ table: RecordedFacts) -> [String]? {
    let found = Set(table.read.filter { $0.key.hasPrefix(path + ".") }.flatMap(\.value))
    return found.isEmpty ? nil : table.versions.filter(found.contains)
  }

  @Test func `every path that is written was answered with 200 by some version that has the row`()
    throws
  {
    let table = try RecordedFacts.load()
    var found: Set<Difference> = []
    for (kind, row) in QdrantResources.allRows {
      for path in QdrantResources.requestPaths(kind, row) {
        let sent = table.sent.filter {
          $0.key == path || (row.type == .object && $0.key.hasPrefix(path + "."))
        }.flatMap(\.value)
        if sent.contains(where: { knows($0, row, .null) }) { continue }
        found.insert(
          Difference(
            field: path, aspect: "sent", says: "never sent", row: "present", versions: "all"))
      }
    }
    let expected = Set(try SchemaException.load("unrecorded.json").map(\.difference))
      .filter { $0.aspect == "sent" }
    #expect(found.subtracting(expected).sorted() == [], "not explained")
    #expect(expected.subtracting(found).sorted() == [], "explained, but no longer so")
  }
}
