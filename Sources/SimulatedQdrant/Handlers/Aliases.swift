import JSON

extension SimulatedServer {
  /// `POST /collections/aliases`.
  mutating func changeAliases(_ call: Call) throws(Refusal) -> Reply { .noRoute }

  /// `GET /aliases`.
  func listAliases(_ call: Call) throws(Refusal) -> Reply { .noRoute }

  /// `GET /collections/{name}/aliases`.
  func listAliases(_ call: Call, of name: String) throws(Refusal) -> Reply { .noRoute }
}
