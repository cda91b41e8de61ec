import JSON
import QdrantSchema
import ResourceModel
import Testing

/// A row with the kind that has it, as a test's argument.
struct RowCase: CustomTestStringConvertible, Sendable {
  var kind: ResourceKind
  var row: FieldSpec

  var testDescription: String { "\(kind.rawValue) \(row.path)" }

  static let all = QdrantResources.allRows.map { RowCase(kind: $0.kind, row: $0.row) }
}

@Suite struct `The shape of rows` {
  @Test(arguments: RowCase.all)
  func `a summary is exactly one sentence`(_ test: RowCase) {
    let summary = test.row.summary
    #expect(summary.hasSuffix("."))
    #expect(!summary.dropLast().contains(". "))
    #expect(summary.first?.isUppercase ?? false)
    #expect(!summary.contains("\n") && summary.count <= 160)
  }

  @Test func `no two rows have one path`() {
    for (kind, spec) in QdrantResources.schema.kinds {
      let paths = spec.rows.map(\.path.description)
      #expect(Set(paths).count == paths.count, "\(kind)")
    }
  }

  @Test(arguments: RowCase.all)
  func `only what can be updated has a path in the update`(_ test: RowCase) {
    switch test.row.mutability {
    case .inPlace: #expect(test.row.wire?.update != nil)
    case .replace, .ownEndpoint: #expect(test.row.wire?.update == nil)
    case .local: #expect(test.row.wire == nil)
    }
  }

  @Test(arguments: RowCase.all)
  func `absence comes back only where something can be written`(_ test: RowCase) throws {
    let row = test.row
    switch row.unset {
    case .removes(let value):
      #expect(row.mutability == .inPlace || row.mutability == .ownEndpoint)
      #expect(row.block != nil || row.path.segments.contains(.name) || !value.isNull)
      #expect(row.presence == .optional || row.block != nil)
    case .equals(let value):
      #expect(row.mutability == .inPlace)
      #expect(row.type.accepts(value))
      #expect(row.absentEquals == value)
    case .sameAs(let other):
      #expect(row.mutability == .inPlace && row.absentEquals == nil)
      let target = try #require(
        QdrantResources.schema.kinds[test.kind]?.rows.first { $0.path == other })
      #expect(target.type == row.type)
    case .impossible: #expect(row.mutability == .inPlace || row.mutability == .replace)
    case .neverAbsent: #expect(row.absentEquals == nil)
    }
  }

  @Test(arguments: RowCase.all)
  func `what equals absence is a value of the row`(_ test: RowCase) {
    if let value = test.row.absentEquals { #expect(test.row.type.accepts(value)) }
  }

  @Test(arguments: RowCase.all)
  func `answers and manifests share the tail of the path`(_ test: RowCase) throws {
    let read = try #require(test.row.wire).read.segments
    let tail = test.row.path.segments.last
    #expect(read.last == tail || (test.row.path.segments.count == 1 && read.count == 1))
    let names = { (segments: [FieldPattern.Segment]) in segments.count { $0 == .name } }
    #expect(names(read) == names(test.row.path.segments))
    for path in [test.row.wire?.create, test.row.wire?.update].compactMap({ $0 }) {
      #expect(names(path.segments) == names(test.row.path.segments))
    }
  }

  @Test(arguments: RowCase.all)
  func `a row lies within its block`(_ test: RowCase) {
    if let block = test.row.block { #expect(test.row.path.isWithin(block)) }
  }

  @Test(arguments: RowCase.all)
  func `versions are supported ones and in order`(_ test: RowCase) {
    let row = test.row
    let since = row.since ?? QdrantResources.oldestSupported
    #expect(row.since.map { $0 > QdrantResources.oldestSupported } ?? true)
    if let removed = row.removedIn { #expect(since < removed) }
    if let deprecated = row.deprecated { #expect(since <= deprecated.since) }
    for (word, version) in row.valuesSince {
      #expect(version > since && row.type.accepts(.string(word)))
    }
  }

  @Test(arguments: RowCase.all)
  func `options name types that indexes have`(_ test: RowCase) {
    let type = QdrantResources.schema.row(.index, FieldPath("type"))?.type
    for name in test.row.appliesTo {
      #expect(test.kind == .index && type?.accepts(.string(name)) == true)
    }
  }

  @Test func `every update names a section whose place in the order is known`() throws {
    let spec = try #require(QdrantResources.schema.kinds[.collection])
    let first = Set(spec.rows.compactMap { $0.wire?.update?.description.split(separator: ".")[0] })
    #expect(first == Set(spec.sections.map { $0[...] }))
  }

  @Test func `a group has the same rows at each of its places`() throws {
    let rows = try #require(QdrantResources.schema.kinds[.collection]).rows.map(\.path.description)
    for group in ["hnsw_config", "quantization_config"] {
      let general = rows.filter { $0.hasPrefix(group) }
      #expect(general.count >= 8)
      #expect(
        rows.filter { $0.hasPrefix("vectors.*." + group) } == general.map { "vectors.*." + $0 })
    }
  }

  @Test func `alternatives are markers, and what they hold is part of their block`() throws {
    let spec = try #require(QdrantResources.schema.kinds[.collection])
    for part in spec.exclusive {
      let inside = spec.rows.filter { $0.path.isWithin(part) }
      #expect(inside.allSatisfy { $0.block == part })
      #expect(inside.count { $0.type == .object } == 4)
    }
  }
}
