import Foundation
import TestSupport

/// The whole sweep as a command: parts one after the other, until the time is over.
package struct KillSweep {
  private let seconds: Double
  /// The parts that are wanted, by a word of their names; all when empty.
  private let wanted: [String]
  private let begun = Date()

  /// The arguments: how many seconds there are, and words of the parts that are wanted.
  package init(_ arguments: [String]) {
    seconds = arguments.first.flatMap { Double($0) } ?? 1_800
    wanted = Array(arguments.dropFirst())
  }

  /// Prints counts, and ends with 1 when there was a third state.
  package func run() async {
    do {
      let small = try await CrashParts.small(limit: 9_999)
      var isClean = await sweep("two operations, one kill", small) { await $0.everyInstant($1) }
      isClean = await kinds(CrashKinds.single + CrashKinds.pairs) && isClean
      isClean =
        await sweep("three and four operations", try await CrashParts.byClasses(limit: 9_999)) {
          await $0.everyInstant($1)
        } && isClean
      isClean =
        await sweep("one operation, two kills", try await CrashParts.single(limit: 999)) {
          await $0.everyPairOfInstants($1)
        } && isClean
      isClean = try await generated() && isClean
      isClean =
        await sweep("two operations, two kills", small) { await $0.everyPairOfInstants($1) }
        && isClean
      exit(isClean ? 0 : 1)
    } catch {
      say("the sweep could not be made: \(error)")
      exit(1)
    }
  }

  private func isWanted(_ name: String) -> Bool {
    wanted.isEmpty || wanted.contains { name.contains($0) }
  }

  private var isOver: Bool { Date().timeIntervalSince(begun) > seconds }

  /// Cases of kinds, each made when its turn comes; one that cannot be made is a violation.
  private func kinds(_ names: [String]) async -> Bool {
    let part = "every kind and every pair of kinds, one kill"
    guard isWanted(part) else { return true }
    var sweep = CrashSweep()
    for name in names where !isOver {
      do { await sweep.everyInstant(try await CrashKinds.make(name)) } catch {
        sweep.violations.append("\(error)")
      }
    }
    return report(part, sweep, of: names.count)
  }

  private func sweep(
    _ name: String, _ cases: [CrashCase], _ one: (inout CrashSweep, CrashCase) async -> Void
  ) async -> Bool {
    guard isWanted(name) else { return true }
    var sweep = CrashSweep()
    for subject in cases where !isOver { await one(&sweep, subject) }
    return report(name, sweep, of: cases.count)
  }

  private func generated() async throws -> Bool {
    guard isWanted("generated plans") else { return true }
    var whole = CrashSweep()
    var samples = CrashSweep()
    var random = SeededRandom(3)
    // Not every seed gives a plan of the wanted size.
    for seed in UInt64(1)...10_000 where !isOver && whole.cases < 1_000 {
      guard let subject = try await CrashParts.generated(seed) else { continue }
      await whole.everyInstant(subject)
      for _ in 0..<10 { await samples.sample(subject, depth: 3, &random) }
    }
    let first = report("generated plans, one kill", whole, of: 1_000)
    return report("generated plans, three kills", samples, of: 0) && first
  }

  private func report(_ name: String, _ sweep: CrashSweep, of total: Int) -> Bool {
    say("\(name): \(sweep.summary)" + (sweep.cases < total ? " (of \(total), out of time)" : ""))
    for violation in sweep.violations.prefix(5) { say("  " + violation) }
    return sweep.violations.isEmpty
  }

  /// At once, also into a pipe.
  private func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }
}
