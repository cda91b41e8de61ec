import Execution
import Foundation
import InProcessTransport
import JSON
import LawBench
import Planning
import QdrantProvider
import ResourceModel

/// What a run costs beside its requests: the disk, and everything else of ours.
///
/// The server is the simulation in this process, so that no network hides our own part.
struct ApplyBenchmark {
  let folder: String

  private static func collections(_ count: Int) -> [DesiredResource] {
    (0..<count).map { number in
      var random = RandomCollections(seed: UInt64(number))
      random.density = 0.1
      var collection = random.collection("collection-\(number)")
      // Their aliases have all the same few names.
      collection.children.removeAll { $0.address.kind == .alias }
      return collection
    }
  }

  /// One run of so many collections; with a journal on the disk, or with none.
  private func run(_ count: Int, onDisk: Bool) async throws -> (
    wall: Duration, mutations: Int, disk: CountingFiles.Count
  ) {
    let bench = Bench()
    let plan = try await bench.plan(ApplyBenchmark.collections(count))
    let files = CountingFiles()
    let header = RunHeader(run: "r1", workspace: "w", plan: "p", steps: plan.steps.count)
    let path = folder + "/state-\(count)"
    let writer =
      onDisk
      ? try StateFolder.open(path, in: files)
        .createRun("r1", plan: PlanFile.bytes(of: plan), reserving: 1 << 20) : nil
    var machine = ApplyMachine(
      ApplyMachine.Work(
        header: header, steps: plan.steps,
        clusters: [ApplyMachine.ClusterWork(name: "c", identity: bench.identity)],
        schema: bench.schema), settings: ApplyMachine.Settings())
    let executor = Executor(
      providers: ["c": bench.provider], header: header, clock: ContinuousClock(),
      record: { entry throws(JournalFailure) in
        try writer?.append(
          entry: JournalCoding.json(entry), time: "2026-11-25T12:00:00Z",
          durably: entry.isDurable)
      })
    let clock = ContinuousClock()
    let start = clock.now
    let end = await executor.execute(&machine)
    let wall = start.duration(to: clock.now)
    guard end.state == .applied else { throw NotApplied(end: end) }
    return (wall, bench.transport.mutations.count, files.count)
  }

  private struct NotApplied: Error { var end: RunEnd }

  func report(_ counts: [Int]) async throws {
    print("collections  mutations  flushes  flushes-mutations  bytes/mutation  no journal  journal")
    for count in counts {
      let bare = try await run(count, onDisk: false)
      let kept = try await run(count, onDisk: true)
      let figures = [
        "\(count)", "\(kept.mutations)", "\(kept.disk.flushes)",
        "\(kept.disk.flushes - kept.mutations)", "\(kept.disk.bytes / max(1, kept.mutations))",
        ApplyBenchmark.perMutation(bare.wall, bare.mutations),
        ApplyBenchmark.perMutation(kept.wall, kept.mutations),
      ]
      print(figures.joined(separator: "  "))
    }
  }

  private static func perMutation(_ wall: Duration, _ mutations: Int) -> String {
    let microseconds = wall / .microseconds(1) / Double(max(1, mutations))
    return "\(Int(microseconds)) us/mutation"
  }
}

let counts = CommandLine.arguments.dropFirst().compactMap { Int($0) }
let folder = NSTemporaryDirectory() + "apply-benchmark-\(UUID().uuidString)"
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: folder) }
try await ApplyBenchmark(folder: folder).report(counts.isEmpty ? [10, 100, 500] : counts)
