import JSON

extension SimulatedServer {
  /// `/collections/{name}/snapshots…`; `rest` begins after `snapshots`.
  mutating func routeSnapshots(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    .noRoute
  }

  /// `/snapshots…`; `rest` begins after `snapshots`.
  mutating func routeStorageSnapshots(
    _ call: Call, _ rest: [String]
  ) throws(Refusal) -> Reply {
    .noRoute
  }
}

extension SimulatedServer {
  /// `/collections/{name}/shards/{id}/snapshots…`; `rest` begins after `snapshots`.
  mutating func routeShardSnapshots(
    _ call: Call, _ name: String, _ shard: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    guard call.isMethod("GET"), rest.isEmpty else { return .noRoute }
    try checkShard(shard, of: name)
    return .result([])
  }
}
