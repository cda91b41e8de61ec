package import JSON

/// A standalone Qdrant in memory: what it answers is a function of state, request and clock alone.
///
/// A value: a copy is a cheap snapshot, and replaying logged requests with their clocks gives the
/// same state again.
package struct SimulatedServer: Sendable {
  package let settings: SimulatedSettings
  /// Grows whenever persisted state changed, so that a store knows which requests to log.
  package private(set) var revision: UInt64 = 0

  package init(settings: SimulatedSettings) {
    self.settings = settings
  }

  /// A server that starts on the state that another one exported.
  package init(settings: SimulatedSettings, state: JSONValue) throws(SimulatedStateError) {
    guard state.object != nil else { throw SimulatedStateError(path: "") }
    self.init(settings: settings)
  }

  /// The complete persistent state.
  package func exportState() -> JSONValue { [:] }

  /// Answers one request.
  ///
  /// - Parameters:
  ///   - now: seconds since 1970.
  ///   - partialLimit: a fault hook: a PATCH (its sections in the server's order) or an alias list
  ///     is applied only for its first so many sections or actions and then answered 500.
  package mutating func handle(
    _ request: SimulatedRequest, now: Double, partialLimit: Int? = nil
  ) -> SimulatedResponse {
    SimulatedResponse(status: 404)
  }
}
