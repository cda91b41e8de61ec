package import JSON

/// A standalone Qdrant in memory: what it answers is a function of state, request and clock alone.
///
/// A value: a copy is a cheap snapshot, and replaying logged requests with their clocks gives the
/// same state again.
package struct SimulatedServer: Sendable {
  package let settings: SimulatedSettings
  /// Grows whenever persisted state changed, so that a store knows which requests to log.
  package internal(set) var revision: UInt64 = 0

  /// The settings as the server understands them.
  let configuration: ServerSettings
  var collections: [ExactString: Collection] = [:]
  /// Targets by alias.
  var aliases: [ExactString: ExactString] = [:]

  package init(settings: SimulatedSettings) {
    self.settings = settings
    configuration = ServerSettings(settings)
  }

  /// A server that starts on the state that another one exported.
  package init(settings: SimulatedSettings, state: JSONValue) throws(SimulatedStateError) {
    self.init(settings: settings)
    try restore(state)
  }

  /// Answers one request.
  ///
  /// - Parameters:
  ///   - now: seconds since 1970.
  ///   - partialLimit: a fault hook: a PATCH (its sections in the server's order) or an alias list
  ///     is applied only for its first so many sections or actions and then answered 500.
  package mutating func handle(
    _ request: SimulatedRequest, now: Double, partialLimit: Int? = nil
  ) -> SimulatedResponse {
    let call = Call(
      request: request, target: Target(request.target), now: now, partialLimit: partialLimit)
    do throws(Refusal) { return try route(call).response } catch {
      return Reply.refusal(error).response
    }
  }
}

/// A request on its way through the server.
struct Call {
  var request: SimulatedRequest
  var target: Target
  var now: Double
  var partialLimit: Int?
}
