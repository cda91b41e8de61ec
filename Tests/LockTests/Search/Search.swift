import ResourceModel

/// Visits every state once, depth first.
///
/// States are told apart by a 64-bit hash with a seed of the process: that two of a million are
/// taken for one has a chance of 1 in 30 million.
struct Search {
  private(set) var visited: Set<Int> = []
  private(set) var moves = 0
  private(set) var sights: Set<Sight> = []
  private var path: [Place]

  /// A state on the way to the one that is looked at, and the moves that it still has.
  private struct Place {
    var world: World
    var left: [Move]
  }

  init(_ first: World) {
    path = [Place(world: first, left: first.moves())]
    visited.insert(first.hashValue)
  }

  /// Throws the first violation, with the moves that lead to it.
  mutating func run() throws(Violation) {
    while let world = path.last?.world {
      guard let move = path[path.count - 1].left.popLast() else {
        path.removeLast()
        continue
      }
      var next = world
      moves += 1
      do throws(Violation) { try next.make(move) } catch {
        throw Violation("\(error) after \(taken())")
      }
      guard visited.insert(next.hashValue).inserted else { continue }
      if sights.count < Sight.allCases.count { sights.formUnion(Sight.of(world, move, next)) }
      path.append(Place(world: next, left: next.moves()))
    }
  }

  private func taken() -> String {
    path.map { place in
      let all = place.world.moves()
      return "\(all[place.left.count])"
    }.joined(separator: ", ")
  }
}

/// What must have come about somewhere, so that a search is about something.
enum Sight: CaseIterable {
  case acquired, takenOver, fenced, lateCreation, undecided, released

  static func of(_ world: World, _ move: Move, _ next: World) -> Set<Sight> {
    var sights: Set<Sight> = []
    if case .arrive = move, next.server.lock.highest != world.server.lock.highest {
      sights.insert(.lateCreation)
    }
    if next.server.lock.record?.state == .free { sights.insert(.released) }
    guard case .go(let index, _) = move else { return sights }
    switch (world.appliers[index].phase, next.appliers[index].phase) {
    case (.acquiring, .holding):
      sights.insert(world.appliers[index].nonce.hasSuffix("'") ? .takenOver : .acquired)
    case (.acquiring, .over): sights.insert(.undecided)
    case (.holding, .over): sights.insert(.fenced)
    default: break
    }
    return sights
  }
}
