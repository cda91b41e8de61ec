import JSON

/// Snapshots: every peer has its own, of the shards that it holds.
extension SimulatedCluster {
  mutating func routeSnapshots(
    _ call: Call, _ name: String, _ rest: [String], at peer: Int
  ) throws(Refusal) -> Reply {
    try peers[peer].view.route(call)
  }

  mutating func routeShardSnapshots(
    _ call: Call, _ name: String, _ shard: String, _ rest: [String], at peer: Int
  ) throws(Refusal) -> Reply {
    try peers[peer].view.route(call)
  }
}
