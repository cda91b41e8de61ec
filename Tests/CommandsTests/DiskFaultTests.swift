import Execution
import Foundation
import InProcessTransport
import JSON
import SimulatedDisk
import SimulatedQdrant
import Synchronization
import Testing

@testable import Commands

/// Whatever the disk does to a journal, nothing is sent that it does not announce, and the run can
/// be brought to its target or back.
@Suite struct DiskFaultTests {
  /// One fault: which operation of its kind fails, and how.
  struct Fault: Sendable, CustomTestStringConvertible {
    var operation: FileFailure.Operation
    var code: Int32
    var written = 0
    var testDescription: String { "\(operation) fails with \(code) after \(written) bytes" }
  }

  private static let faults = [
    Fault(operation: .append, code: ENOSPC), Fault(operation: .append, code: EIO, written: 7),
    Fault(operation: .synchronize, code: EIO), Fault(operation: .reserve, code: ENOSPC),
    Fault(operation: .rename, code: EIO), Fault(operation: .synchronizeFolder, code: EIO),
  ]

  @Test(arguments: faults)
  func `A disk that fails at any place leaves a run that can be brought to an end`(
    fault: Fault
  ) async throws {
    var met = 0
    for count in 1...60 {
      let disk = SimulatedFiles()
      let bench = try await bench(disk)
      disk.fail(fault.operation, at: count, code: fault.code, writing: fault.written)
      let apply = await bench.run(
        ApplyCommand.run, [bench.folder, "--yes", "--state", "/state"])
      let wasMet = apply.status != .success
      disk.losePower()
      try expectAnnounced(bench, disk)
      try await bringToAnEnd(bench, goesBack: count.isMultiple(of: 2))
      guard wasMet else { break }
      #expect([.failed, .halted].contains(apply.status), "\(count): \(apply.error)")
      met += 1
    }
    #expect(met > 0)
  }

  @Test
  func `A process that ends at any operation on its disk is survived, with and without power`()
    async throws
  {
    for keepsPower in [true, false] {
      for count in 1...120 {
        let disk = SimulatedFiles()
        let bench = try await bench(disk)
        disk.kill(at: count, writing: count % 5)
        let apply = await bench.run(
          ApplyCommand.run, [bench.folder, "--yes", "--state", "/state"])
        if keepsPower { disk.restart() } else { disk.losePower() }
        try expectAnnounced(bench, disk)
        try await bringToAnEnd(bench, goesBack: count.isMultiple(of: 2))
        if apply.status == .success { break }
        #expect(count < 120)
      }
    }
  }

  /// Flushes and mutations of a run that has so many indexes to make.
  private func cost(indexes: Int) async throws -> (flushes: Int, mutations: Int) {
    let disk = SimulatedFiles()
    let bench = try await bench(disk)
    let fields = (0..<indexes).map { "f\($0): keyword" }.joined(separator: ", ")
    try bench.write(
      """
      kind: Collection
      name: many
      vectors: {size: 2, distance: Dot}
      payload_indexes: {\(fields)}
      """)
    let apply = await bench.run(
      ApplyCommand.run, [bench.folder, "--yes", "--state", "/state"])
    #expect(apply.status == .success, "\(apply.error)")
    let flushes = disk.operations.count { $0 == .synchronize || $0 == .synchronizeFolder }
    return (flushes, bench.transport.mutations.count)
  }

  @Test func `A run flushes once for each mutation, and a number of times that does not grow`()
    async throws
  {
    let small = try await cost(indexes: 2)
    let large = try await cost(indexes: 40)
    #expect(large.mutations - small.mutations == 38)
    #expect(large.flushes - small.flushes <= large.mutations - small.mutations)
    print("flushes: \(large.flushes) for \(large.mutations) mutations")
  }

  private func bench(_ disk: SimulatedFiles) async throws -> CommandBench {
    let bench = try CommandBench()
    bench.files.withLock { $0 = disk }
    try bench.write(MainPathTests.products)
    return bench
  }

  /// Every mutation that left has its announcement on the disk.
  private func expectAnnounced(_ bench: CommandBench, _ disk: SimulatedFiles) throws {
    var announced = 0
    if let folder = try StateFolder.openIfPresent("/state", in: disk) {
      for id in try folder.runs() {
        announced += try folder.readRun(id).records.count { record in
          ["intent", "control"].contains(record.entry["type"]?.string)
        }
      }
    }
    #expect(bench.transport.mutations.count <= announced)
  }

  /// Resumes or takes back what is open; then the server is at the target or as it was.
  private func bringToAnEnd(_ bench: CommandBench, goesBack: Bool) async throws {
    let words = goesBack ? ["rollback", "--yes"] : ["resume"]
    let end = await bench.run(ApplyCommand.run, words + ["--state", "/state"])
    let isNothingOpen = end.status == .usage || end.output.contains("No run is open")
    #expect(end.status == .success || isNothingOpen, "\(end.output)\(end.error)")
    let isThere = bench.live("products") != nil
    if isThere {
      let plan = await bench.plan(bench.folder, "--detailed-exitcode")
      #expect(plan.status == .success, "\(plan.output)")
    }
    if !isNothingOpen { #expect(isThere == !goesBack) }
    // Whatever happened, the next apply is not kept from its work.
    let next = await bench.run(
      ApplyCommand.run, [bench.folder, "--yes", "--after-rollback", "--state", "/state"])
    #expect(next.status == .success, "\(next.output)\(next.error)")
  }
}
