import Commands
import Foundation
import InProcessTransport
import JSON
import Testing

/// A plan file is taken as it is, alone.
@Suite struct PlanFileOptionTests {
  private func planned() async throws -> (CommandBench, String) {
    let bench = try CommandBench()
    try bench.write(
      "kind: Collection\nname: a\nvectors: {size: 2, distance: Dot}\n---\n"
        + "kind: Collection\nname: b\nvectors: {size: 2, distance: Dot}\n")
    let file = bench.path("plan.json")
    #expect(await bench.plan(bench.folder, "--out", file).status == .success)
    bench.transport.forgetExchanges()
    return (bench, file)
  }

  @Test(arguments: [
    ["--only", "collection/a"], ["--except", "collection/a"], ["--cluster", "here"],
    ["--environment", "dev"], ["--prune"], ["--adopt"], ["--accept-loss", "collection/a=1"],
  ])
  func `Options that change a plan are refused with a plan file`(words: [String]) async throws {
    let (bench, file) = try await planned()
    for result in [
      await bench.run(ApplyCommand.run, [file] + words),
      await bench.run(PlanCommand.run, ["graph", file] + words),
    ] {
      #expect(result.status == .usage, "\(result.output)")
      #expect(result.error.contains("is a plan file, which is taken as it is: \(words[0])"))
      #expect(result.error.contains("qdrant-plan … --out"), "\(result.error)")
      #expect(result.output.isEmpty)
    }
    let show = await bench.run(PlanCommand.run, ["show", file] + words)
    #expect(show.status == .usage)
    #expect(show.error.contains("'qdrant-plan show' has no option '\(words[0])'"))
    #expect(bench.transport.exchanges.isEmpty)
  }

  @Test func `A plan file among other paths is refused`() async throws {
    let (bench, file) = try await planned()
    let apply = await bench.apply(file, bench.path("collections.yaml"), "--yes")
    #expect(apply.status == .usage)
    #expect(apply.error.contains("is taken alone"), "\(apply.error)")
    #expect(bench.transport.exchanges.isEmpty)
  }

  @Test func `The refused changes of a plan file are left out by planning again`() async throws {
    let (bench, file) = try await planned()
    bench.byHand("PUT", "/collections/a", ["vectors": ["size": 3, "distance": "Dot"]])
    try FileManager.default.removeItem(atPath: file)
    _ = await bench.plan(bench.folder, "--out", file)
    let apply = await bench.apply(file)
    #expect(apply.status == .refused)
    #expect(
      apply.error.contains("plan again without the resources (qdrant-plan … --except"),
      "\(apply.error)")
    let paths = await bench.apply(bench.folder, "--yes")
    #expect(paths.error.contains("or leave the resources out with --except."), "\(paths.error)")
  }
}
