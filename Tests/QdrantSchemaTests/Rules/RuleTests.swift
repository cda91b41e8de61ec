import Diagnostics
import JSON
import QdrantSchema
import ResourceModel
import Testing

/// A collection with what a rule says of it.
struct RuleCase: CustomTestStringConvertible, Sendable {
  var sample: Sample
  var code: String
  var severity: Diagnostic.Severity
  /// The path whose value the diagnostic points to.
  var path: String

  var testDescription: String { "\(code) in \(sample.testDescription)" }

  static func error(_ code: String, at path: String, _ sample: Sample) -> RuleCase {
    RuleCase(sample: sample, code: code, severity: .error, path: path)
  }

  static func warning(_ code: String, at path: String, _ sample: Sample) -> RuleCase {
    RuleCase(sample: sample, code: code, severity: .warning, path: path)
  }
}

@Suite struct `Rules` {
  @Test(arguments: RuleCase.wrong)
  func `a rule tells what is wrong, once and at its place`(_ test: RuleCase) throws {
    let found = QdrantResources.check(test.sample.collection)
    let diagnostic = try #require(found.first)
    #expect(found.count == 1)
    #expect(diagnostic.code == test.code)
    #expect(diagnostic.severity == test.severity)
    #expect(diagnostic.span?.line == test.sample.line(test.path))
  }

  @Test(arguments: RuleCase.right)
  func `a rule keeps quiet where nothing is wrong`(_ sample: Sample) {
    #expect(QdrantResources.check(sample.collection) == [])
  }

  @Test(arguments: RuleCase.wrong)
  func `a message is one sentence that says what was expected`(_ test: RuleCase) {
    for diagnostic in QdrantResources.check(test.sample.collection) {
      #expect(diagnostic.message.hasPrefix("expected "))
      #expect(!diagnostic.message.hasSuffix("."))
      #expect(diagnostic.hint?.hasSuffix(".") == false)
    }
  }

  @Test(arguments: RuleCase.wrong)
  func `nothing is said of a collection that is to be absent`(_ test: RuleCase) {
    var collection = test.sample.collection
    collection.isPresent = false
    #expect(QdrantResources.check(collection) == [])
  }

  @Test func `every rule has a code of its own and a case that breaks it`() {
    let codes = QdrantResources.rules.map(\.code)
    #expect(Set(codes).count == codes.count)
    #expect(codes == codes.sorted())
    #expect(Set(RuleCase.wrong.map(\.code)) == Set(codes))
  }

  @Test func `what is wrong is told in the order of its places`() {
    let sample = Sample([
      "index.a.type": "keyword", "index.a.range": true, "hnsw_config.m": 0,
      "write_consistency_factor": 3, "replication_factor": 2,
    ])
    #expect(QdrantResources.check(sample.collection).map(\.code) == ["M312", "M308", "M302"])
  }

  @Test func `every path of the samples has a row`() {
    for sample in RuleCase.wrong.map(\.sample) + RuleCase.right {
      let collection = sample.collection
      let fields = collection.fields.count + collection.children.reduce(0) { $0 + $1.fields.count }
      let bare = sample.lines.filter { line in
        FieldPath(line.path).segments.count == 2
          && ["index", "shard_key", "vectors", "sparse_vectors"]
            .contains(FieldPath(line.path).segments[0].string)
      }
      #expect(fields == sample.lines.count - bare.count, "\(sample.testDescription)")
    }
  }
}

@Suite struct `Secrets in metadata` {
  @Test func `the value stands nowhere in what is told`() throws {
    let value = "correct-horse-battery"
    let sample = Sample(["metadata.auth": ["password": .string(value)]])
    let diagnostic = try #require(QdrantResources.check(sample.collection).first)
    #expect(diagnostic.message.hasSuffix("metadata.auth.password"))
    #expect(!"\(diagnostic)".contains(value))
  }
}
