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
  var configuration: ServerSettings
  var collections: [ExactString: Collection] = [:] {
    didSet { if !written.isEmpty { written.removeAll() } }
  }
  /// What collections show, as it was written last: it stays until any of them changes.
  var written: [ExactString: [UInt8]] = [:]
  /// Targets by alias.
  var aliases: [ExactString: ExactString] = [:]
  /// Files by the folder that they lie in.
  var snapshots: [SnapshotFolder: [SnapshotFile]] = [:]
  /// What the server may use of its machine; nothing is refused for it here.
  var quotas: JSONValue = ["enabled": false]
  /// The number by which the server calls itself; of its own only in a cluster.
  var peerID: UInt64 = 4_127_684_951_038_277
  /// What ends with the process.
  var run = RunState()

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
    var call = Call(
      request: request, target: Target(request.target), now: now, partialLimit: partialLimit)
    if let refusal = admit(&call) { return refusal }
    if let refusal = forbidden(call) { return answer(call, refusal) }
    do throws(Refusal) { return answer(call, try route(call)) } catch {
      return answer(call, .refusal(error))
    }
  }

  /// The answer to a body that is too long to be read.
  package func answerToOversized(_ count: Int, limit: Int) -> SimulatedResponse {
    Reply.refusal(configuration.oversized(count, limit: limit)).response
  }

  /// Looks at the credential of a request; the answer if it gets no further.
  mutating func admit(_ call: inout Call) -> SimulatedResponse? {
    if call.isPreflight { return SimulatedResponse(status: 200) }
    do throws(AccessFailure) { call.access = try authenticate(call) } catch {
      return error.response
    }
    audit(call)
    return nil
  }

  /// Puts a reply in its envelope and counts it.
  mutating func answer(_ call: Call, _ reply: Reply) -> SimulatedResponse {
    let response = reply.known(to: configuration.behaviours).response
    if case .noRoute = reply { return response }
    if let route = call.routePattern(configuration.behaviours) {
      let named = call.pathCollection.flatMap {
        collections[ExactString($0)] == nil ? Optional.none : $0
      }
      run.requests.count(route, named, response.status)
    }
    return response
  }

  /// The refusal of a request that its credential does not allow.
  func forbidden(_ call: Call) -> Reply? {
    if case .everything = call.access { return nil }
    let need = AccessRequirement(
      method: call.request.method, segments: call.target.segments, configuration.behaviours)
    return call.access.refusal(for: need).map { refuse(call, $0) }
  }
}

/// A request on its way through the server.
struct Call {
  var request: SimulatedRequest
  var target: Target
  var now: Double
  var partialLimit: Int?
  var access = Access.everything

  /// Whether a browser asks what another page may send.
  var isPreflight: Bool {
    request.method == "OPTIONS" && header("origin") != nil
      && header("access-control-request-method") != nil
  }
}
