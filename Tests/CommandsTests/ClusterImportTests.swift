import Commands
import Foundation
import InProcessTransport
import JSON
import SimulatedQdrant
import Synchronization
import Testing
import Transport

/// `import` of a cluster of three peers, as a user runs it.
@Suite struct ClusterImportTests {
  /// A bench that reaches three peers as the cluster `default`, with what somebody has made there.
  private func bench() async throws -> CommandBench {
    let bench = try CommandBench()
    let cluster = SimulatedCluster(
      settings: SimulatedSettings(version: .v1_18_3, environment: [:]), peers: [11, 12, 13],
      seed: 5)
    let transport = SimulatedTransport(InMemoryCluster(cluster).endpoint(of: 0))
    bench.others.withLock { $0["default"] = transport }
    let requests: [(String, String, JSONValue)] = [
      (
        "PUT", "/collections/keyed",
        [
          "vectors": ["size": 4, "distance": "Dot"], "sharding_method": "custom",
          "shard_number": 1, "replication_factor": 2,
        ]
      ),
      ("PUT", "/collections/keyed/shards", ["shard_key": "eu"]),
      (
        "PUT", "/collections/keyed/shards",
        ["shard_key": 7, "shards_number": 2, "replication_factor": 3]
      ),
      ("PUT", "/collections/keyed/index", ["field_name": "tag", "field_schema": "keyword"]),
      (
        "PUT", "/collections/plain",
        ["vectors": [:], "shard_number": 4, "replication_factor": 2]
      ),
      (
        "POST", "/collections/aliases",
        ["actions": [["create_alias": ["collection_name": "plain", "alias_name": "live"]]]]
      ),
    ]
    for (method, target, body) in requests {
      let answer = try await transport.send(
        HTTPRequest(
          method: method, target: target, body: body.bytes(), effect: .mutation,
          timeout: .seconds(60)))
      try #require(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
    }
    return bench
  }

  @Test func `Shard keys with numbers of their own are said, and the plan is empty`() async throws {
    let bench = try await bench()
    let result = await bench.plan(
      "import", "--url", "http://127.0.0.1:6333", "--out", bench.path("new"))
    #expect(result.status == .success, "\(result.error)")
    #expect(result.error.isEmpty, "\(result.error)")
    let text = try String(contentsOfFile: bench.path("new/keyed.yaml"), encoding: .utf8)
    #expect(
      text.contains(
        "shard_keys:\n  - eu\n  - key: 7\n    shards_number: 2\n    replication_factor: 3\n"),
      "\(text)")
    let plan = await bench.plan(bench.path("new"), "--detailed-exitcode")
    #expect(plan.status == .success, "\(plan.output)\(plan.error)")
    let applied = await bench.apply(bench.path("new"), "--yes", "--adopt")
    #expect(applied.status == .success, "\(applied.output)\(applied.error)")
    let rest = await bench.plan(bench.path("new"), "--detailed-exitcode")
    #expect(rest.status == .success, "\(rest.output)\(rest.error)")
  }
}
