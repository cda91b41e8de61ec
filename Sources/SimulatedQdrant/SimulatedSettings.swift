/// What a real server is started with: its release and its environment.
package struct SimulatedSettings: Sendable, Equatable {
  package var version: ServerLine
  /// `QDRANT__…` names and values as the real server reads them; other names do not count.
  package var environment: [String: String]

  package init(version: ServerLine = .v1_18_3, environment: [String: String] = [:]) {
    self.version = version
    self.environment = environment
  }
}
