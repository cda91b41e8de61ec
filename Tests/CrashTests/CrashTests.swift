import CrashBench
import TestSupport
import Testing

/// A crash at any instant ends in the target or in the prior state: a slice of the sweep that
/// `.ci/kill-sweep` does in full.
@Suite struct CrashTests {
  @Test func `Plans of one and two operations, killed at every instant`() async throws {
    var sweep = CrashSweep()
    for subject in try await CrashParts.small(limit: 5) { await sweep.everyInstant(subject) }
    print("killed: \(sweep.summary)")
    #expect(sweep.violations.isEmpty, "\(sweep.violations.first ?? "")")
    #expect(sweep.runs > 100)
  }

  @Test func `Plans of one operation of every kind, killed twice`() async throws {
    var sweep = CrashSweep()
    for subject in try await CrashParts.single(limit: 1) {
      await sweep.everyPairOfInstants(subject)
    }
    print("killed twice: \(sweep.summary)")
    #expect(sweep.violations.isEmpty, "\(sweep.violations.first ?? "")")
    #expect(sweep.runs > 100)
  }

  @Test func `Generated plans, killed three times at random instants`() async throws {
    var sweep = CrashSweep()
    var random = SeededRandom(7)
    for subject in try await CrashParts.generated(seeds: 1...8) {
      for _ in 0..<12 { await sweep.sample(subject, depth: 3, &random) }
    }
    print("killed three times: \(sweep.summary)")
    #expect(sweep.violations.isEmpty, "\(sweep.violations.first ?? "")")
    #expect(sweep.runs > 20)
  }
}
