import Commands
import Foundation
import JSON
import Testing

/// The JSON Schema that editors read is the one that the rows give.
@Suite struct SchemaTests {
  @Test func `The committed schema is up to date`() async throws {
    let bench = try CommandBench()
    let schema = await bench.plan("schema")
    let file = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let committed = try String(
      contentsOfFile: "/" + file + "/docs/manifest.schema.json", encoding: .utf8)
    #expect(schema.output == committed, "run: qdrant-plan schema > docs/manifest.schema.json")
    _ = try JSONParser.parse(committed)
  }

  @Test func `The committed field reference is up to date`() async throws {
    let bench = try CommandBench()
    let reference = await bench.plan("reference")
    let file = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let committed = try String(
      contentsOfFile: "/" + file + "/docs/reference.md", encoding: .utf8)
    #expect(reference.status == .success)
    #expect(reference.output == committed, "run: qdrant-plan reference > docs/reference.md")
    #expect(reference.output.contains("| `hnsw_config.m` |"))
  }

  @Test func `Every sample names the schema that editors check it by`() throws {
    let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let line = "# yaml-language-server: $schema="
    var count = 0
    for folder in ["manifests", "examples"] {
      let files = try #require(FileManager.default.enumerator(atPath: "\(root)/\(folder)"))
      for case let name as String in files where name.hasSuffix(".yaml") {
        let path = "\(root)/\(folder)/\(name)"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let first = try #require(text.split(separator: "\n").first)
        try #require(first.hasPrefix(line), "\(path)")
        let place = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let schema = "\(place)/\(first.dropFirst(line.count))"
        #expect(FileManager.default.fileExists(atPath: schema), "\(path)")
        count += 1
      }
    }
    #expect(count >= 5)
  }
}
