import Commands
import Foundation
import Testing

/// What can never work is told by `validate`, in the words of a plan.
@Suite struct ForeseenTests {
  private static let collection = """
    ---
    kind: Collection
    name: a
    vectors: {size: 2, distance: Dot}

    """

  @Test(arguments: [
    (
      "provider: qdrant_cloud\naccount: a", "M503", 3,
      "provider: the provider 'qdrant_cloud' is not built yet"
    ),
    ("provider: local", "M503", 3, "provider: the provider 'local' is not built yet"),
    ("provider: shared\nof: c", "M503", 3, "provider: the provider 'shared' is not built yet"),
    (
      "url: http://127.0.0.1\ntls: {ca_file: ca.pem}", "M503", 4,
      "tls: certificates make no sense without https"
    ),
    (
      "url: https://a.example\napi_key: {env: sk-live-canary}", "M503", 4,
      "is it the secret itself?"
    ),
    (
      "url: https://a.example\nread_api_key: {command: [pass, canary]}", "M503", 4,
      "read_api_key: {command: [pass, …]}: programs are not run for keys yet"
    ),
  ])
  func `A cluster that no connection can be made to is an error of the manifest`(
    lines: String, code: String, line: Int, words: String
  ) async throws {
    let bench = try CommandBench()
    let text = "kind: Cluster\nname: c\n\(lines)\n"
    // A further error hides none of it.
    for rest in [ForeseenTests.collection, ForeseenTests.collection + "shrad_number: 1\n"] {
      let result = try await bench.validate(text + rest)
      #expect(result.status == .invalidManifests)
      #expect(result.output.contains(words), "\(result.output)")
      #expect(result.output.contains(":\(line):"), "\(result.output)")
      #expect(result.output.components(separatedBy: "[\(code)]").count == 2, "\(result.output)")
      #expect(!result.output.contains("canary"), "\(result.output)")
    }
    let good = try await bench.validate("kind: Cluster\nname: c\nurl: https://a.example\n")
    #expect(good.status == .success, "\(good.output)")
  }

  @Test func `What a plan calls not built is told without a server`() async throws {
    let bench = try CommandBench(environment: ["QDRANT_URL": "http://127.0.0.1:6333"])
    let always = try await bench.validate(ForeseenTests.collection + "generations: true\n")
    #expect(always.status == .invalidManifests)
    #expect(always.output.contains("error[R401]: 'generations' is not built yet"))
    let gate = try await bench.validate(
      ForeseenTests.collection + "lifecycle: {gates: [{golden_queries: q.jsonl}]}\n")
    #expect(gate.status == .success)
    #expect(gate.output.contains("warning[R401]: 'gates' is not built yet"), "\(gate.output)")
    for (lifecycle, isBuilt) in [
      ("state: absent", false), ("state: absent, on_delete: snapshot", false),
      ("state: absent, on_delete: delete", true), ("on_delete: retire", true),
    ] {
      let gone = try await bench.validate(
        ForeseenTests.collection + "lifecycle: {\(lifecycle)}\n")
      #expect(gone.status == .success)
      #expect(gone.output.contains("warning[R401]: 'on_delete: ") == !isBuilt, "\(gone.output)")
    }
  }
}
