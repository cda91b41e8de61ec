import Commands
import Foundation
import InProcessTransport
import JSON
import ResourceModel
import SimulatedQdrant
import Synchronization
import Testing

/// What is said about locks that are not to be had, and about several clusters.
@Suite struct LockAdviceTests {
  private static let small = "kind: Collection\nname: a\nvectors: {size: 2, distance: Dot}\n"

  private func locked(_ state: LockRecord.State) async throws -> CommandBench {
    let bench = try CommandBench()
    try bench.write(LockAdviceTests.small)
    let record = LockRecord(
      state: state, run: "elsewhere", plan: String(repeating: "a", count: 64),
      holder: "other machine, process 7", nonce: "n", since: "2026-11-25T11:00:00Z")
    bench.byHand(
      "PUT", "/collections/_qr_lock.acme.4",
      ["vectors": [:], "sharding_method": "custom", "metadata": [LockRecord.key: record.json]])
    return bench
  }

  /// The words of the printed command that begins so.
  private func printed(_ command: String, in text: String) throws -> [String] {
    let at = try #require(text.range(of: "qdrant-apply \(command)"), "\(text)")
    return text[at.lowerBound...].prefix { $0 != "\n" }.split(separator: " ").dropFirst()
      .map(String.init)
  }

  @Test func `Whoever meets a held lock is told how to unlock it`() async throws {
    let bench = try await locked(.held)
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .lockHeld)
    #expect(apply.error.contains("once its holder is certainly gone"), "\(apply.error)")
    let words = try printed("unlock", in: apply.error)
    #expect(words.prefix(3) == ["unlock", "4", bench.folder])
    let unlock = await bench.run(ApplyCommand.run, words + ["--abandon"])
    #expect(unlock.status == .success, "\(unlock.error)")
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
    let history = await bench.apply("history", bench.folder)
    let lines = history.output.split(separator: "\n")
    #expect(lines.count == 3, "\(history.output)")
    #expect(lines[1].hasSuffix("  lock unlocked by hand  @here"), "\(history.output)")
    #expect(lines[2].contains("applied  1 of 1 step "), "\(history.output)")
    let json = await bench.apply("history", bench.folder, "--format", "json")
    let kinds = try json.output.split(separator: "\n").map {
      try JSONParser.parse(Array($0.utf8))["kind"]?.string
    }
    #expect(kinds == ["run", "unlock", "run"])
  }

  @Test(arguments: [
    (LockRecord.State.held, "run elsewhere holds here (lock epoch 4)"),
    (.open, "run elsewhere was left open on here (lock epoch 4)"),
  ])
  func `A plan and a report say that a run is not over`(
    state: LockRecord.State, words: String
  ) async throws {
    let bench = try await locked(state)
    for result in [await bench.plan(bench.folder), await bench.drift(bench.folder)] {
      #expect(result.error.contains("note: " + words), "\(result.error)")
    }
    #expect(bench.transport.mutations.isEmpty)
  }

  @Test func `They say nothing of a run that is over`() async throws {
    let bench = try await locked(.free)
    #expect(await bench.plan(bench.folder).error.isEmpty)
  }

  @Test func `Whoever meets an open lock is told how to go on with its run`() async throws {
    let bench = try await locked(.open)
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .lockHeld)
    #expect(try printed("resume", in: apply.error) == ["resume", "elsewhere"])
    #expect(apply.error.contains("qdrant-apply resume elsewhere --plan PLANFILE --state "))
    let words = try printed("unlock", in: apply.error)
    #expect(words.last == "--abandon")
    #expect(await bench.run(ApplyCommand.run, words).status == .success)
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
  }

  private static func cluster(_ name: String, _ port: Int) -> String {
    "---\nkind: Cluster\nname: \(name)\nurl: http://127.0.0.1:\(port)\n"
  }

  private static let both =
    small.replacing("name: a\n", with: "name: a\ncluster: one\n") + "---\n"
    + small.replacing("name: a\n", with: "name: a\ncluster: two\n")

  @Test func `With several clusters a step names its own`() async throws {
    let bench = try CommandBench()
    try bench.write(
      LockAdviceTests.both,
      cluster: "kind: Workspace\nname: acme\n" + LockAdviceTests.cluster("one", 6333)
        + LockAdviceTests.cluster("two", 7333))
    let other = SimulatedTransport(
      InMemoryEndpoint(
        SimulatedServer(settings: SimulatedSettings(version: .v1_18_3, environment: [:]))),
      credential: [])
    bench.others.withLock { $0 = ["two": other] }
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .success, "\(apply.output)\(apply.error)")
    #expect(apply.output.contains("create collection/a @one  done"), "\(apply.output)")
    #expect(apply.output.contains("create collection/a @two  done"), "\(apply.output)")
  }

  @Test func `Two clusters of one address are told, and so is their lock`() async throws {
    let bench = try CommandBench()
    try bench.write(
      LockAdviceTests.both,
      cluster: "kind: Workspace\nname: acme\n" + LockAdviceTests.cluster("one", 6333)
        + LockAdviceTests.cluster("two", 6333))
    for result in [
      await bench.plan("validate", bench.folder), await bench.plan(bench.folder),
    ] {
      let text = result.output + result.error
      #expect(
        text.contains("warning[M504]: the clusters 'one' and 'two' are one server"), "\(text)")
      #expect(result.status == .success)
    }
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.error.contains("two clusters of the manifests are one server"), "\(apply.error)")
    #expect(apply.status == .lockHeld)
  }
}
