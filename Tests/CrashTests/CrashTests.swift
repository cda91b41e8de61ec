import CrashBench
import TestSupport
import Testing

/// A crash at any instant ends in the target or in the prior state: a slice of the sweep that
/// `.ci/kill-sweep` does in full.
@Suite struct CrashTests {
  @Test func `Plans of one and two operations, killed at every instant`() async throws {
    var sweep = CrashSweep()
    for subject in try await CrashParts.small(limit: 4) { await sweep.everyInstant(subject) }
    print("killed: \(sweep.summary)")
    #expect(sweep.violations.isEmpty, "\(sweep.violations.first ?? "")")
    #expect(sweep.runs > 100)
  }

  /// Kinds that generated plans hardly come to; each found something once.
  @Test(arguments: [
    "alias-in-place", "index-delete-above-limit", "vector-create-in-two", "hnsw-sticky",
    "index-type-at-limit",
  ])
  func `Plans of one kind of operation, killed at every instant`(kind: String) async throws {
    var sweep = CrashSweep()
    await sweep.everyInstant(try await CrashKinds.make("\(kind)@one"))
    #expect(sweep.violations.isEmpty, "\(sweep.violations.first ?? "")")
    #expect(sweep.runs > 100)
  }

  @Test func `Plans of one operation, killed twice at random instants`() async throws {
    var sweep = CrashSweep()
    var random = SeededRandom(5)
    for subject in try await CrashParts.single(limit: 6) {
      for _ in 0..<60 { await sweep.sample(subject, depth: 2, &random) }
    }
    print("killed twice: \(sweep.summary)")
    #expect(sweep.violations.isEmpty, "\(sweep.violations.first ?? "")")
    #expect(sweep.runs > 100)
  }

  @Test func `Generated plans, killed three times at random instants`() async throws {
    var sweep = CrashSweep()
    var random = SeededRandom(7)
    for subject in try await CrashParts.generated(seeds: 1...6) {
      for _ in 0..<30 { await sweep.sample(subject, depth: 3, &random) }
    }
    print("killed three times: \(sweep.summary)")
    #expect(sweep.violations.isEmpty, "\(sweep.violations.first ?? "")")
    #expect(sweep.runs > 50)
  }
}
