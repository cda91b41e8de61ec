import JSON

extension SimulatedServer {
  /// `GET /collections/{name}/optimizations`.
  func collectionOptimizations(_ call: Call, _ name: String) throws(Refusal) -> Reply { .noRoute }

  /// `GET /collections/{name}/memory`.
  func collectionMemory(_ name: String) throws(Refusal) -> Reply { .noRoute }
}
