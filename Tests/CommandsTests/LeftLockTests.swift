import Execution
import Foundation
import InProcessTransport
import JSON
import SimulatedQdrant
import Testing

@testable import Commands

/// A run that is over and could not say so in the lock.
@Suite struct LeftLockTests {
  private static let no = Array(#"{"status":{"error":"no"},"time":0}"#.utf8)
  private static let changed = MainPathTests.products.replacing("m: 16", with: "m: 20")

  /// The lock can be made, and neither written nor removed.
  private static let lockIsFrozen = [
    FaultRule(
      FaultMatcher(methods: ["PATCH", "DELETE"], path: "/collections/_qr_lock.**", times: nil),
      .status(500, body: no, headers: []))
  ]

  /// A run that took itself back, with its lock left held.
  private func takenBack() async throws -> CommandBench {
    let bench = try CommandBench()
    try bench.write(MainPathTests.products)
    let refusal = FaultRule(
      FaultMatcher(methods: ["POST"], path: "/collections/aliases", nth: 1, times: 1),
      .status(409, body: LeftLockTests.no, headers: []))
    bench.endpoint.setFaults(FaultScript([refusal] + LeftLockTests.lockIsFrozen))
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .rolledBack, "\(apply.output)\(apply.error)")
    bench.endpoint.setFaults(FaultScript([]))
    return bench
  }

  private func elsewhere(_ bench: CommandBench, _ words: String...) async -> CommandBench.Result {
    await bench.run(
      ApplyCommand.run, [bench.folder, "--yes", "--state", bench.path("elsewhere")] + words)
  }

  @Test
  func `Its plan is not applied again unasked, though the lock never said that it was undone`()
    async throws
  {
    let bench = try await takenBack()
    let locked = await elsewhere(bench)
    #expect(locked.status == .lockHeld, "\(locked.error)")
    let again = await bench.apply(bench.folder, "--yes")
    #expect(again.status == .refused, "\(again.error)")
    #expect(again.error.contains("--after-rollback"))
    #expect(bench.live("products") == nil)
    let other = await elsewhere(bench)
    #expect(other.status == .refused, "the lock says it now: \(other.error)")
    #expect(other.error.contains("--after-rollback"))
    #expect(await elsewhere(bench, "--after-rollback").status == .success)
  }

  @Test func `Its lock is free when the run that took it over has sent nothing`() async throws {
    let bench = try CommandBench()
    try bench.write(MainPathTests.products)
    bench.endpoint.setFaults(FaultScript(LeftLockTests.lockIsFrozen))
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
    bench.endpoint.setFaults(FaultScript([]))
    try bench.write(LeftLockTests.changed)
    let file = bench.folder + ".json"
    defer { try? FileManager.default.removeItem(atPath: file) }
    #expect(await bench.plan(bench.folder, "--out", file).status == .success)
    bench.byHand("PATCH", "/collections/products", ["hnsw_config": ["m": 24]])
    let stale = await bench.apply(file)
    #expect(stale.status == .stale, "\(stale.error)")
    let other = await elsewhere(bench)
    #expect(other.status == .success, "\(other.error)")
  }
}
