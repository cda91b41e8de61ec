/// One request on its way from a caller to libcurl's thread and back.
///
/// `@unchecked Sendable` as part of the wrapper of libcurl: the caller makes it, then only the
/// thread touches it, except for the two flags, which are read and written under the engine's lock.
final class CurlExchange: @unchecked Sendable {
  typealias Outcome = Result<HTTPResponse, TransportError>
  typealias Continuation = UnsafeContinuation<Outcome, Never>

  let request: HTTPRequest
  /// Under the engine's lock.
  var isCancelled = false
  /// Under the engine's lock.
  var isSubmitted = false
  /// The thread's: resumed once, then nil.
  var continuation: Continuation?
  /// The thread's: what carries it while it is in flight.
  var handle: CurlHandle?

  init(_ request: HTTPRequest) {
    self.request = request
  }

  /// Whether an outcome has been given.
  var isFinished: Bool { continuation == nil }

  /// Gives the outcome to the caller; further calls do nothing.
  func finish(_ outcome: Outcome) {
    let waiting = continuation
    continuation = nil
    waiting?.resume(returning: outcome)
  }
}
