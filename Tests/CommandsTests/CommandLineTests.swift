import Commands
import Foundation
import InProcessTransport
import JSON
import Testing

/// Command lines that mean nothing, and files that must not be written over.
@Suite struct CommandLineTests {
  private func bench() throws -> CommandBench {
    let bench = try CommandBench()
    try bench.write(MainPathTests.products)
    return bench
  }

  @Test(
    arguments: [
      (["--fromat", "json"], "unknown option '--fromat'", "did you mean '--format'?"),
      (["--format", "jsn"], "'jsn' is no value of '--format'", "did you mean 'json'?"),
      (["--format"], "'--format' needs a value", "--help"),
      (["--format", "json", "--format", "text"], "'--format' is given twice", "--help"),
      (["--prune=yes"], "'--prune' takes no value", "--help"),
      (["--out", ""], "the value of '--out' is empty", "is a shell variable not set?"),
      (["--report", "pdf=x"], "'pdf' is no value of '--report'", "--help"),
      (["--report", "json"], "'--report' needs FORMAT=FILE, not 'json'", "--help"),
      (["--accept-loss", "collection/a"], "'--accept-loss' needs ADDRESS=COUNT", "--help"),
      (["--accept-loss", "collection/a=-1"], "'--accept-loss' needs ADDRESS=COUNT", "--help"),
      (["--yes"], "unknown option '--yes'", "--help"),
      ([""], "an argument is empty", "is a shell variable not set?"),
      (["show"], "PLANFILE is missing", "qdrant-plan show --help"),
      (["validate", "--prune"], "'qdrant-plan validate' has no option '--prune'", "--help"),
      (["--a\u{1B}[31mb"], "unknown option '--a\\u{1b}[31mb'", "--help"),
    ])
  func `A line that cannot be understood is usage, with a hint`(
    arguments: [String], words: String, hint: String
  ) async throws {
    let bench = try bench()
    let result = await bench.run(PlanCommand.run, arguments)
    #expect(result.status == .usage, "\(result.output)")
    #expect(result.error.contains(words), "\(result.error)")
    #expect(result.error.contains(hint), "\(result.error)")
    #expect(result.output.isEmpty)
    #expect(bench.transport.exchanges.isEmpty)
  }

  @Test(arguments: [
    "--api-key", "--api-key=canary-key", "--apikey", "--token", "--password", "--key",
    "--read-api-key=canary-key",
  ])
  func `A key cannot be given on the command line, and is not repeated`(
    option: String
  ) async throws {
    let bench = try bench()
    for command in [PlanCommand.run, ApplyCommand.run, DriftCommand.run] {
      let result = await bench.run(command, [option, "canary-key"])
      #expect(result.status == .usage)
      #expect(result.error.contains("unknown option"))
      #expect(result.error.contains("api_key"), "\(result.error)")
      #expect(!result.error.contains("canary"), "\(result.error)")
    }
  }

  @Test(
    arguments: [
      ("--cluster", "her", "no cluster is named 'her'; did you mean 'here'?"),
      ("--cluster", "zzz", "no cluster is named 'zzz'"),
      (
        "--only", "collection/product",
        "the manifests have no 'collection/product'; did you mean 'collection/products'?"
      ),
      ("--only", "products", "the manifests have no 'products'"),
      ("--only", "collection/\u{1B}c", "the manifests have no 'collection/\\u{1B}c'"),
      ("--except", "collection/other", "the manifests have no 'collection/other'"),
    ])
  func `A selection that matches nothing is an error, not a success`(
    option: String, value: String, words: String
  ) async throws {
    let bench = try bench()
    for command in [PlanCommand.run, DriftCommand.run] {
      let result = await bench.run(command, [bench.folder, option, value])
      #expect(result.status == .usage)
      #expect(result.error.contains(words), "\(result.error)")
      #expect(result.output.isEmpty)
    }
    let apply = await bench.apply(bench.folder, "--yes", option, value)
    #expect(apply.status == .usage)
    #expect(bench.transport.exchanges.isEmpty)
  }

  @Test func `Without a terminal and without --yes nothing is applied`() async throws {
    let bench = try bench()
    let plan = await bench.plan(bench.folder, "--format", "json")
    let id = try JSONParser.parse(plan.output)["id"]?.string ?? "?"
    let apply = await bench.apply(bench.folder)
    #expect(apply.status == .refused)
    #expect(
      apply.error.contains(
        "qdrant-apply \(bench.folder) --yes --expect-digest \(id.prefix(8))\n"), "\(apply.error)")
    #expect(bench.transport.mutations.isEmpty)
    let approved = await bench.apply(
      bench.folder, "--yes", "--expect-digest", String(id.prefix(8)))
    #expect(approved.status == .success, "\(approved.error)")
  }

  @Test(arguments: [
    ("yes", true), ("y", false), ("YES", false), ("yes ", false), ("", false), ("no", false),
  ])
  func `On a terminal only the word yes applies`(typed: String, applies: Bool) async throws {
    let bench = try CommandBench(typed: typed)
    try bench.write(MainPathTests.products)
    let apply = await bench.apply(bench.folder)
    #expect(apply.output.contains("Apply this plan? Only 'yes' is taken: "))
    #expect(apply.status == (applies ? .success : .refused))
    #expect(bench.transport.mutations.isEmpty == !applies)
  }

  @Test(arguments: ["file", "link", "dangling", "folder"], ["--out", "--report"])
  func `What is there already is never written over`(kind: String, option: String) async throws {
    let bench = try bench()
    let manager = FileManager.default
    let target = bench.path("target")
    let path = bench.path("result")
    if kind == "folder" {
      try manager.createDirectory(atPath: path, withIntermediateDirectories: false)
    } else if kind == "file" {
      try "mine".write(toFile: path, atomically: true, encoding: .utf8)
    } else {
      if kind == "link" { try "mine".write(toFile: target, atomically: true, encoding: .utf8) }
      try manager.createSymbolicLink(atPath: path, withDestinationPath: target)
    }
    let manifest = bench.path("collections.yaml")
    let cluster = bench.path("cluster.yaml")
    let value = option == "--out" ? path : "json=\(path)"
    let plan = await bench.plan(manifest, cluster, option, value)
    #expect(plan.status == .failed, "\(plan.error)")
    #expect(plan.error.contains("\(path) exists already"), "\(plan.error)")
    if option == "--report" {
      let apply = await bench.apply(manifest, cluster, "--yes", option, value)
      #expect(apply.status == .failed)
      #expect(bench.transport.mutations.isEmpty)
      #expect(await bench.drift(manifest, cluster, option, value).status == .drift)
    }
    if kind == "file" { #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine") }
    if kind == "link" { #expect(try String(contentsOfFile: target, encoding: .utf8) == "mine") }
    if kind == "dangling" { #expect(!manager.fileExists(atPath: target)) }
  }
}
