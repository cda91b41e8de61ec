import JSON

extension SimulatedServer {
  /// `/collections/{name}/index…`; `rest` begins after `index`.
  mutating func routeIndexes(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    .noRoute
  }
}

extension Collection {
  /// The object under `payload_schema`.
  var shownIndexes: JSONValue { [:] }
}
