import Planning
import TestSupport

/// Runs cases through crashes and counts.
///
/// Kills at different instants can leave the very same: bytes of the journal, server, late request.
/// What is left is recovered from once, in every way; a way is what was left, and the order that
/// recovers from it.
package struct CrashSweep: Sendable {
  package var cases = 0
  /// Instants of processes at which they were killed.
  package var instants = 0
  package var ways = 0
  package var violations: [String] = []

  package init() {}

  package var summary: String {
    "\(cases) plans or samples, \(instants) instants, \(ways) ways through crashes, "
      + "\(violations.count) violations"
  }

  /// Every instant of a case, both recoveries, with and without power.
  package mutating func everyInstant(_ subject: CrashCase) async {
    cases += 1
    instants += subject.instants
    for (number, crash) in subject.crashes.enumerated() {
      for order in crash.orders {
        _ = await recover(subject, crash, order, "crash \(number), then \(order)")
      }
    }
  }

  /// Every instant, and every instant of each recovery.
  package mutating func everyPairOfInstants(_ subject: CrashCase) async {
    cases += 1
    instants += subject.instants
    for (number, crash) in subject.crashes.enumerated() {
      for order in crash.orders {
        let path = "crash \(number), then \(order)"
        for (second, again) in await recover(subject, crash, order, path).enumerated() {
          for next in again.orders {
            _ = await recover(subject, again, next, path + ", crash \(second), then \(next)")
          }
        }
      }
    }
  }

  /// Counts a recovery, and returns what kills in it leave.
  private mutating func recover(
    _ subject: CrashCase, _ crash: CrashWorld, _ order: CrashWorld.Order, _ path: String
  ) async -> [CrashWorld] {
    ways += 1
    do {
      let recovery = try await subject.recover(crash, order, path)
      instants += recovery.instants
      return recovery.crashes
    } catch {
      violations.append("\(error)")
      return []
    }
  }

  /// One way of a depth, by chance.
  package mutating func sample(
    _ subject: CrashCase, depth: Int, _ random: inout SeededRandom
  ) async {
    cases += 1
    let kills = (0..<depth).map { _ in Int.random(in: 1...subject.instants, using: &random) }
    let orders = (0..<depth).map { _ in
      random.chance(0.5) ? CrashWorld.Order.resume : .rollback
    }
    instants += kills.count
    ways += 1
    do {
      try await subject.follow(
        CrashCase.Path(kills: kills, orders: orders, losesPower: random.chance(0.5)))
    } catch { violations.append("\(error)") }
  }
}
