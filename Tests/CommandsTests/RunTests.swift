import Execution
import Foundation
import InProcessTransport
import JSON
import ResourceModel
import SimulatedDisk
import SimulatedQdrant
import Synchronization
import Testing

@testable import Commands

/// Runs as a user meets them: interrupted, resumed, taken back, locked, listed.
@Suite struct RunTests {
  private static let changed = MainPathTests.products.replacing("m: 16", with: "m: 20")

  private func prepared() async throws -> CommandBench {
    let bench = try CommandBench()
    try bench.write(MainPathTests.products)
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
    try bench.write(RunTests.changed)
    return bench
  }

  private func state(_ bench: CommandBench) -> String { bench.path(".qdrant-reconciler") }

  private func run(_ bench: CommandBench, _ words: String...) async -> CommandBench.Result {
    await bench.run(ApplyCommand.run, words + ["--state", state(bench)])
  }

  /// Every run that was recorded, as `history` tells it.
  private func history(_ bench: CommandBench) async throws -> [JSONValue] {
    let result = await run(bench, "history", "--format", "json")
    #expect(result.status == .success, "\(result.error)")
    return try result.output.split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
  }

  private func m(_ bench: CommandBench) -> Int? {
    bench.live("products")?["config"]?["hnsw_config"]?["m"]?.integer
  }

  /// A run that stops after one of its steps.
  private func interrupted() async throws -> CommandBench {
    let bench = try CommandBench()
    try bench.write(MainPathTests.products)
    bench.stopsAfter.withLock { $0 = 16 }
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .interrupted, "\(apply.output)\(apply.error)")
    #expect(apply.error.contains("qdrant-apply resume run-1"))
    #expect(bench.live("products") != nil, "something was done")
    #expect(apply.error.contains("not sent"), "something was not done")
    bench.stopsAfter.withLock { $0 = nil }
    return bench
  }

  @Test func `A run that was interrupted is gone on with to its target`() async throws {
    let bench = try await interrupted()
    let other = await bench.apply(bench.folder, "--yes")
    #expect(other.status == .lockHeld, "\(other.error)")
    #expect(other.error.contains("run run-1 is not over"))
    let resumed = await run(bench, "resume")
    #expect(resumed.status == .success, "\(resumed.error)")
    let plan = await bench.plan(bench.folder, "--detailed-exitcode")
    #expect(plan.status == .success, "\(plan.output)")
    #expect(try await history(bench).map { $0["state"] } == ["applied"])
    #expect(await run(bench, "resume").output.contains("No run is open"))
  }

  @Test func `A run that was interrupted is taken back to where it began`() async throws {
    let bench = try await interrupted()
    let asked = await run(bench, "rollback", "run-1")
    #expect(asked.status == .refused)
    #expect(asked.error.contains("qdrant-apply rollback run-1 --state \(state(bench)) --yes\n"))
    let back = await run(bench, "rollback", "run-1", "--yes")
    #expect(back.status == .success, "\(back.error)")
    #expect(bench.live("products") == nil)
    #expect(try await history(bench).map { $0["state"] } == ["rolled-back"])
    let again = await bench.apply(bench.folder, "--yes")
    #expect(again.status == .refused, "a schedule does not undo the undo")
    #expect(again.error.contains("--after-rollback"))
    #expect(bench.live("products") == nil)
    let meant = await bench.apply(bench.folder, "--yes", "--after-rollback")
    #expect(meant.status == .success, "\(meant.error)")
  }

  @Test func `What was applied is taken back by a plan that can be looked at and stored`()
    async throws
  {
    let bench = try await prepared()
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
    #expect(m(bench) == 20)
    let file = bench.folder + ".json"
    defer { try? FileManager.default.removeItem(atPath: file) }
    let stored = await run(bench, "rollback", "run-2", "--out", file)
    #expect(stored.status == .success, "\(stored.error)")
    #expect(stored.output.contains("20 → 16"))
    #expect(m(bench) == 20)
    let back = await run(bench, "rollback", "run-2", "--yes")
    #expect(back.status == .success, "\(back.error)")
    #expect(m(bench) == 16)
    let late = await bench.apply(file)
    #expect(late.status == .success, "its effect is there: \(late.error)")
    #expect(await bench.apply(bench.folder, "--yes").status == .refused)
  }

  @Test func `Taking back leaves alone what somebody changed since`() async throws {
    let bench = try await prepared()
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
    bench.byHand("PATCH", "/collections/products", ["hnsw_config": ["m": 24]])
    let back = await run(bench, "rollback", "run-2", "--yes")
    #expect(back.status == .stale, "\(back.error)")
    #expect(back.error.contains("expected 20, found 24"))
    #expect(m(bench) == 24)
  }

  @Test func `A step that fails takes the run back, or leaves it when that is asked for`()
    async throws
  {
    for policy in ["rollback", "stop"] {
      let bench = try CommandBench()
      try bench.write(MainPathTests.products)
      let body = Array(#"{"status":{"error":"no"},"time":0}"#.utf8)
      bench.endpoint.setFaults(
        FaultScript([
          FaultRule(
            FaultMatcher(methods: ["POST"], path: "/collections/aliases", nth: 1, times: 1),
            .status(409, body: body, headers: []))
        ]))
      let apply = await bench.apply(bench.folder, "--yes", "--on-failure", policy)
      #expect(
        apply.status == (policy == "stop" ? .halted : .rolledBack), "\(apply.output)\(apply.error)")
      #expect((bench.live("products") == nil) == (policy == "rollback"))
      #expect(apply.error.contains("409"))
    }
  }

  @Test func `Whoever meets a lock is told who holds it, and a person can say that he is gone`()
    async throws
  {
    let bench = try await prepared()
    let record = LockRecord(
      state: .held, run: "elsewhere", plan: String(repeating: "a", count: 64),
      holder: "other machine, process 7", nonce: "n", since: "2026-11-25T11:00:00Z")
    bench.byHand(
      "PUT", "/collections/_qr_lock.acme.2",
      ["vectors": [:], "sharding_method": "custom", "metadata": [LockRecord.key: record.json]])
    let held = await bench.apply(bench.folder, "--yes")
    #expect(held.status == .lockHeld)
    for word in ["run elsewhere", "2026-11-25T11:00:00Z", "other machine, process 7", "epoch 2"] {
      #expect(held.error.contains(word), "\(held.error)")
    }
    #expect(await run(bench, "unlock", "1", bench.folder).status == .refused)
    let unlocked = await run(bench, "unlock", "2", bench.folder)
    #expect(unlocked.status == .success, "\(unlocked.error)")
    #expect(unlocked.output.contains("qdrant-apply resume elsewhere"))
    let open = await bench.apply(bench.folder, "--yes")
    #expect(open.status == .lockHeld && open.error.contains("is not over"), "\(open.error)")
    #expect(m(bench) == 16)
    let abandoned = await run(bench, "unlock", "3", "--abandon", bench.folder)
    #expect(abandoned.status == .success, "\(abandoned.error)")
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
    #expect(m(bench) == 20)
  }

  @Test(arguments: [false, true])
  func `A run whose journal is lost is settled by its plan`(goesBack: Bool) async throws {
    let bench = try CommandBench()
    try bench.write(MainPathTests.products)
    let file = bench.folder + ".json"
    defer { try? FileManager.default.removeItem(atPath: file) }
    _ = await bench.plan(bench.folder, "--out", file)
    bench.stopsAfter.withLock { $0 = 16 }
    #expect(await bench.apply(file).status == .interrupted)
    bench.stopsAfter.withLock { $0 = nil }
    try FileManager.default.removeItem(atPath: state(bench))
    let lost = await bench.apply(file)
    #expect(lost.status == .lockHeld && lost.error.contains("run run-1"), "\(lost.error)")
    let words = goesBack ? ["rollback", "run-1", "--yes"] : ["resume", "run-1"]
    let end = await bench.run(
      ApplyCommand.run, words + ["--plan", file, "--state", state(bench)])
    #expect(end.status == .success, "\(end.error)")
    #expect((bench.live("products") == nil) == goesBack)
    if !goesBack {
      #expect(await bench.plan(bench.folder, "--detailed-exitcode").status == .success)
    }
  }

  @Test func `Events are what the journal says, and an existing file is not written over`()
    async throws
  {
    let bench = try await prepared()
    let file = bench.folder + ".events"
    defer { try? FileManager.default.removeItem(atPath: file) }
    #expect(await bench.apply(bench.folder, "--yes", "--events", file).status == .success)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let events = try text.split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
    let told = await run(bench, "history", "--run", "run-2", "--format", "json")
    let records = try JSONParser.parse(Array(told.output.utf8))["records"]?.array
    #expect(events == records)
    #expect(events.contains { $0["type"] == "intent" })
    let again = await bench.apply(bench.folder, "--yes", "--events", file)
    #expect(again.status == .success, "nothing is to be done, so nothing is written")
  }

  @Test func `Two processes never work on one state folder`() async throws {
    let bench = try await prepared()
    let folder = try StateFolder.open(state(bench), in: SystemFiles())
    let lock = try folder.lock(holder: "somebody else, process 9")
    bench.transport.forgetExchanges()
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .lockHeld)
    #expect(apply.error.contains("somebody else, process 9"))
    #expect(bench.transport.mutations.isEmpty)
    lock.release()
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
  }

  @Test func `A state folder that is a link keeps everything from being sent`() async throws {
    let bench = try await prepared()
    let elsewhere = bench.path("elsewhere")
    try FileManager.default.moveItem(atPath: state(bench), toPath: elsewhere)
    try FileManager.default.createSymbolicLink(
      atPath: state(bench), withDestinationPath: elsewhere)
    bench.transport.forgetExchanges()
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .failed)
    #expect(apply.error.contains("symbolic link"))
    #expect(bench.transport.mutations.isEmpty)
  }

  @Test func `A damaged journal is refused, and says where`() async throws {
    let bench = try await interrupted()
    let path = state(bench) + "/runs/run-1/journal.jsonl"
    var bytes = try #require(FileManager.default.contents(atPath: path))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(filePath: path))
    bench.transport.forgetExchanges()
    for words in [["resume"], ["rollback", "--yes"]] {
      let result = await bench.run(ApplyCommand.run, words + ["--state", state(bench)])
      #expect(result.status == .halted)
      #expect(result.error.contains("is damaged"), "\(result.error)")
    }
    #expect(bench.transport.mutations.isEmpty)
  }

  @Test func `A journal whose run is not named by the lock is not gone on with`() async throws {
    let bench = try await interrupted()
    let record = LockRecord(
      state: .open, run: "another", plan: String(repeating: "a", count: 64),
      holder: "other machine, process 7", nonce: "n", since: "2026-11-25T11:00:00Z")
    bench.byHand(
      "PUT", "/collections/_qr_lock.acme.2",
      ["vectors": [:], "sharding_method": "custom", "metadata": [LockRecord.key: record.json]])
    bench.transport.forgetExchanges()
    for words in [["resume"], ["rollback", "--yes"]] {
      let result = await bench.run(ApplyCommand.run, words + ["--state", state(bench)])
      #expect(result.status == .refused, "\(result.output)")
      #expect(result.error.contains("does not name run run-1"), "\(result.error)")
    }
    #expect(bench.transport.mutations.isEmpty)
  }

  @Test func `A run that was stopped before it sent anything is over`() async throws {
    let bench = try CommandBench()
    try bench.write(MainPathTests.products)
    bench.stopsAfter.withLock { $0 = 5 }
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .interrupted, "\(apply.output)\(apply.error)")
    #expect(apply.error.contains("Refused: no step was sent."))
    #expect(bench.live("products") == nil)
    bench.stopsAfter.withLock { $0 = nil }
    #expect(await run(bench, "resume").output.contains("No run is open"))
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
  }

  @Test func `A plan is rehearsed on what was read, and nothing is sent`() async throws {
    let bench = try await prepared()
    bench.transport.forgetExchanges()
    let plan = await bench.plan(bench.folder, "--rehearse")
    #expect(plan.status == .success, "\(plan.error)")
    #expect(
      plan.output.contains("Rehearsed on a simulated 1.18.3 @here: 2 of 2 steps arrive, and 2 go"),
      "\(plan.output)")
    #expect(bench.transport.mutations.isEmpty)
    #expect(m(bench) == 16)
  }
}
