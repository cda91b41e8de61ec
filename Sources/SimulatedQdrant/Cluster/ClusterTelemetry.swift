import JSON

extension SimulatedCluster {
  /// `GET /telemetry`: that of a server by itself, with the part of the cluster.
  mutating func telemetry(_ call: Call, at peer: Int) throws(Refusal) -> Reply {
    try peers[peer].view.route(call)
  }

  /// `GET /cluster/telemetry`: asks all peers.
  mutating func clusterTelemetry(_ call: Call, at peer: Int) throws(Refusal) -> Reply {
    try call.checkTimeout()
    return .result([:])
  }
}
