import JSON

extension SimulatedServer {
  /// `GET /`: no envelope.
  var root: Reply {
    let behaviours = configuration.behaviours
    let body: JSONValue = [
      "title": "qdrant - vector search engine", "version": .string(behaviours.version),
      "commit": .string(behaviours.commit),
    ]
    return .bytes(status: 200, type: "application/json", body: body.bytes())
  }

  /// Health, telemetry and the like.
  mutating func routeService(_ call: Call) throws(Refusal) -> Reply { .noRoute }
}
