import Foundation
import Planning
import ResourceModel
import SimulatedQdrant
import Testing

/// Every fault at every kind of step, there and back.
///
/// Rows of the catalogue without a cell: 18 (nothing advertises compression); 28 and 33, changes
/// by somebody else (`StalenessTests`); 34 and 54 (a standalone plan has no operation of a
/// cluster); 35 (its answer has a cell, its size none); 41 (every operation waits); 43 and 45–53
/// (several peers); 44 and the fault `emptyInfo` (they change reads only: `ReadFaultTests`);
/// 55, 56 and the fault `version` (the simulation has one release); 57 and 58 (another cluster,
/// refused before the first step). A server that comes back empty is in `ReadFaultTests`.
@Suite struct FaultMatrixTests {
  /// `QR_CELLS=all` runs every cell, not every seventh.
  static let stride = ProcessInfo.processInfo.environment["QR_CELLS"] == "all" ? 1 : 7

  /// Faults that a server can have with every request, reads too.
  private static let lasting: [Fault] = [
    .refuse, .dropBeforeRead, .dropBeforeApply, .dropAfterApply, .blackhole(applied: true),
    .blackhole(applied: false), .applyThenStatus(502), .authFlip, .wrongSchema(.noResult),
    .truncate(after: 0), .rate(perSecond: 0, retryAfter: nil), .notHTTP(Array("SSH-2.0-x".utf8)),
  ]

  static func cells(_ subjects: [Subject]) -> [Cell] {
    subjects.flatMap { subject -> [Cell] in
      let hasParts = subject.name.hasPrefix("update ") || subject.step.address.kind == .alias
      let isPut = subject.name == "update index"
      let ailments = Ailment.all + (hasParts && !isPut ? [Ailment.nothingOfIt] : [])
      return Course.allCases.flatMap { course -> [Cell] in
        guard course == .forward || Plan.inverse(of: subject.step) != nil else { return [] }
        return ailments.flatMap { ailment -> [Cell] in
          Reach.matrix.filter { isSensible(ailment, $0) }.map {
            Cell(subject: subject, course: course, ailment: ailment, reach: $0)
          }
        }
      }
    }
  }

  private static func isSensible(_ ailment: Ailment, _ reach: Reach) -> Bool {
    guard reach == .everything else { return true }
    guard case .server(let fault) = ailment.origin else { return false }
    return lasting.contains(fault)
  }

  @Test func `Every fault at every kind of step ends as the rules say`() async throws {
    let all = FaultMatrixTests.cells(try await Subjects.all())
    let chosen = FaultMatrixTests.every(FaultMatrixTests.stride, of: all)
    let failed = try await FaultMatrixTests.failures(chosen)
    print("fault matrix: \(chosen.count) of \(all.count) cells, \(failed.count) failed")
    for (cell, wrong) in failed.prefix(40) { Issue.record("\(cell): \(wrong)") }
    #expect(failed.isEmpty)
  }

  @Test func `Under the lock of the cluster the same rules hold`() async throws {
    let all = FaultMatrixTests.cells(try await Subjects.all())
    var chosen = FaultMatrixTests.every(FaultMatrixTests.stride * 6 + 1, of: all)
    for index in chosen.indices { chosen[index].locks = true }
    let failed = try await FaultMatrixTests.failures(chosen)
    print("fault matrix under a lock: \(chosen.count) cells, \(failed.count) failed")
    for (cell, wrong) in failed.prefix(40) { Issue.record("\(cell): \(wrong)") }
    #expect(failed.isEmpty)
  }

  private static func every(_ stride: Int, of cells: [Cell]) -> [Cell] {
    cells.enumerated().filter { $0.offset.isMultiple(of: stride) }.map(\.element)
  }

  /// The cells that do not end as they have to; two are run at once.
  private static func failures(_ cells: [Cell]) async throws -> [(Cell, [String])] {
    try await withThrowingTaskGroup(of: [(Cell, [String])].self) { group in
      let workers = 2
      for worker in 0..<workers {
        group.addTask {
          var failed: [(Cell, [String])] = []
          for index in Swift.stride(from: worker, to: cells.count, by: workers) {
            let wrong = try await cells[index].failures()
            if !wrong.isEmpty { failed.append((cells[index], wrong)) }
          }
          return failed
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }
}
