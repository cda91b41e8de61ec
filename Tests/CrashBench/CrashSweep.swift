import Planning
import TestSupport

/// Runs cases through crashes and counts.
package struct CrashSweep: Sendable {
  package var cases = 0
  package var runs = 0
  package var violations: [String] = []

  package init() {}

  package var summary: String {
    "\(cases) plans or samples, \(runs) ways through crashes, \(violations.count) violations"
  }

  /// Every instant of a case, both recoveries, with and without power.
  package mutating func everyInstant(_ subject: CrashCase) async {
    cases += 1
    for kill in 1...subject.instants {
      for order in [CrashWorld.Order.resume, .rollback] {
        for losesPower in [false, true] {
          await follow(
            subject, CrashCase.Path(kills: [kill], orders: [order], losesPower: losesPower))
        }
      }
    }
  }

  /// Every instant, and every instant of each recovery.
  package mutating func everyPairOfInstants(_ subject: CrashCase) async {
    cases += 1
    for first in 1...subject.instants {
      for orders in CrashSweep.orders {
        var second = 1
        while await follow(
          subject,
          CrashCase.Path(
            kills: [first, second], orders: orders, losesPower: (first + second) % 2 == 0))
        { second += 1 }
      }
    }
  }

  private static let orders: [[CrashWorld.Order]] = [
    [.resume, .resume], [.resume, .rollback], [.rollback, .rollback], [.rollback, .resume],
  ]

  /// One way of a depth, by chance.
  package mutating func sample(
    _ subject: CrashCase, depth: Int, _ random: inout SeededRandom
  ) async {
    cases += 1
    let kills = (0..<depth).map { _ in Int.random(in: 1...subject.instants, using: &random) }
    let orders = (0..<depth).map { _ in
      random.chance(0.5) ? CrashWorld.Order.resume : .rollback
    }
    await follow(
      subject, CrashCase.Path(kills: kills, orders: orders, losesPower: random.chance(0.5)))
  }

  /// False when a process was not killed, so that later instants are none.
  @discardableResult
  private mutating func follow(_ subject: CrashCase, _ path: CrashCase.Path) async -> Bool {
    runs += 1
    do { return try await subject.follow(path) } catch {
      violations.append("\(error)")
      return false
    }
  }
}
