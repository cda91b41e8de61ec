import JSON

extension SimulatedServer {
  /// `/collections/{name}/points…`; `rest` begins after `points`.
  mutating func routePoints(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    .noRoute
  }

  /// `/collections/{name}/facet…`; `rest` begins after `facet`.
  mutating func routeFacet(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    .noRoute
  }
}
