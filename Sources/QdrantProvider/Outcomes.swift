import JSON
import ResourceModel
import Secrets
import Transport

/// Tells what is known after a request: from an answer's status, or from the lack of an answer.
struct Outcomes: Sendable {
  let redactor: Redactor

  /// The outcome of a request that got no answer.
  func error(_ failure: TransportError, effect: HTTPRequest.Effect) -> ProviderError {
    let message = clean(failure.message)
    let category: ProviderError.Category = .unreachable
    switch failure.reason {
    case .refusedLocally:
      return ProviderError(.rejected, message, category: .noPermission)
    case .tlsHandshakeFailed, .certificateRejected:
      return ProviderError(.rejected, message, category: category)
    default:
      let happened = effect == .mutation && !failure.neverSent
      return ProviderError(happened ? .unknown : .unavailable, message, category: category)
    }
  }

  /// The outcome of an answer that is not a success.
  func error(_ response: HTTPResponse, to request: HTTPRequest) -> ProviderError {
    let status = response.status
    let said = serverText(response)
    let place = "\(request.method) \(request.target)"
    switch status {
    case 300..<400:
      let target = response.header("location").map { " to \(clean(masked($0)))" } ?? ""
      return ProviderError(
        .rejected, "\(place) was answered with a redirect\(target), which is not followed",
        status: status)
    case 401, 403:
      return ProviderError(
        .rejected, "\(place): \(status) \(said)", category: .noPermission, status: status)
    case 429,
      503 where request.effect == .read:
      var error = ProviderError(.unavailable, "\(place): \(status) \(said)", status: status)
      error.retryAfter = response.header("retry-after").flatMap { Int($0) }
        .map { .seconds(min(max($0, 0), 60)) }
      return error
    case 408, 500...599:
      let outcome: ProviderError.Outcome =
        status == 507 ? .rejected : (request.effect == .mutation ? .unknown : .unavailable)
      return ProviderError(outcome, "\(place): \(status) \(said)", status: status)
    default:
      return ProviderError(.rejected, "\(place): \(status) \(said)", status: status)
    }
  }

  /// The outcome of a success whose body is not what it should be.
  func malformed(_ request: HTTPRequest, _ what: String) -> ProviderError {
    ProviderError(
      request.effect == .mutation ? .unknown : .unavailable,
      "\(request.method) \(request.target) was answered with success, but \(what)")
  }

  /// The error text of an answer, without secrets, at most 2 KiB.
  private func serverText(_ response: HTTPResponse) -> String {
    let value = try? JSONParser.parse(response.body)
    if let text = value?["status"]?["error"]?.string { return clean(text) }
    if response.body.isEmpty { return "(no text)" }
    return clean(String(decoding: response.body.prefix(65_536), as: UTF8.self))
  }

  /// An address that a server gave, without what may be somebody's credential in it.
  private func masked(_ address: String) -> String {
    var bytes = Array(address.utf8)
    for range in EndpointURL.sensitiveRanges(in: address).reversed() {
      bytes.replaceSubrange(range, with: Secret.mask.utf8)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func clean(_ text: String) -> String {
    let whole = redactor.redact(text)
    return whole.utf8.count > 2048 ? String(whole.prefix(2000)) + "…" : whole
  }
}
