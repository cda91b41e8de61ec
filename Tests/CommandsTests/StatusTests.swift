import Commands
import JSON
import ScriptedServer
import Testing

/// What the end of a command means to a pipeline.
@Suite struct StatusTests {
  private static let numbers: [(Commands.ExitStatus, Int32)] = [
    (.success, 0), (.failed, 1), (.changesPending, 2), (.drift, 3), (.unchecked, 4),
    (.refused, 5), (.stale, 6), (.lockHeld, 7), (.rolledBack, 8), (.halted, 9),
    (.interrupted, 10), (.notInEffect, 11), (.usage, 64), (.invalidManifests, 65),
    (.unreachable, 69), (.noPermission, 77),
  ]

  @Test func `The numbers are those of the documentation`() {
    for (status, number) in StatusTests.numbers { #expect(status.rawValue == number) }
    #expect(Commands.ExitStatus.allCases.count == StatusTests.numbers.count)
  }

  @Test func `Of several the first in the documented order is the status`() {
    let order: [Int32] = [64, 65, 77, 69, 7, 6, 9, 10, 8, 11, 5, 4, 3, 2, 1, 0]
    let statuses = order.compactMap(Commands.ExitStatus.init(rawValue:))
    #expect(statuses.count == order.count)
    for first in statuses.indices {
      for second in first..<statuses.count {
        #expect(
          Commands.ExitStatus.first(of: [statuses[second], statuses[first]]) == statuses[first])
      }
    }
    #expect(Commands.ExitStatus.first(of: []) == .success)
  }

  /// A port on which nobody listens.
  private func closedPort() throws -> Int {
    let server = try ScriptedServer()
    server.stop()
    return server.port
  }

  private func cluster(_ name: String, _ port: Int) -> String {
    "---\nkind: Cluster\nname: \(name)\nurl: http://127.0.0.1:\(port)\n"
  }

  private func collection(_ name: String, on cluster: String) -> String {
    "kind: Collection\nname: \(name)\ncluster: \(cluster)\nvectors: {size: 2, distance: Dot}\n"
  }

  @Test func `A cluster that does not answer is unreachable for every command`() async throws {
    let bench = try CommandBench(connects: true)
    try bench.write(collection("a", on: "gone"), cluster: cluster("gone", closedPort()))
    for result in [
      await bench.plan(bench.folder, "--detailed-exitcode"), await bench.drift(bench.folder),
      await bench.apply(bench.folder, "--yes"),
    ] {
      #expect(result.status == .unreachable, "\(result.output)\(result.error)")
      #expect(result.output.contains("unchecked"), "\(result.output)")
      #expect(!result.output.contains("In sync"), "\(result.output)")
      #expect(result.output.contains(" 1 cluster (1 not checked)"), "\(result.output)")
    }
    let never = await bench.drift(bench.folder, "--fail-on", "never")
    #expect(never.status == .success)
  }

  @Test func `No permission goes before unreachable, and both are told`() async throws {
    let denying = try ScriptedServer(
      then: .answer(.init(403, body: #"{"status":{"error":"Forbidden"}}"#)))
    let bench = try CommandBench(connects: true)
    try bench.write(
      collection("a", on: "gone") + "---\n" + collection("b", on: "closed"),
      cluster: cluster("gone", closedPort()) + cluster("closed", denying.port))
    let plan = await bench.plan(bench.folder)
    #expect(plan.status == .noPermission, "\(plan.output)\(plan.error)")
    #expect(plan.output.contains("gone: "))
    #expect(plan.output.contains("closed: GET /: 403 Forbidden"), "\(plan.output)")
    let drift = await bench.drift(bench.folder)
    #expect(drift.status == .noPermission, "\(drift.output)")
  }

  @Test func `Invalid manifests go before clusters that do not answer`() async throws {
    let bench = try CommandBench(connects: true)
    try bench.write("kind: Collection\nnam: a\n", cluster: cluster("gone", closedPort()))
    for result in [
      await bench.plan(bench.folder), await bench.drift(bench.folder),
      await bench.apply(bench.folder, "--yes"), await bench.plan("validate", bench.folder),
    ] { #expect(result.status == .invalidManifests, "\(result.output)") }
  }

  @Test func `A refusal goes before pending changes`() async throws {
    let bench = try CommandBench()
    bench.byHand("PUT", "/collections/a", ["vectors": ["size": 4, "distance": "Dot"]])
    try bench.write(collection("a", on: "here") + "---\n" + collection("b", on: "here"))
    let plan = await bench.plan(bench.folder, "--detailed-exitcode")
    #expect(plan.status == .refused, "\(plan.output)")
    let other = await bench.plan(
      bench.folder, "--detailed-exitcode", "--except", "collection/a")
    #expect(other.status == .changesPending, "\(other.output)")
  }
}
