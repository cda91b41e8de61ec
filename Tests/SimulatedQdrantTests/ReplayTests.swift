import FoundationEssentials
import JSON
import Testing

@testable import SimulatedQdrant

/// Whatever a real server answered, the simulated one answers.
@Suite struct ReplayTests {
  /// An area with how many of its steps are answered as recorded; nil: all, without exception.
  struct Area: Sendable, CustomTestStringConvertible {
    var name: String
    var floor: Int?

    var testDescription: String { name }
  }

  static let areas = [
    Area(name: "collections-create"),
    Area(name: "collections-create-invalid"),
    Area(name: "collections-patch"),
    Area(name: "collections-delete-get"),
    Area(name: "named-vectors"),
    Area(name: "indexes"),
    Area(name: "aliases"),
    Area(name: "normalisation"),
    Area(name: "server-defaults"),
    Area(name: "standalone-cluster"),
    Area(name: "service", floor: 238),
    Area(name: "auth"),
    Area(name: "points", floor: 571),
    Area(name: "snapshots"),
    Area(name: "timelines"),
  ]

  @Test(arguments: areas)
  func `The recordings of an area replay`(area: Area) throws {
    let recordings = try Recording.load(area: area.name)
    #expect(!recordings.isEmpty)
    var steps = 0
    var reached = 0
    var whole = 0
    var failures: [String] = []
    for recording in recordings {
      var replay = Replay(recording)
      replay.run()
      steps += recording.steps.count
      reached += replay.reached
      whole += replay.failures.isEmpty ? 1 : 0
      failures += replay.failures
      if let difference = replay.differenceAfterRestoring() {
        Issue.record("\(area.name)/\(recording.name), restored: \(difference)")
      }
    }
    let share = Double(reached * 10000 / max(1, steps)) / 100
    print(
      "replayed \(area.name): \(whole) of \(recordings.count) scenarios, "
        + "\(reached) of \(steps) exchanges, \(share) %")
    ReplayTests.report(failures, of: area)
    if let floor = area.floor {
      #expect(reached >= floor)
    } else {
      #expect(failures.isEmpty, "\(failures.count) steps differ: \(failures.first ?? "")")
    }
  }

  /// Prints the differences of the areas that `REPLAY_SHOW` names, separated by commas.
  static func report(_ failures: [String], of area: Area) {
    let shown = ProcessInfo.processInfo.environment["REPLAY_SHOW"] ?? ""
    guard shown.split(separator: ",").contains(Substring(area.name)) else { return }
    for failure in failures { print("  " + failure) }
  }
}
