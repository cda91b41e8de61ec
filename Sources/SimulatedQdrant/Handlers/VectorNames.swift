import JSON

extension SimulatedServer {
  /// `/collections/{name}/vectors…`; `rest` begins after `vectors`.
  mutating func routeVectorNames(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    .noRoute
  }
}
