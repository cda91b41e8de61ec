import FoundationEssentials
import JSON
import Testing

@testable import SimulatedQdrant

/// How far the simulated server answers as each server line; the table in the documentation says
/// it.
@Suite struct LineReplayTests {
  /// The lines to look at: all, or those that `REPLAY_LINES` names, separated by commas.
  static let lines: [ServerLine] = {
    guard let named = ProcessInfo.processInfo.environment["REPLAY_LINES"] else {
      return ServerLine.allCases
    }
    return named.split(separator: ",").compactMap { ServerLine(rawValue: String($0)) }
  }()

  @Test(arguments: lines)
  func `The table says how far a line is answered`(line: ServerLine) throws {
    let table = try ReplayTable()
    for area in ReplayTests.areas {
      let recordings = try Recording.load(area: area.name, line: line)
      let failures = recordings.map { recording in
        var replay = Replay(recording, line: line)
        replay.run()
        return replay.failures
      }
      ReplayTests.report(failures.flatMap(\.self), of: area)
      let row = ReplayTable.row(line.rawValue, area.name, recordings, failures: failures)
      print(row)
      table.expect(row)
    }
  }
}
