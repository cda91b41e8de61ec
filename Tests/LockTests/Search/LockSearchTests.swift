import Execution
import Foundation
import ResourceModel
import TestSupport
import Testing

/// Three appliers at one lock, under every order of what may happen, on a model of the server.
///
/// What is checked in each state: epochs are acquired in growing order and each by one applier
/// only; once one is acquired, no applier of a lower one passes a fence that reads after that; no
/// applier is fenced without a higher epoch; numbers never shrink, and the highest is never
/// deleted.
@Suite struct LockSearchTests {
  private func world(
    _ kind: LockBench.Kind, _ budget: World.Budget, plant: ModelServer.Plant? = nil
  ) -> World {
    var patience = LockMachine.Patience()
    patience.reads = 2
    patience.creations = 2
    return World(
      ModelServer(kind: kind, plant: plant), budget: budget, patience: patience)
  }

  /// `QR_SEARCH=full` allows for a second takeover and for crashes of their own kind: 3.6 and 11.8
  /// million states in place of 0.2 and 0.5, twenty minutes of a debug build.
  ///
  /// Without that a crash is a pause that never ends: an applier that does not move any more. One
  /// whose last request is still under way is such a pause after a late one.
  @Test(arguments: LockBench.Kind.allCases)
  func `In every order of what may happen the lock has one holder`(
    kind: LockBench.Kind
  ) throws {
    var budget = World.Budget()
    if ProcessInfo.processInfo.environment["QR_SEARCH"] == "full" {
      budget.crashes = 1
      budget.takeovers = 2
    }
    var search = Search(world(kind, budget))
    try search.run()
    print("lock search, \(kind): \(search.visited.count) states, \(search.moves) moves")
    #expect(search.sights == Set(Sight.allCases))
  }

  @Test(arguments: ModelServer.Plant.allCases)
  func `The search finds a planted fault`(plant: ModelServer.Plant) {
    var search = Search(world(.metadata, World.Budget(), plant: plant))
    #expect(throws: Violation.self) { try search.run() }
  }

  @Test(arguments: LockBench.Kind.allCases)
  func `In ten thousand random orders with more faults the lock has one holder`(
    kind: LockBench.Kind
  ) throws {
    var sights: Set<Sight> = []
    for seed in 0..<10_000 {
      var random = SeededRandom(UInt64(seed))
      var world = world(
        kind,
        World.Budget(
          crashes: 2, losses: 3, lates: 3, takeovers: 3, retries: 4, refusals: 3))
      while case let moves = world.moves(), !moves.isEmpty {
        let smooth = moves.filter { if case .go(_, .none) = $0 { true } else { false } }
        let pool = smooth.isEmpty || random.chance(0.4) ? moves : smooth
        let move = try #require(pool.randomElement(using: &random))
        let before = world
        do { try world.make(move) } catch {
          Issue.record("seed \(seed): \(error)")
          return
        }
        if sights.count < Sight.allCases.count { sights.formUnion(Sight.of(before, move, world)) }
      }
    }
    #expect(sights == Set(Sight.allCases))
  }
}
