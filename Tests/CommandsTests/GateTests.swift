import InProcessTransport
import JSON
import SimulatedQdrant
import Synchronization
import Testing
import Transport

@testable import Commands

/// What a collection's `gates` make a run wait for.
@Suite struct GateTests {
  private static func products(m: Int, alias: String = "catalog") -> String {
    """
    kind: Collection
    name: products
    cluster: here
    vectors: {size: 2, distance: Dot}
    hnsw_config: {m: \(m)}
    aliases: [\(alias)]
    lifecycle: {gates: [{wait: green, timeout: 1s}]}
    """
  }

  /// A collection at `m: 16`, a manifest that wants 20 and another alias, and a server whose
  /// optimisers are not done as long as the switch is on.
  private func prepared() async throws -> (CommandBench, Busy) {
    let (bench, endpoint) = try CommandBench.rewriting()
    try bench.write(GateTests.products(m: 16))
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
    try bench.write(GateTests.products(m: 20, alias: "front"))
    let busy = Busy()
    endpoint.alter { request, response in
      guard request.method == "GET", request.target.hasPrefix("/collections/products"),
        busy.isOn.withLock({ $0 })
      else { return }
      let text = String(decoding: response.body, as: UTF8.self)
      response.body = Array(text.replacing(#""status":"green""#, with: #""status":"yellow""#).utf8)
    }
    return (bench, busy)
  }

  /// Whether the server says that it is busy.
  private final class Busy: Sendable {
    let isOn = Mutex(true)
  }

  private func m(_ bench: CommandBench) -> Int? {
    bench.live("products")?["config"]?["hnsw_config"]?["m"]?.integer
  }

  private func targets(_ bench: CommandBench) -> [String] {
    bench.changes.map { "\($0.request.method) \($0.request.target.prefix { $0 != "?" })" }
  }

  @Test func `A gate that does not open takes the run back, before the alias moves`() async throws {
    let (bench, _) = try await prepared()
    bench.transport.forgetExchanges()
    let plan = await bench.plan(bench.folder)
    #expect(plan.output.contains("then waits until it is green, at most 1 s"), "\(plan.output)")
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .rolledBack, "\(apply.output)\(apply.error)")
    #expect(apply.error.contains("its status is yellow, not green"), "\(apply.error)")
    #expect(m(bench) == 16)
    #expect(!targets(bench).contains("POST /collections/aliases"), "\(targets(bench))")
  }

  @Test func `A run that stopped at a gate waits there again when it is gone on with`()
    async throws
  {
    let (bench, busy) = try await prepared()
    let apply = await bench.apply(bench.folder, "--yes", "--on-failure", "stop")
    #expect(apply.status == .halted, "\(apply.output)\(apply.error)")
    #expect(apply.error.contains("not ready"), "\(apply.error)")
    #expect(m(bench) == 20)
    bench.transport.forgetExchanges()
    let state = ["--state", bench.path(".qdrant-reconciler")]
    let early = await bench.run(ApplyCommand.run, ["resume", "--on-failure", "stop"] + state)
    #expect(early.status == .halted, "it is not green yet: \(early.error)")
    #expect(targets(bench).isEmpty)
    busy.isOn.withLock { $0 = false }
    let late = await bench.run(ApplyCommand.run, ["resume"] + state)
    #expect(late.status == .success, "\(late.error)")
    #expect(targets(bench).first == "POST /collections/aliases", "\(targets(bench))")
    let bodies = bench.changes.compactMap {
      $0.request.body.map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(!bodies.contains { $0.contains("hnsw_config") }, "\(bodies)")
    #expect(await bench.plan(bench.folder, "--detailed-exitcode").status == .success)
  }

  @Test func `A run that stopped at a gate is taken back`() async throws {
    let (bench, _) = try await prepared()
    #expect(await bench.apply(bench.folder, "--yes", "--on-failure", "stop").status == .halted)
    let back = await bench.run(
      ApplyCommand.run, ["rollback", "run-2", "--yes", "--state", bench.path(".qdrant-reconciler")])
    #expect(back.status == .success, "\(back.error)")
    #expect(m(bench) == 16)
  }

  @Test func `A gate that is open costs a look and nothing else`() async throws {
    let (bench, busy) = try await prepared()
    busy.isOn.withLock { $0 = false }
    #expect(await bench.apply(bench.folder, "--yes").status == .success)
    #expect(m(bench) == 20)
  }

  @Test(arguments: [
    ("[{wait: blue}]", "expected one of green, replicas"),
    ("[{wiat: green}]", "unknown field 'wiat' in a gate"),
    ("[{wait: green, timeout: 5}]", "expected a duration"),
    ("[{wait: green, timeout: 3d}]", "expected a duration of at most 1d, found '3d'"),
    ("[{wait: green, timeout: 25h}]", "expected a duration of at most 1d, found '25h'"),
    ("{wait: green}", "expected a list"),
    ("[green]", "expected"),
    ("[{timeout: 5m}]", "expected one of wait, golden_queries"),
  ])
  func `A gate that says nothing known is an error in its place`(
    gates: String, words: String
  ) async throws {
    let bench = try CommandBench()
    let result = try await bench.validate(
      CommandBench.cluster
        + "---\nkind: Collection\nname: p\nvectors: {size: 2, distance: Dot}\nlifecycle: {gates: "
        + gates + "}\n")
    #expect(result.status == .invalidManifests)
    #expect(result.output.contains(words), "\(result.output)")
    #expect(result.output.contains("one.yaml:12:"), "\(result.output)")
  }
}
