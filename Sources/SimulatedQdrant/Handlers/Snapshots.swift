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
