import Commands
import Foundation
import JSON
import Testing

/// `qdrant-plan locate`: from a path to a place, and back.
@Suite struct LocateTests {
  private static let manifests = """
    kind: Hierarchy
    name: documents
    levels:
      - {name: env, place: cluster, values: [prod], clusters: {prod: here}}
      - {name: domain, place: name, pattern: "[a-z]+"}
      - {name: tenant, place: payload, field: tenant_id}
    names: {collection: "docs.{domain}", alias: "{domain}"}
    tree:
      legal: {vectors: {size: 4, distance: Dot}}

    """

  @Test func `A path is told as text and as JSON`() async throws {
    let bench = try CommandBench()
    try bench.write(LocateTests.manifests)
    let text = await bench.plan("locate", "documents", "prod/legal/acme", bench.folder)
    #expect(text.status == .success, "\(text.error)")
    #expect(
      text.output == """
        path        prod/legal/acme
        cluster     here
        collection  docs.legal
        alias       legal
        filter      {"must":[{"key":"tenant_id","match":{"value":"acme"}}]}

        """)
    let json = await bench.plan(
      "locate", "documents", "prod/legal/acme", bench.folder, "--format", "json")
    let document = try JSONParser.parse(json.output)
    #expect(document["clusters"] == ["here"])
    #expect(document["collection"] == "docs.legal")
    #expect(document["shard_key"] == .null)
  }

  @Test func `A path whose cluster is not in the environment lives nowhere`() async throws {
    let bench = try CommandBench()
    try bench.write(
      LocateTests.manifests + "---\nkind: Cluster\nname: other\nurl: http://127.0.0.1:7333\n"
        + "---\nkind: Environment\nname: dev\nclusters: other\n")
    for format in ["text", "json"] {
      let found = await bench.plan(
        "locate", "documents", "prod/legal/acme", bench.folder, "--environment", "dev",
        "--format", format)
      #expect(found.status == .usage, "\(found.output)\(found.error)")
      #expect(found.output.isEmpty)
      #expect(
        found.error.contains("no cluster of environment 'dev' holds 'prod/legal/acme'"),
        "\(found.error)")
    }
  }

  @Test func `A collection, or its alias, is found back`() async throws {
    let bench = try CommandBench()
    try bench.write(LocateTests.manifests)
    for name in ["docs.legal", "legal"] {
      let found = await bench.plan("locate", "--collection", name, bench.folder)
      #expect(found.output == "documents  */legal/*\n", "\(found.error)")
    }
    let missing = await bench.plan("locate", "--collection", "other", bench.folder)
    #expect(missing.status == .usage)
  }

  @Test func `The mapping is written for applications`() async throws {
    let bench = try CommandBench()
    try bench.write(LocateTests.manifests)
    let file = bench.path("mapping.json")
    let written = await bench.plan("locate", "--mapping", file, bench.folder)
    #expect(written.status == .success, "\(written.error)")
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let mapping = try #require(try JSONParser.parse(text).array?.first)
    #expect(mapping["levels"]?.array?.first?["clusters"] == ["prod": ["here"]])
    #expect(
      mapping["collections"] == [
        ["path": [.null, "legal", .null], "collection": "docs.legal", "alias": "legal"]
      ])
  }

  @Test(arguments: [
    (["locate"], "write a HIERARCHY and a PATH"),
    (["locate", "document", "prod/legal"], "did you mean 'documents'?"),
    (["locate", "documents", "prod/Legal"], "does not take 'Legal'"),
    (["locate", "documents", "prod/other"], "has no node other"),
  ])
  func `What cannot be located is told`(arguments: [String], words: String) async throws {
    let bench = try CommandBench()
    try bench.write(LocateTests.manifests)
    let result = await bench.run(PlanCommand.run, arguments + [bench.folder])
    #expect(result.status == .usage)
    #expect(result.error.contains(words), "\(result.error)")
  }
}
