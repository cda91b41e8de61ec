import JSON

extension SimulatedServer {
  /// `/cluster…`; `rest` begins after `cluster`.
  mutating func routeCluster(_ call: Call, _ rest: [String]) throws(Refusal) -> Reply {
    .noRoute
  }

  /// `/collections/{name}/shards…`; `rest` begins after `shards`.
  mutating func routeShards(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    .noRoute
  }

  /// `GET /collections/{name}/cluster`.
  func collectionCluster(_ name: String) throws(Refusal) -> Reply { .noRoute }

  /// `POST /collections/{name}/cluster`.
  mutating func changeCollectionCluster(
    _ call: Call, _ name: String
  ) throws(Refusal) -> Reply {
    .noRoute
  }
}
