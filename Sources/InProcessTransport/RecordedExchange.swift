package import SimulatedQdrant
package import Transport

/// What was sent through a transport and what came of it, for tests.
package struct RecordedExchange: Sendable {
  package var request: HTTPRequest
  package var result: Result<HTTPResponse, TransportError>
  /// The fault that met it.
  package var fault: Fault?

  /// `PATCH /collections/a`, for messages and comparison.
  package var line: String { "\(request.method) \(request.target)" }
}
