/// Sends requests to one endpoint.
///
/// Contract, which every implementation keeps: a mutation leaves at most once per call; an answer
/// is complete (a body that was cut short is an error); a redirect is returned as the answer that
/// it is and never followed; cancelling the task ends the call with `.cancelled`.
package protocol HTTPTransport: Sendable {
  /// Performs one exchange.
  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse
}

/// Why there is no answer, and whether the request can have left.
package struct TransportError: Error, Sendable, Equatable {
  /// What went wrong.
  package enum Reason: String, Sendable, Equatable {
    case nameNotResolved
    case connectionRefused
    case tlsHandshakeFailed
    case certificateRejected
    case timedOut
    case connectionLost
    case malformedAnswer
    case answerTruncated
    case answerTooLarge
    case cancelled
    case refusedLocally
  }

  package var reason: Reason
  /// True when no byte of the request can have reached the server: nothing happened there.
  package var neverSent: Bool
  /// One sentence for a person, without secrets; the host may stand in it, never a header.
  package var message: String

  package init(reason: Reason, neverSent: Bool, message: String) {
    self.reason = reason
    self.neverSent = neverSent
    self.message = message
  }
}
