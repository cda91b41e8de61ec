import CrashBench
import TestSupport
import Testing

/// A crash at any instant ends in the target or in the prior state: a slice of the sweep that
/// `.ci/kill-sweep` does in full.
@Suite struct CrashTests {
  @Test func `Plans of one and two operations, killed at every instant`() async throws {
    var sweep = CrashSweep()
    for subject in try await CrashParts.small(limit: 16) { await sweep.everyInstant(subject) }
    print("killed: \(sweep.summary)")
    #expect(sweep.violations.isEmpty, "\(sweep.violations.first ?? "")")
    #expect(sweep.instants > 100)
  }

  /// Kinds that generated plans hardly come to; each found something once.
  @Test(arguments: [
    "alias-in-place", "index-delete-above-limit", "vector-create-in-two", "hnsw-sticky",
    "index-type-at-limit", "alias-rename", "create-over-alias", "create-over-renamed",
    "create-over-alias-going",
  ])
  func `Plans of one kind of operation, killed at every instant`(kind: String) async throws {
    var sweep = CrashSweep()
    await sweep.everyInstant(try await CrashKinds.make("\(kind)@one"))
    #expect(sweep.violations.isEmpty, "\(sweep.violations.first ?? "")")
    #expect(sweep.instants > 100)
  }

  @Test func `Plans of one operation, killed at every instant and again in the recovery`()
    async throws
  {
    var sweep = CrashSweep()
    for subject in try await CrashParts.single(limit: 3) {
      await sweep.everyPairOfInstants(subject)
    }
    print("killed twice: \(sweep.summary)")
    #expect(sweep.violations.isEmpty, "\(sweep.violations.first ?? "")")
    #expect(sweep.instants > 100)
  }

  @Test func `Generated plans, killed three times at random instants`() async throws {
    var sweep = CrashSweep()
    var random = SeededRandom(7)
    for subject in try await CrashParts.generated(seeds: 1...6) {
      for _ in 0..<30 { await sweep.sample(subject, depth: 3, &random) }
    }
    print("killed three times: \(sweep.summary)")
    #expect(sweep.violations.isEmpty, "\(sweep.violations.first ?? "")")
    #expect(sweep.ways > 50)
  }

  /// What a run that nobody kills is said to leave at its instants, against runs that are killed.
  @Test func `What a kill leaves is what was kept of it`() async throws {
    for subject in try await CrashParts.small(limit: 3) {
      var left: Set<String> = []
      for instant in 1...subject.instants {
        for losesPower in [false, true] {
          var world = CrashWorld(subject.server)
          _ = await world.process(.apply, subject.plan, killedAt: instant)
          if losesPower { world.remains.losePower() }
          left.insert(world.remains.digest)
        }
      }
      #expect(left == Set(subject.crashes.map(\.remains.digest)))
      #expect(left.count == subject.crashes.count, "what is kept is told apart")
    }
  }
}
