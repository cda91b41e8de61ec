import InProcessTransport
import JSON
import SimulatedQdrant
import Synchronization
import Testing
import Transport

@testable import Commands

/// Waves of clusters: a later one starts only when all of the earlier one is done.
@Suite struct WaveTests {
  /// A server that refuses to make a collection, because what it gets is spoilt on the way.
  private final class Refusing: SimulatedEndpoint {
    private let inner: any SimulatedEndpoint
    private let target: String

    init(_ inner: any SimulatedEndpoint, target: String) {
      self.inner = inner
      self.target = target
    }

    func exchange(_ request: SimulatedRequest, now: Double) -> FaultedExchange {
      guard request.method == "PUT", request.target.hasPrefix(target) else {
        return inner.exchange(request, now: now)
      }
      let spoilt = SimulatedRequest(
        method: "PUT", target: request.target, body: Array(#"{"vectors": 1}"#.utf8))
      return inner.exchange(spoilt, now: now)
    }
  }

  private func endpoint() throws -> InMemoryEndpoint {
    InMemoryEndpoint(
      SimulatedServer(settings: SimulatedSettings(version: .v1_18_3, environment: [:])))
  }

  private static let clusters = ["one", "two", "three"].enumerated().map { index, name in
    "kind: Cluster\nname: \(name)\nurl: http://127.0.0.1:6333\nwave: \(index + 1)\n"
      + "labels: {env: prod}\n"
  }.joined(separator: "---\n")

  private static let collection = """
    kind: Collection
    name: a
    cluster: {labels: {env: prod}}
    vectors: {size: 4, distance: Dot}

    """

  /// A bench with three servers, of which one refuses.
  private func bench(refusing: String?) throws -> CommandBench {
    let bench = try CommandBench()
    for name in ["one", "two", "three"] {
      let server = try endpoint()
      bench.others.withLock {
        $0[name] =
          name == refusing
          ? SimulatedTransport(Refusing(server, target: "/collections/a"), credential: [])
          : SimulatedTransport(server, credential: [])
      }
    }
    try bench.write(WaveTests.collection, cluster: WaveTests.clusters)
    return bench
  }

  /// Whether a cluster was asked to make the collection.
  private func isAsked(_ bench: CommandBench, _ cluster: String) -> Bool {
    bench.others.withLock { $0[cluster] }?.mutations.contains {
      $0.request.method == "PUT" && $0.request.target.hasPrefix("/collections/a")
    } ?? false
  }

  @Test func `A wave that fails stops the later ones, and earlier ones stay`() async throws {
    let bench = try bench(refusing: "two")
    let result = await bench.apply(bench.folder, "--yes")
    #expect(result.status == .rolledBack, "\(result.output)\(result.error)")
    #expect(isAsked(bench, "one"))
    #expect(isAsked(bench, "two"))
    #expect(!isAsked(bench, "three"), "the third wave has not begun")
    let plan = await bench.plan(bench.folder, "--format", "json")
    let changes = try JSONParser.parse(plan.output)["changes"]?.array ?? []
    #expect(
      changes.compactMap { $0["address"]?.string } == ["collection/a@three", "collection/a@two"])
  }

  @Test func `A collection is declared on every cluster that its labels select`() async throws {
    let bench = try bench(refusing: nil)
    let result = await bench.apply(bench.folder, "--yes")
    #expect(result.status == .success, "\(result.output)\(result.error)")
    for name in ["one", "two", "three"] { #expect(isAsked(bench, name)) }
    let again = await bench.plan(bench.folder)
    #expect(again.output.contains("In sync"), "\(again.output)")
  }
}
