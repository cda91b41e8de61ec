import Commands
import Foundation
import JSON
import Testing

/// `qdrant-plan explain`: whatever a manifest, a plan or a diagnostic says can be asked for.
@Suite struct ExplainTests {
  private static let root =
    "/"
    + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

  @Test(arguments: [
    ("hnsw_config.m", "hnsw_config.m  (Collection)"),
    ("vectors.dense.size", "vectors.*.size  (Collection)"),
    ("vectors.size", "vectors.*.size  (Collection)"),
    (#"vectors."a.b".size"#, "vectors.*.size  (Collection)"),
    ("vectors.hnsw_config.m", "vectors.*.hnsw_config.m  (Collection)"),
    ("metadata.team", "metadata.*  (Collection)"),
    ("quantization_config", "quantization_config.scalar  (Collection)"),
    ("index.is_tenant", "payload_indexes.*.is_tenant  (Collection: payload_indexes)"),
    ("payload_indexes", "payload_indexes.*.type  (Collection: payload_indexes)"),
    ("payload_indexes.category.type", "payload_indexes.*.type  (Collection: payload_indexes)"),
    ("payload_indexes.meta.lang.type", "payload_indexes.*.type  (Collection: payload_indexes)"),
    ("payload_indexes.topics[].name.type", "payload_indexes.*.type"),
    ("aliases", "aliases.*.name  (Collection: aliases)"),
    ("shard_keys.key", "shard_keys.*.key  (Collection: shard_keys)"),
    ("placement", "shard_keys.*.placement  (Collection: shard_keys)"),
    ("lifecycle.on_delete", "lifecycle.on_delete  (Collection: lifecycle)"),
    ("on_delete", "lifecycle.on_delete  (Collection: lifecycle)"),
    ("gates", "lifecycle.gates.wait  (Collection: lifecycle.gates)"),
    ("cluster", "cluster  (Collection)"), ("cluster", "url  (Cluster)"),
    ("class", "class  (Hierarchy)"), ("class", "fields of a Collection  (Class)"),
    ("labels", "labels.*  (Cluster)"), ("labels.env", "labels.*  (Collection)"),
    ("generations", "generations  (Collection)"),
    ("api_key", "api_key.env  (Cluster)"), ("cluster.url", "url  (Cluster)"),
    ("tls.ca_file", "tls.ca_file  (Cluster)"), ("limits.timeout", "limits.timeout  (Cluster)"),
    ("budgets", "budgets.removals  (Workspace)"), ("variables.n", "variables.*  (Environment)"),
    ("overlays.match.name", "overlays.match.name  (Environment: overlays)"),
    ("levels", "levels.place  (Hierarchy: levels)"), ("moved.from", "moved.from"),
    ("tree", "tree  (Hierarchy)"), ("waivers", "waivers.until  (Policy: waivers)"),
    ("Policy", "applies_to.addresses  (Policy)"), ("name", "name  (Workspace)"),
    ("type", "payload_indexes.*.type"), ("type", "quantization_config.scalar.type"),
    ("R302", "cannot change in place"), ("M101", "no field of that name"),
    ("M314", "text index"), ("W102", "deprecated"), ("P001", "replication"),
  ])
  func `A field, kind or code is explained`(subject: String, words: String) async throws {
    let result = await (try CommandBench()).plan("explain", subject)
    #expect(result.status == .success, "\(result.error)")
    #expect(result.output.contains(words), "\(result.output)")
  }

  @Test func `A field that was found is told alone, a group with what is in it`() async throws {
    let bench = try CommandBench()
    let one = await bench.plan("explain", "vectors.dense.size")
    #expect(!one.output.contains("vectors.*.distance"), "\(one.output)")
    let group = await bench.plan("explain", "vectors.dense.hnsw_config")
    #expect(group.output.contains("vectors.*.hnsw_config.m  (Collection)"), "\(group.output)")
    #expect(!group.output.contains("vectors.*.distance"), "\(group.output)")
  }

  @Test func `What there is not is told with a near word`() async throws {
    let bench = try CommandBench()
    for (subject, near) in [("hnsw_config.n", "hnsw_config.m"), ("shard_nummer", "shard_number")] {
      let unknown = await bench.plan("explain", subject)
      #expect(unknown.status == .usage)
      #expect(unknown.error.contains("did you mean '\(near)'"), "\(unknown.error)")
    }
    #expect(await bench.plan("explain", "R999").status == .usage)
  }

  @Test func `Every code that is given out has a meaning`() async throws {
    let bench = try CommandBench()
    let files = try #require(FileManager.default.enumerator(atPath: Self.root + "/Sources"))
    var codes: Set<String> = []
    for case let name as String in files where name.hasSuffix(".swift") {
      let text = try String(contentsOfFile: "\(Self.root)/Sources/\(name)", encoding: .utf8)
      codes.formUnion(text.matches(of: #/"([A-Z][0-9]{3})"/#).map { String($0.1) })
    }
    #expect(codes.count > 150)
    for code in codes.sorted() {
      let result = await bench.plan("explain", code)
      #expect(result.status == .success, "\(code) has no meaning")
      #expect(result.output.contains(code))
    }
  }

  @Test func `Every path that a plan prints can be explained`() async throws {
    let bench = try CommandBench()
    let collection = """
      kind: Collection
      name: a
      vectors: {size: 2, distance: Dot, on_disk: true}
      sparse_vectors: {bm25: {modifier: idf}}
      hnsw_config: {m: 8}
      quantization_config: {scalar: {type: int8}}
      metadata: {team: x}
      payload_indexes: {"m.lang": keyword, t: {type: text, lowercase: true}}
      aliases: [b]
      ---
      kind: Collection
      name: c
      vectors: {dense: {size: 2, distance: Dot}, "a.b": {size: 2, distance: Dot}}

      """
    try bench.write(collection)
    var paths: Set<String> = []
    for _ in 0..<2 {
      let plan = await bench.plan(bench.folder)
      let lines = plan.output.split(separator: "\n").filter { $0.hasPrefix("      ") }
      paths.formUnion(
        lines.compactMap { $0.firstMatch(of: #/^ +[-+~!]\/?[-+]? ([^ ]+)/#).map { String($0.1) } })
      _ = await bench.apply(bench.folder, "--yes")
      try bench.write(
        collection.replacing("m: 8", with: "m: 9").replacing("size: 2", with: "size: 3")
          .replacing("keyword", with: "integer"))
    }
    #expect(paths.isSuperset(of: ["vectors.size", "hnsw_config.m", "type"]), "\(paths)")
    for path in paths {
      let result = await bench.plan("explain", path)
      #expect(result.status == .success, "\(path): \(result.error)")
    }
  }
}
