import FoundationEssentials
import JSON
import Testing

@testable import SimulatedQdrant

/// How far three simulated peers answer what three real ones did; the table in the documentation
/// says it.
@Suite struct ClusterReplayTests {
  /// An area of the recordings of a line.
  struct Area: Sendable, CustomTestStringConvertible {
    var name: String
    var line: ServerLine

    var testDescription: String { "\(name) of \(line.rawValue)" }
  }

  static let areas = [ServerLine.v1_18_3, .v1_19_0].flatMap { line in
    [
      "cluster", "shard-keys", "transfers", "lost-peers", "cluster-auth", "telemetry",
      "cluster-snapshots",
    ].map { Area(name: $0, line: line) }
  }

  /// The seeds that are tried: where chance decided on a shard's place or a new leader, one of them
  /// has to bring what it brought.
  static let seeds: Range<UInt64> = 0..<200

  @Test(arguments: areas)
  func `The table says how far three peers are answered`(area: Area) throws {
    let recordings = try Recording.loadCluster(area: area.name, line: area.line)
    #expect(!recordings.isEmpty)
    let replays = recordings.map { best($0, area) }
    let failures = replays.map(\.failures)
    let row = ReplayTable.row(
      area.line.rawValue + ", three peers", area.name, recordings, failures: failures)
    print(row)
    for failure in failures.joined() { print("  " + failure) }
    try ReplayTable().expect(row)
  }

  /// The replay with the seed that comes nearest.
  private func best(_ recording: Recording, _ area: Area) -> ClusterReplay {
    var best: ClusterReplay?
    for seed in Self.seeds {
      var replay = ClusterReplay(recording, area: area.name, seed: seed, line: area.line)
      replay.run(limit: best?.failures.count ?? Int.max)
      if replay.failures.isEmpty { return replay }
      if replay.failures.count < best?.failures.count ?? Int.max { best = replay }
    }
    return best ?? ClusterReplay(recording, area: area.name, seed: 0, line: area.line)
  }
}
