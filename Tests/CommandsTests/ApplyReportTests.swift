import Commands
import Foundation
import InProcessTransport
import JSON
import ResourceModel
import ScriptedServer
import SimulatedQdrant
import Synchronization
import Testing

/// What standard output gets of a command that applies, and what is said of clusters that were
/// away.
@Suite struct ApplyReportTests {
  private func document(_ result: CommandBench.Result) throws -> JSONValue {
    try JSONParser.parse(Array(result.output.utf8))
  }

  @Test func `A plan that is applied is one JSON document with its end`() async throws {
    let bench = try CommandBench()
    try bench.write(MainPathTests.products)
    let refused = await bench.apply(bench.folder, "--format", "json")
    #expect(refused.status == .refused)
    #expect(try document(refused)["run"] == .null)
    #expect(try document(refused)["status"] == 5)
    let apply = await bench.apply(bench.folder, "--yes", "--format", "json")
    #expect(apply.status == .success, "\(apply.error)")
    let told = try document(apply)
    #expect(told["run"]?["id"] == "run-1")
    #expect(told["run"]?["end"] == "applied")
    #expect(told["run"]?["done"] == told["run"]?["steps"])
    #expect(told["run"]?["done"] != 0)
    #expect(told["status"] == 0)
    #expect(told["changes"]?.array?.isEmpty == false)
    #expect(apply.error.contains("Applied: "), "\(apply.error)")
    #expect(apply.error.contains("Verified: read back"), "\(apply.error)")
    let again = await bench.apply(bench.folder, "--yes", "--format", "json")
    #expect(try document(again)["in_sync"] == true)
    #expect(try document(again)["run"] == .null)
  }

  @Test func `A run that is interrupted, and its way back, are documents, too`() async throws {
    let bench = try CommandBench()
    try bench.write(MainPathTests.products)
    bench.stopsAfter.withLock { $0 = 16 }
    let apply = await bench.apply(bench.folder, "--yes", "--format", "json")
    #expect(apply.status == .interrupted)
    let told = try document(apply)
    #expect(told["run"]?["end"] == "interrupted")
    #expect(told["run"]?["causes"]?.array?.isEmpty == false)
    #expect(told["status"] == 10)
    bench.stopsAfter.withLock { $0 = nil }
    let back = await bench.apply("rollback", "--yes", bench.folder, "--format", "json")
    #expect(back.status == .success, "\(back.error)")
    let end = try document(back)
    #expect(end["run"]?["end"] == "rolled-back")
    #expect(end["run"]?["done"] == 0)
    #expect(end["status"] == 0)
  }

  @Test func `Markdown is one text that ends with what became of the plan`() async throws {
    let bench = try CommandBench()
    try bench.write(MainPathTests.products)
    let file = bench.path("plan.json")
    _ = await bench.plan(bench.folder, "--out", file)
    let apply = await bench.apply(file, "--format", "markdown")
    #expect(apply.status == .success, "\(apply.error)")
    #expect(apply.output.hasPrefix("### "))
    #expect(apply.output.contains("\n**Run `run-1`: applied**, "), "\(apply.output)")
    #expect(!apply.output.contains("Verified"))
    #expect(apply.error.contains("Verified: each step was read back"), "\(apply.error)")
  }

  @Test func `Whoever is asked sees the plan, and is told when nothing is sent`() async throws {
    let bench = try CommandBench(typed: "no")
    try bench.write(MainPathTests.products)
    let apply = await bench.apply(bench.folder, "--format", "json")
    #expect(apply.status == .refused)
    #expect(try document(apply)["status"] == 5)
    for words in ["qdrant-apply  workspace acme", "Apply this plan?", "Nothing was sent."] {
      #expect(apply.error.contains(words), "\(apply.error)")
    }
    let text = await bench.apply(bench.folder)
    #expect(text.output.hasPrefix("qdrant-apply  workspace acme"))
    #expect(text.output.hasSuffix("Nothing was sent.\n"), "\(text.output)")
    #expect(bench.changes.isEmpty)
  }

  /// Two clusters of which one does not answer.
  private static let two = """
    kind: Workspace
    name: acme
    ---
    kind: Cluster
    name: here
    url: http://127.0.0.1:6333
    ---
    kind: Cluster
    name: gone
    url: http://127.0.0.1:6334

    """

  private static func collection(_ name: String, on cluster: String) -> String {
    "kind: Collection\nname: \(name)\ncluster: \(cluster)\n"
      + "vectors: {size: 2, distance: Dot}\n"
  }

  @Test(arguments: [false, true])
  func `What is on the clusters that answered is applied, and the others are named`(
    isStored: Bool
  ) async throws {
    let bench = try CommandBench()
    try bench.write(
      ApplyReportTests.collection("a", on: "here") + "---\n"
        + ApplyReportTests.collection("b", on: "gone"), cluster: ApplyReportTests.two)
    bench.unreachable.withLock { $0 = ["gone"] }
    let file = bench.path("plan.json")
    let plan = await bench.plan(bench.folder, "--out", file)
    #expect(plan.status == .unreachable)
    #expect(plan.output.contains("2 clusters (1 not checked)"), "\(plan.output)")
    let apply = isStored ? await bench.apply(file) : await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .unreachable)
    #expect(apply.output.contains("Applied: "), "\(apply.output)\(apply.error)")
    #expect(apply.error.contains("not checked, and not changed: gone: "), "\(apply.error)")
    #expect(bench.live("a") != nil)
    #expect(bench.live("b") == nil)
  }

  @Test func `A cluster that went away since the plan keeps all from being changed`() async throws {
    let bench = try CommandBench()
    try bench.write(
      ApplyReportTests.collection("a", on: "here"), cluster: ApplyReportTests.two)
    let file = bench.path("plan.json")
    #expect(await bench.plan(bench.folder, "--out", file).status == .success)
    bench.unreachable.withLock { $0 = ["here"] }
    let apply = await bench.apply(file)
    #expect(apply.status == .unreachable)
    #expect(apply.error.contains("qdrant-apply: nothing was sent"), "\(apply.error)")
    #expect(bench.live("a") == nil)
  }
}
