import Foundation
import InProcessTransport
import JSON
import SimulatedQdrant
import Testing

@testable import Commands

/// How a run that is not over is brought to its end, by the words of its own messages.
@Suite struct WayOutTests {
  private static let no = Array(#"{"status":{"error":"no"},"time":0}"#.utf8)

  private static func manifest(_ m: Int) -> String {
    ["a", "b"].map { name in
      "kind: Collection\nname: \(name)\nvectors: {size: 4, distance: Dot}\n"
        + "hnsw_config: {m: \(m)}\n"
    }.joined(separator: "---\n")
  }

  private func run(_ bench: CommandBench, _ words: String...) async -> CommandBench.Result {
    await bench.run(ApplyCommand.run, words + ["--state", bench.path(".qdrant-reconciler")])
  }

  private func m(_ bench: CommandBench, _ name: String) -> Int? {
    bench.live(name)?["config"]?["hnsw_config"]?["m"]?.integer
  }

  private func history(_ bench: CommandBench) async -> [String] {
    await run(bench, "history").output.split(separator: "\n").map(String.init)
  }

  /// A run that has set `m` of one collection from 16 to 20 and could not go on with the other.
  private func begun(_ code: Int, _ words: String...) async throws -> (
    CommandBench, CommandBench.Result
  ) {
    let bench = try CommandBench()
    try bench.write(WayOutTests.manifest(16))
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
    try bench.write(WayOutTests.manifest(20))
    bench.endpoint.setFaults(
      FaultScript([
        FaultRule(
          FaultMatcher(methods: ["PATCH"], path: "/collections/b", times: nil),
          .status(code, body: WayOutTests.no, headers: []))
      ]))
    let apply = await bench.run(ApplyCommand.run, [bench.folder, "--yes"] + words)
    bench.endpoint.setFaults(FaultScript([]))
    #expect(m(bench, "a") == 20 && m(bench, "b") == 16)
    return (bench, apply)
  }

  /// A run that is to go back, and whose value somebody else has changed since.
  private func halted() async throws -> (CommandBench, CommandBench.Result) {
    let (bench, apply) = try await begun(400, "--on-failure", "stop")
    #expect(apply.status == .halted, "\(apply.error)")
    bench.byHand("PATCH", "/collections/a", ["hnsw_config": ["m": 48]])
    return (bench, await run(bench, "rollback", "--yes"))
  }

  @Test func `A run that somebody else stands in the way of names what differs and the ways out`()
    async throws
  {
    let (bench, back) = try await halted()
    for result in [back, await run(bench, "resume"), await run(bench, "rollback", "--yes")] {
      #expect(result.status == .halted)
      #expect(result.error.contains("collection/a hnsw_config.m: expected 20, found 48"))
      #expect(result.error.contains("to go on with the undo:  qdrant-apply resume run-2"))
      #expect(!result.error.contains("to take back:"), "that is what it does: \(result.error)")
      #expect(result.error.contains("nothing more is undone"), "\(result.error)")
    }
    #expect(m(bench, "a") == 48)
    #expect(await history(bench).last?.contains("halted") ?? false)
  }

  @Test func `What a person puts right lets the undo go on to its end`() async throws {
    let (bench, _) = try await halted()
    bench.byHand("PATCH", "/collections/a", ["hnsw_config": ["m": 20]])
    let end = await run(bench, "resume")
    #expect(end.status == .rolledBack, "\(end.error)")
    #expect(m(bench, "a") == 16)
  }

  @Test func `A run is given up by the command that its message names`() async throws {
    let (bench, back) = try await halted()
    let label = "to give it up:"
    let line = try #require(back.error.split(separator: "\n").first { $0.contains(label) })
    let words = line.split(separator: " ").drop { $0 != "qdrant-apply" }.dropFirst()
    let unlocked = await bench.run(ApplyCommand.run, words.map(String.init))
    #expect(unlocked.status == .success, "\(unlocked.error)")
    #expect(m(bench, "a") == 48, "what stands stays")
    #expect(await history(bench).contains { $0.contains("run-2") && $0.contains("abandoned") })
    let told = await run(bench, "history", "--run", "run-2").output
    #expect(told.contains("it was given up"), "\(told)")
    #expect(!told.contains("qdrant-apply resume"), "\(told)")
    #expect(await run(bench, "resume").output.contains("No run is open"))
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
    #expect(m(bench, "a") == 20 && m(bench, "b") == 20)
  }

  @Test(arguments: ["rollback", "stop"])
  func `A run that found the server changed in its middle does not end as one that sent nothing`(
    onFailure: String
  ) async throws {
    let (bench, _) = try await begun(400, "--on-failure", "stop")
    bench.byHand("PATCH", "/collections/b", ["hnsw_config": ["m": 32]])
    let end = await run(bench, "resume", "--on-failure", onFailure)
    #expect(end.error.contains("the server is not as the plan saw it"), "\(end.error)")
    #expect(end.status == (onFailure == "stop" ? .halted : .rolledBack), "\(end.error)")
    #expect(m(bench, "a") == (onFailure == "stop" ? 20 : 16))
    #expect(m(bench, "b") == 32)
  }

  @Test func `Without permission nothing is undone, and the message says what it takes`()
    async throws
  {
    let (bench, apply) = try await begun(403)
    #expect(apply.status == .noPermission)
    #expect(apply.error.contains("nothing is undone without a credential"), "\(apply.error)")
    #expect(apply.error.contains("to take back:  qdrant-apply rollback run-2"))
    #expect(await run(bench, "rollback", "--yes").status == .success)
    #expect(m(bench, "a") == 16)
  }

  @Test func `Before an open run is taken back it is told what will be undone`() async throws {
    let (bench, _) = try await begun(400, "--on-failure", "stop")
    let asked = await run(bench, "rollback")
    #expect(asked.status == .refused)
    #expect(asked.output.contains("20 → 16"), "\(asked.output)")
    #expect(!asked.output.contains("16 → 20"), "\(asked.output)")
    #expect(!asked.output.contains("collection/b"), "nothing was done to it: \(asked.output)")
    #expect(await run(bench, "rollback", "--yes").status == .success)
  }

  // MARK: Points that were written since

  private static let points: JSONValue = [
    "points": [["id": 1, "vector": [1, 0, 0, 0]], ["id": 2, "vector": [0, 1, 0, 0]]]
  ]

  @Test func `A run whose collection has got points is taken back with consent only`()
    async throws
  {
    let bench = try CommandBench()
    try bench.write(WayOutTests.manifest(16))
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
    bench.byHand("PUT", "/collections/a/points?wait=true", WayOutTests.points)
    bench.transport.forgetExchanges()
    for (consent, words) in [("=1", "more than the 1"), ("=0", "2 points"), ("", "2 points")] {
      let option = consent.isEmpty ? "--quiet" : "--accept-loss"
      let value = consent.isEmpty ? "--yes" : "collection/a" + consent
      let back = await run(bench, "rollback", "run-1", "--yes", option, value)
      #expect(back.status == .refused, "\(back.output)\(back.error)")
      if !consent.isEmpty { #expect(back.output.contains(words), "\(back.output)") }
      #expect(back.error.contains("nothing was sent"), "\(back.error)")
    }
    #expect(bench.transport.mutations.isEmpty)
    let told = await run(bench, "rollback", "run-1", "--yes")
    #expect(told.output.contains("consent with --accept-loss collection/a=2"), "\(told.output)")
    let back = await run(bench, "rollback", "run-1", "--yes", "--accept-loss", "collection/a=2")
    #expect(back.status == .success, "\(back.output)\(back.error)")
    #expect(back.output.contains("2 points that were written since are lost"), "\(back.output)")
    #expect(bench.live("a") == nil && bench.live("b") == nil)
  }

  @Test func `An open run leaves points alone, and names the consent that takes them`()
    async throws
  {
    let bench = try CommandBench()
    try bench.write(WayOutTests.manifest(16))
    bench.endpoint.setFaults(
      FaultScript([
        FaultRule(
          FaultMatcher(methods: ["PUT"], path: "/collections/b", times: nil),
          .status(400, body: WayOutTests.no, headers: []))
      ]))
    #expect(await bench.apply(bench.folder, "--yes", "--on-failure", "stop").status == .halted)
    bench.byHand("PUT", "/collections/a/points?wait=true", WayOutTests.points)
    let back = await run(bench, "rollback", "--yes")
    #expect(back.status == .halted, "\(back.error)")
    #expect(back.error.contains("expected at most 0 points, found 2"), "\(back.error)")
    #expect(back.error.contains("rollback run-1 --accept-loss collection/a=2"), "\(back.error)")
    #expect(bench.live("a") != nil)
    let meant = await run(bench, "rollback", "--yes", "--accept-loss", "collection/a=2")
    #expect(meant.status == .success, "\(meant.error)")
    #expect(bench.live("a") == nil)
  }

  @Test func `A vector that was added has its own guard, of the points that have it`()
    async throws
  {
    let bench = try CommandBench()
    func manifest(_ more: String) -> String {
      "kind: Collection\nname: v\nvectors: {a: {size: 2, distance: Dot}\(more)}\n"
    }
    try bench.write(manifest(""))
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
    bench.byHand(
      "PUT", "/collections/v/points?wait=true",
      ["points": [["id": 1, "vector": ["a": [1, 0]]], ["id": 2, "vector": ["a": [0, 1]]]]])
    try bench.write(manifest(", b: {size: 2, distance: Dot}"))
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
    // Points without it are none that would be lost.
    #expect(await run(bench, "rollback", "run-2", "--yes").status == .success)
    #expect(bench.live("v")?["config"]?["params"]?["vectors"]?["b"] == nil)
    #expect(
      await bench.apply(bench.folder, "--yes", "--after-rollback").status == .success)
    bench.byHand(
      "PUT", "/collections/v/points/vectors?wait=true",
      ["points": [["id": 1, "vector": ["b": [1, 1]]]]])
    let last = "run-4"
    let back = await run(bench, "rollback", last, "--yes")
    #expect(back.status == .refused, "\(back.output)\(back.error)")
    #expect(back.output.contains("--accept-loss vector/v/b=1"), "\(back.output)")
    #expect(bench.live("v")?["config"]?["params"]?["vectors"]?["b"] != nil)
    let meant = await run(bench, "rollback", last, "--yes", "--accept-loss", "vector/v/b=1")
    #expect(meant.status == .success, "\(meant.output)\(meant.error)")
    #expect(bench.live("v")?["config"]?["params"]?["vectors"]?["b"] == nil)
  }
}
