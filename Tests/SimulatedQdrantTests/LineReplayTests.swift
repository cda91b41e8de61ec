import FoundationEssentials
import JSON
import Testing

@testable import SimulatedQdrant

/// How far the simulated server answers as each server line; the table in the documentation says
/// it.
///
/// The table is what was measured, and the floor: a share that falls fails, and so does one that
/// rises until the table says so. `Tests/Tools/derive-replay-table` writes it.
@Suite struct LineReplayTests {
  /// The lines to look at: all, or those that `REPLAY_LINES` names, separated by commas.
  static let lines: [ServerLine] = {
    guard let named = ProcessInfo.processInfo.environment["REPLAY_LINES"] else {
      return ServerLine.allCases
    }
    return named.split(separator: ",").compactMap { ServerLine(rawValue: String($0)) }
  }()

  /// The rows of a line, as the table has them.
  static func rows(of line: ServerLine) throws -> [String] {
    try ReplayTests.areas.map { area in
      let recordings = try Recording.load(area: area.name, line: line)
      let replays = recordings.map { recording in
        var replay = Replay(recording, line: line)
        replay.run()
        return replay
      }
      let steps = recordings.reduce(0) { $0 + $1.steps.count }
      let reached = replays.reduce(0) { $0 + $1.reached }
      let whole = replays.count { $0.failures.isEmpty }
      let share = reached * 1000 / max(1, steps)
      ReplayTests.report(replays.flatMap(\.failures), of: area)
      return "| \(line.rawValue) | \(area.name) | \(whole) of \(recordings.count) "
        + "| \(reached) of \(steps) | \(share / 10).\(share % 10) % |"
    }
  }

  @Test(arguments: lines)
  func `The table says how far a line is answered`(line: ServerLine) throws {
    let rows = try LineReplayTests.rows(of: line)
    for row in rows { print(row) }
    let page = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../docs/simulated-qdrant.md")
    let said = String(decoding: try Data(contentsOf: page), as: UTF8.self)
      .split(separator: "\n").map(String.init).filter { $0.hasPrefix("| \(line.rawValue) |") }
    #expect(said == rows, "out of date: Tests/Tools/derive-replay-table writes the table")
  }
}
