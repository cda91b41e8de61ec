import Foundation
import Testing

/// The table of the documentation, which says how far recordings are answered.
///
/// What it says was measured, and is the floor: a share that falls fails, and so does one that
/// rises until the table says so. `Tests/Tools/derive-replay-table` writes it.
struct ReplayTable {
  /// The rows as they stand in the documentation.
  private let rows: [String]

  init() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../docs/simulated-qdrant.md")
    rows = String(decoding: try Data(contentsOf: page), as: UTF8.self).split(separator: "\n")
      .map(String.init)
  }

  /// Fails when the table has not just that row of the server and the area.
  func expect(_ row: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let key = row.split(separator: "|").prefix(2).joined(separator: "|")
    let said = rows.filter { $0.hasPrefix("|\(key)|") }
    #expect(
      said == [row], "out of date for \(row): Tests/Tools/derive-replay-table writes the table",
      sourceLocation: sourceLocation)
  }

  /// A row of an area: how many steps of its recordings are answered as recorded.
  static func row(
    _ server: String, _ area: String, _ recordings: [Recording], failures: [[String]]
  ) -> String {
    let steps = recordings.reduce(0) { $0 + $1.steps.count }
    let reached = steps - failures.reduce(0) { $0 + $1.count }
    let whole = failures.count { $0.isEmpty }
    let share = reached * 1000 / max(1, steps)
    return "| \(server) | \(area) | \(whole) of \(recordings.count) "
      + "| \(reached) of \(steps) | \(share / 10).\(share % 10) % |"
  }
}
