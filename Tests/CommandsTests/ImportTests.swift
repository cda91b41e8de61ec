import Commands
import Foundation
import InProcessTransport
import JSON
import Testing
import Transport

/// Manifests that are made from what is live.
@Suite struct ImportTests {
  private func bench(_ environment: [String: String] = [:]) throws -> CommandBench {
    let bench = try CommandBench(environment: environment)
    for name in ["a", "b", "_qr_lock.acme.1"] {
      bench.byHand("PUT", "/collections/\(name)", ["vectors": ["size": 4, "distance": "Dot"]])
    }
    bench.byHand("PUT", "/collections/a/index", ["field_name": "yes", "field_schema": "keyword"])
    bench.byHand(
      "POST", "/collections/aliases",
      ["actions": [["create_alias": ["collection_name": "a", "alias_name": "on"]]]])
    bench.transport.forgetExchanges()
    return bench
  }

  @Test func `What was imported into a folder is planned without a change of any field`()
    async throws
  {
    let bench = try bench()
    let result = await bench.plan(
      "import", "--url", "http://127.0.0.1:6333", "--out", bench.path("new"))
    #expect(result.status == .success, "\(result.error)")
    let names = try FileManager.default.contentsOfDirectory(atPath: bench.path("new")).sorted()
    #expect(names == ["a.yaml", "b.yaml", "cluster.yaml"])
    let text = try String(contentsOfFile: bench.path("new/a.yaml"), encoding: .utf8)
    #expect(text.contains("\"yes\":") && text.contains("- \"on\""), "\(text)")
    #expect(bench.transport.mutations.isEmpty)
    let applied = await bench.apply(bench.path("new"), "--yes")
    #expect(applied.status == .success, "\(applied.output)\(applied.error)")
    let patches = bench.changes.filter { $0.request.method != "PATCH" }
    #expect(patches.isEmpty, "only the mark is written")
    let plan = await bench.plan(bench.path("new"), "--detailed-exitcode")
    #expect(plan.status == .success, "\(plan.output)")
  }

  @Test func `What another workspace manages is told, and can be chosen alone`() async throws {
    let bench = try CommandBench()
    for (name, owner) in [("a", "one"), ("b", "two"), ("c", "two")] {
      let mark: JSONValue = [
        "workspace": .string(owner), "address": .string("collection/" + name), "applied": "",
      ]
      bench.byHand(
        "PUT", "/collections/\(name)",
        [
          "vectors": ["size": 4, "distance": "Dot"], "metadata": ["qdrant_reconciler": mark],
        ])
    }
    let all = await bench.plan(
      "import", "--url", "http://127.0.0.1:6333", "--out", bench.path("all"))
    #expect(all.status == .success, "\(all.error)")
    #expect(all.error.contains("2 of the collections belong to the workspace 'two' (b, c)"))
    #expect(await bench.plan(bench.path("all")).status == .refused)
    let two = await bench.plan(
      "import", "--url", "http://127.0.0.1:6333", "--out", bench.path("two"), "--only", "b",
      "--only", "c")
    #expect(two.status == .success && !two.error.contains("belong"), "\(two.error)")
    #expect(await bench.plan(bench.path("two")).status == .success)
    let none = await bench.plan("import", "--url", "http://127.0.0.1:6333", "--only", "zzz*")
    #expect(none.status == .usage && none.error.contains("zzz*"), "\(none.error)")
  }

  @Test func `The key is written as a reference and never as itself`() async throws {
    let bench = try bench(["QDRANT_API_KEY": "sesame-0123456789"])
    let result = await bench.plan("import", "--url", "http://127.0.0.1:6333")
    #expect(result.status == .success, "\(result.error)")
    #expect(result.output.contains("api_key:\n  env: QDRANT_API_KEY\n"), "\(result.output)")
    #expect(!(result.output + result.error).contains("sesame"))
  }

  @Test func `A cluster that manifests declare gets no second document`() async throws {
    let bench = try bench()
    try bench.write("")
    try FileManager.default.removeItem(atPath: bench.path("collections.yaml"))
    let result = await bench.plan("import", bench.folder, "--cluster", "here", "--only", "b*")
    #expect(result.status == .success, "\(result.error)")
    #expect(result.output.hasPrefix("kind: Collection\nname: b\ncluster: here\n"))
    #expect(!result.output.contains("kind: Cluster") && !result.output.contains("name: a"))
  }

  @Test func `What no manifest can say becomes a comment and a warning`() async throws {
    let bench = try bench()
    bench.byHand(
      "PUT", "/collections/x%E2%80%AEy", ["vectors": ["size": 4, "distance": "Dot"]])
    let result = await bench.plan(
      "import", "--url", "http://127.0.0.1:6333", "--out", bench.path("new"))
    #expect(result.status == .success, "\(result.error)")
    #expect(result.error.contains("warning: x\\u{202E}y is only a comment"), "\(result.error)")
    let text = try String(contentsOfFile: bench.path("new/cluster.yaml"), encoding: .utf8)
    #expect(text.contains("\n# no manifest can say this: "), "\(text)")
    #expect(text.contains("\n# name: \"x\\u202Ey\"\n"), "\(text)")
    let valid = await bench.plan("validate", bench.path("new"))
    #expect(valid.output == "Valid: 2 collections.\n", "\(valid.output)\(valid.error)")
  }

  @Test func `Nothing is overwritten without --force`() async throws {
    let bench = try bench()
    let line = ["import", "--url", "http://127.0.0.1:6333", "--out", bench.path("new")]
    _ = await bench.run(PlanCommand.run, line)
    try "mine".write(toFile: bench.path("new/b.yaml"), atomically: true, encoding: .utf8)
    let refused = await bench.run(PlanCommand.run, line)
    #expect(refused.status == .failed)
    #expect(refused.error.contains("exists already; nothing was written"))
    #expect(try String(contentsOfFile: bench.path("new/b.yaml"), encoding: .utf8) == "mine")
    let forced = await bench.run(PlanCommand.run, line + ["--force"])
    #expect(forced.status == .success, "\(forced.error)")
    let text = try String(contentsOfFile: bench.path("new/b.yaml"), encoding: .utf8)
    #expect(text.hasPrefix("kind: Collection\n"))
  }

  @Test func `What collections have in common is said in classes, and planned as without them`()
    async throws
  {
    let bench = try bench()
    for name in ["docs-law", "docs-tax", "docs-old"] {
      bench.byHand(
        "PUT", "/collections/\(name)",
        [
          "vectors": ["size": 768, "distance": "Cosine", "on_disk": true],
          "hnsw_config": ["m": name == "docs-old" ? 8 : 32],
        ])
      bench.byHand(
        "PUT", "/collections/\(name)/index", ["field_name": "tag", "field_schema": "keyword"])
    }
    let line = ["import", "--url", "http://127.0.0.1:6333", "--classes", "--out"]
    let result = await bench.run(PlanCommand.run, line + [bench.path("new")])
    #expect(result.status == .success, "\(result.error)")
    let classes = try String(contentsOfFile: bench.path("new/classes.yaml"), encoding: .utf8)
    #expect(classes.hasPrefix("kind: Class\nname: default-base\n"), "\(classes)")
    #expect(
      classes.contains("---\nkind: Class\nname: default-docs\nvectors:\n  size: 768\n"),
      "\(classes)")
    let law = try String(contentsOfFile: bench.path("new/docs-law.yaml"), encoding: .utf8)
    #expect(
      law == """
        kind: Collection
        name: docs-law
        cluster: default
        class:
          - default-base
          - default-docs
        hnsw_config:
          m: 32
        aliases: []

        """)
    let tidy = await bench.plan("fmt", "--check", bench.path("new"))
    #expect(tidy.status == .success, "\(tidy.output)")
    let again = await bench.run(PlanCommand.run, line + [bench.path("again")])
    #expect(again.status == .success)
    #expect(
      try String(contentsOfFile: bench.path("again/classes.yaml"), encoding: .utf8) == classes)
    let applied = await bench.apply(bench.path("new"), "--yes")
    #expect(applied.status == .success, "\(applied.output)\(applied.error)")
    let plan = await bench.plan(bench.path("new"), "--detailed-exitcode")
    #expect(plan.status == .success, "\(plan.output)")
  }

  @Test func `One collection alone gets no class`() async throws {
    let bench = try bench()
    let line = ["import", "--url", "http://127.0.0.1:6333", "--classes"]
    let both = await bench.run(PlanCommand.run, line)
    #expect(both.output.contains("kind: Class\nname: default-base\n"), "\(both.output)")
    let one = await bench.run(PlanCommand.run, line + ["--only", "b"])
    #expect(one.output.contains("\nname: b\n") && !one.output.contains("Class"), "\(one.output)")
  }

  @Test func `An address with a password is refused, and so is none`() async throws {
    let bench = try bench()
    let secret = await bench.plan("import", "--url", "http://me:sesame@127.0.0.1:6333")
    #expect(secret.status == .usage)
    #expect(!(secret.error + secret.output).contains("sesame"))
    #expect(await bench.plan("import").status == .usage)
  }
}
