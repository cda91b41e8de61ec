import Commands
import Foundation
import JSON
import Testing

/// `qdrant-plan validate`: against a version, and in the forms for programs.
@Suite struct ValidateTests {
  /// Collections have a cluster without a manifest of their own.
  private static func bench() throws -> CommandBench {
    try CommandBench(environment: ["QDRANT_URL": "http://127.0.0.1:6333"])
  }

  private static let collection = """
    kind: Collection
    name: a
    vectors: {size: 2, distance: Dot}

    """

  @Test(arguments: [
    ("payload: {memory: cold}", "1.16.3", "M401", "payload.memory needs Qdrant 1.19 or later"),
    ("payload: {memory: cold}", "1.18.3", "M401", "payload.memory needs Qdrant 1.19 or later"),
    ("payload: {memory: cold}", "1.19.0", nil, "Valid: 1 collection."),
    ("hnsw_config: {m: 8}", "1.16.3", nil, "Valid: 1 collection."),
    ("metadata: {team: x}", "1.16.3", nil, "Valid: 1 collection."),
  ])
  func `Fields are held against the version of a server`(
    line: String, version: String, code: String?, words: String
  ) async throws {
    let bench = try ValidateTests.bench()
    let text = ValidateTests.collection + line + "\n"
    let result = try await bench.validate(text, "--server", version)
    #expect(result.status == (code == nil ? .success : .invalidManifests), "\(result.output)")
    #expect(result.output.contains(words), "\(result.output)")
    if let code { #expect(result.output.contains(":4:"), "\(code) \(result.output)") }
    if let code { #expect(result.output.contains("error[\(code)]: "), "\(result.output)") }
  }

  @Test(arguments: ["1", "new", "1.16.3.4", "-1.2.3", "\u{1B}[2J"])
  func `A version that is none is usage`(version: String) async throws {
    let bench = try ValidateTests.bench()
    let result = try await bench.validate(ValidateTests.collection, "--server=\(version)")
    #expect(result.status == .usage, "\(result.output)")
    #expect(!result.error.contains("\u{1B}"))
  }

  /// Two findings with places, one with an escape sequence in it.
  private static let wrong = collection + "hnsw_conf: {m: 8}\n\"we\\e[31mird\": 1\n"

  @Test func `JSON holds code, severity, place and message of each finding`() async throws {
    let bench = try ValidateTests.bench()
    let result = try await bench.validate(ValidateTests.wrong, "--format", "json")
    #expect(result.status == .invalidManifests)
    let findings = try JSONParser.parse(result.output).array ?? []
    let first = findings.first { $0["code"]?.string == "M101" }
    #expect(first?["severity"]?.string == "error")
    #expect(first?["line"]?.integer == 4)
    #expect(first?["column"]?.integer == 1)
    #expect(first?["endColumn"]?.integer == 10)
    #expect(first?["byteOffset"]?.integer == ValidateTests.collection.utf8.count)
    #expect(first?["file"]?.string == bench.path("one.yaml"))
    #expect(Set(findings.compactMap { $0["code"]?.string }) == ["M101", "M008"])
    let none = try await bench.validate(ValidateTests.collection, "--format", "json")
    #expect(try JSONParser.parse(none.output).array?.isEmpty ?? false)
  }

  @Test func `SARIF has the schema's version, rules and regions`() async throws {
    let bench = try ValidateTests.bench()
    let result = try await bench.validate(ValidateTests.wrong, "--format", "sarif")
    #expect(result.status == .invalidManifests)
    let document = try JSONParser.parse(result.output)
    #expect(document["version"]?.string == "2.1.0")
    let run = document["runs"]?.array?.first
    #expect(run?["tool"]?["driver"]?["name"]?.string == "qdrant-plan")
    let results = run?["results"]?.array ?? []
    #expect(Set(results.compactMap { $0["ruleId"]?.string }) == ["M101", "M008"])
    let first = results.first { $0["ruleId"]?.string == "M101" }
    #expect(first?["level"]?.string == "error")
    let place = first?["locations"]?.array?.first?["physicalLocation"]
    #expect(place?["region"]?["startLine"]?.integer == 4)
    #expect(place?["artifactLocation"]?["uri"]?.string?.hasSuffix("one.yaml") ?? false)
    let rules = Set(
      (run?["tool"]?["driver"]?["rules"]?.array ?? []).compactMap { $0["id"]?.string })
    #expect(results.allSatisfy { rules.contains($0["ruleId"]?.string ?? "") }, "\(result.output)")
  }

  @Test func `Annotations for GitHub are one line each`() async throws {
    let bench = try ValidateTests.bench()
    let result = try await bench.validate(ValidateTests.wrong, "--format", "github")
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 3, "\(result.output)")
    #expect(lines.allSatisfy { $0.hasPrefix("::error file=") && $0.contains(",line=") })
    #expect(lines[0].contains("line=4,endLine=4,col=1,endColumn=10,title=M101::"))
    #expect(!result.output.contains("\u{1B}"), "\(result.output)")
  }

  @Test func `Text to a pipe holds no escape sequence of a manifest`() async throws {
    let bench = try ValidateTests.bench()
    let result = try await bench.validate(ValidateTests.wrong)
    #expect(!result.output.contains("\u{1B}"), "\(result.output)")
    let coloured = try await bench.validate(ValidateTests.wrong, "--color", "always")
    #expect(coloured.output.contains("\u{1B}[1;31m"))
    #expect(!coloured.output.contains("we\u{1B}"))
  }
}
