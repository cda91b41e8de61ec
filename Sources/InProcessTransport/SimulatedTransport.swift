package import SimulatedQdrant
import Synchronization
package import Transport

/// The transport contract over a simulated server, without a socket.
///
/// Faults of the endpoint's script become transport errors, as the libcurl transport would report
/// them. All that is sent is recorded.
package final class SimulatedTransport: HTTPTransport {
  private let endpoint: any SimulatedEndpoint
  private let credential: [HTTPHeader]
  private let time: TransportTime
  private let limits: Limits
  private let record = Mutex<[RecordedExchange]>([])

  /// What an exchange may take.
  package struct Limits: Sendable {
    /// Bytes of an answer's body.
    package var answerBytes: Int
    /// For requests that say nothing about it.
    package var timeout: Duration

    package init(answerBytes: Int = 64 << 20, timeout: Duration = .seconds(60)) {
      self.answerBytes = answerBytes
      self.timeout = timeout
    }
  }

  /// - Parameter credential: headers that are added to every request and recorded with none.
  package init(
    _ endpoint: any SimulatedEndpoint, credential: [HTTPHeader] = [],
    time: TransportTime = .virtual(), limits: Limits = Limits()
  ) {
    self.endpoint = endpoint
    self.credential = credential
    self.time = time
    self.limits = limits
  }

  /// Everything sent so far, in the order of the ends of the exchanges.
  package var exchanges: [RecordedExchange] { record.withLock { $0 } }

  /// What was sent and may have changed something.
  package var mutations: [RecordedExchange] { exchanges.filter { $0.request.effect == .mutation } }

  /// Forgets what was recorded.
  package func forgetExchanges() { record.withLock { $0 = [] } }

  package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    if Task.isCancelled {
      throw TransportError(reason: .cancelled, neverSent: true, message: "the task was cancelled")
    }
    let exchange = endpoint.exchange(simulated(request), now: time.now())
    let result: Result<HTTPResponse, TransportError>
    do throws(TransportError) {
      result = .success(try await outcome(of: exchange, request))
    } catch {
      result = .failure(error)
    }
    record.withLock {
      $0.append(RecordedExchange(request: request, result: result, fault: exchange.fault))
    }
    return try result.get()
  }

  private func simulated(_ request: HTTPRequest) -> SimulatedRequest {
    var headers = [(name: "host", value: "in-process")]
    if request.body != nil { headers.append(("content-type", "application/json")) }
    for header in request.headers + credential {
      headers.removeAll { $0.name == "content-type" && header.name.lowercased() == $0.name }
      headers.append((header.name.lowercased(), header.value))
    }
    return SimulatedRequest(
      method: request.method, target: request.target, headers: headers, body: request.body ?? [])
  }

  private func outcome(
    of exchange: FaultedExchange, _ request: HTTPRequest
  ) async throws(TransportError) -> HTTPResponse {
    let timeout = (request.timeout ?? limits.timeout).seconds
    switch exchange.outcome {
    case .answered(let response, let delivery):
      return try await deliver(response, delivery, after: exchange.delay, timeout: timeout)
    case .refused: throw failure(.connectionRefused, "the connection was refused", neverSent: true)
    case .closedUnread:
      throw failure(.connectionLost, "the connection was lost before the request", neverSent: true)
    case .closedWhileReading:
      throw failure(.connectionLost, "the connection was lost within the request")
    case .closed: throw failure(.connectionLost, "the connection was closed without an answer")
    case .silence:
      try await wait(timeout)
      throw failure(.timedOut, "no answer came in \(timeout) s")
    case .notHTTP: throw failure(.malformedAnswer, "the answer is no HTTP")
    }
  }

  private func deliver(
    _ response: SimulatedResponse, _ delivery: FaultedExchange.Delivery, after delay: Double,
    timeout: Double
  ) async throws(TransportError) -> HTTPResponse {
    var seconds = delay
    if case .slow(let rate) = delivery, rate > 0 { seconds += Double(response.body.count) / rate }
    try await wait(min(seconds, timeout))
    if seconds >= timeout { throw failure(.timedOut, "no answer came in \(timeout) s") }
    if case .truncated(let bytes) = delivery, bytes < response.body.count {
      throw failure(.answerTruncated, "the answer broke off after \(bytes) bytes")
    }
    guard response.body.count <= limits.answerBytes else {
      throw failure(.answerTooLarge, "the answer is longer than \(limits.answerBytes) bytes")
    }
    var headers = [HTTPHeader("content-length", String(response.body.count))]
    if let type = response.contentType { headers.append(HTTPHeader("content-type", type)) }
    headers += response.headers.map { HTTPHeader($0.name, $0.value) }
    return HTTPResponse(status: response.status, headers: headers, body: response.body)
  }

  private func wait(_ seconds: Double) async throws(TransportError) {
    guard seconds > 0 else { return }
    do { try await time.sleep(seconds) } catch {
      throw failure(.cancelled, "the task was cancelled while it waited for the answer")
    }
  }

  private func failure(
    _ reason: TransportError.Reason, _ message: String, neverSent: Bool = false
  ) -> TransportError {
    TransportError(reason: reason, neverSent: neverSent, message: message)
  }
}

extension Duration {
  /// As seconds.
  fileprivate var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
