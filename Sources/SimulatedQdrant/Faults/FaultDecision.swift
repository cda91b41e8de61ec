/// What is to happen to one request: a fault taken apart into what every executor must do.
package struct FaultDecision: Sendable, Equatable {
  /// How far the request gets.
  package enum Reception: Sendable, Equatable {
    case whole
    case refused
    case droppedUnread
    case droppedAfter(Int)
  }

  /// What the server does.
  package enum Application: Sendable, Equatable {
    case times(Int)
    case partial(Int)
    case later(seconds: Double)
  }

  /// What is answered.
  package enum Answer: Sendable, Equatable {
    case genuine
    case fixed(SimulatedResponse)
    case changed(SchemaChange)
    case emptyInfo
    case previous
    case notHTTP([UInt8])
    /// The connection is closed.
    case none
    /// The connection stays open.
    case silence
  }

  /// What happens to the server before the request is looked at.
  package enum ServerChange: Sendable, Equatable {
    case restart(keepingStorage: Bool)
    case version(ServerLine)
  }

  package var fault: Fault?
  package var change: ServerChange?
  package var reception = Reception.whole
  package var application = Application.times(1)
  package var answer = Answer.genuine
  package var delivery = FaultedExchange.Delivery.whole
  /// Seconds between the effect and the answer.
  package var delay = 0.0

  /// A request that nothing happens to.
  package static let undisturbed = FaultDecision()

  init() {}

  /// Takes a fault apart; `rate` is decided by the script, which counts.
  init(_ fault: Fault) {
    self.fault = fault
    switch fault {
    case .refuse: reception = .refused
    case .dropBeforeRead: reception = .droppedUnread
    case .dropMidRequest(let bytes): reception = .droppedAfter(bytes)
    case .dropBeforeApply: (application, answer) = (.times(0), .none)
    case .dropAfterApply: answer = .none
    case .delay(let seconds): delay = seconds
    case .applyThenStatus(let code): answer = .fixed(.error(code, "Service internal error: fault"))
    case .status(let code, let body, let headers):
      answer = .fixed(FaultDecision.response(code, body: body, headers: headers))
      application = .times(0)
    case .lateApply(let seconds):
      (application, answer) = (.later(seconds: seconds), .fixed(.consensusTimeout))
    case .neverApply: (application, answer) = (.times(0), .fixed(.consensusTimeout))
    case .partialApply(let limit): application = .partial(limit)
    case .duplicate(let times): application = .times(times)
    case .truncate(let bytes): delivery = .truncated(after: bytes)
    case .garbage(let bytes):
      answer = .fixed(SimulatedResponse(status: 200, contentType: "text/html", body: bytes))
    case .notHTTP(let bytes): answer = .notHTTP(bytes)
    case .wrongSchema(let change): answer = .changed(change)
    case .slowloris(let rate): delivery = .slow(bytesPerSecond: rate)
    case .blackhole(let applied): (application, answer) = (.times(applied ? 1 : 0), .silence)
    case .hugeBody(let bytes):
      let body = Array(repeating: UInt8(ascii: " "), count: bytes)
      answer = .fixed(
        SimulatedResponse(status: 200, contentType: "application/json", body: body))
      application = .times(0)
    case .redirect(let address, let code):
      answer = .fixed(SimulatedResponse(status: code, headers: [("location", address)]))
      application = .times(0)
    case .previousAnswer: answer = .previous
    case .restart(let keeping):
      change = .restart(keepingStorage: keeping)
      (application, answer) = (.times(0), .none)
    case .version(let line): change = .version(line)
    case .rate(_, let retryAfter):
      answer = .fixed(.tooManyRequests(retryAfter: retryAfter))
      application = .times(0)
    case .authFlip:
      let body = Array("Invalid API key or JWT".utf8)
      answer = .fixed(SimulatedResponse(status: 401, body: body))
      application = .times(0)
    case .emptyInfo: answer = .emptyInfo
    }
  }

  private static func response(
    _ code: Int, body: [UInt8], headers: [FaultHeader]
  ) -> SimulatedResponse {
    let type = headers.last { $0.name.lowercased() == "content-type" }?.value
    let others = headers.filter { $0.name.lowercased() != "content-type" }
    return SimulatedResponse(
      status: code, contentType: type ?? "application/json",
      headers: others.map { ($0.name, $0.value) }, body: body)
  }
}

extension SimulatedResponse {
  /// An error in Qdrant's envelope.
  static func error(_ status: Int, _ text: String) -> SimulatedResponse {
    SimulatedResponse(
      status: status, contentType: "application/json",
      body: Array("{\"status\":{\"error\":\"\(text)\"},\"time\":0.000012}".utf8))
  }

  /// What a cluster answers when an operation was not committed in time; it may be, later.
  static var consensusTimeout: SimulatedResponse {
    .error(
      500,
      "Service internal error: Waiting for consensus operation commit failed. "
        + "Timeout set at: 10 seconds")
  }

  /// What strict mode answers beyond its rate (recorded on 1.18.3, points/strict-mode-rate-limits).
  static func tooManyRequests(retryAfter: Int?) -> SimulatedResponse {
    let advice = retryAfter.map { ". Retry after \($0)s" } ?? ""
    var answer = error(
      429,
      "Rate limiting exceeded: Write rate limit exceeded: Operation requires 1 tokens but only 0 "
        + "were available" + advice)
    if let retryAfter { answer.headers = [("retry-after", String(retryAfter))] }
    return answer
  }
}
