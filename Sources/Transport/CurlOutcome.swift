internal import CCurl
internal import Secrets

extension CurlHandle {
  /// What a finished transfer means to the caller.
  func outcome(_ code: CURLcode, settings: CurlSettings) -> CurlExchange.Outcome {
    guard code == CURLE_OK else {
      return .failure(CurlFailure(code, of: self, settings: settings).error)
    }
    let headers = AnswerHeaders.parse(headerBytes)
    let status = status
    guard (200...599).contains(status) else {
      return .failure(
        TransportError(
          reason: .malformedAnswer, neverSent: false,
          message: "\(settings.authority) answered with a status that does not exist"))
    }
    guard isHeadComplete else {
      return .failure(
        TransportError(
          reason: .answerTruncated, neverSent: false,
          message: "the answer of \(settings.authority) was cut short"))
    }
    // Where an answer ends with its connection, nobody can tell whether all of it came.
    if status < 300, !body.isEmpty, !AnswerHeaders.tellsEnd(headers) {
      return .failure(
        TransportError(
          reason: .answerTruncated, neverSent: false,
          message: "\(settings.authority) did not say where its answer ends"))
    }
    return .success(HTTPResponse(status: status, headers: headers, body: body))
  }

  /// What the end of an unfinished transfer means.
  func abandoned(settings: CurlSettings) -> TransportError {
    TransportError(
      reason: .cancelled, neverSent: requestSize == 0,
      message: "the request to \(settings.authority) was cancelled")
  }
}

/// The header lines of an answer.
enum AnswerHeaders {
  /// Lines without a colon are left out: the status line, the empty line, folded lines.
  static func parse(_ bytes: [UInt8]) -> [HTTPHeader] {
    var headers: [HTTPHeader] = []
    headers.reserveCapacity(8)
    bytes.withUnsafeBufferPointer { buffer in
      var rest = buffer[...]
      while let end = rest.firstIndex(of: 0x0A) {
        if let header = header(rest[..<end]) { headers.append(header) }
        rest = rest[(end + 1)...]
      }
    }
    return headers
  }

  private static func header(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> HTTPHeader? {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
      !isBlank(line[line.startIndex]), !line.starts(with: "HTTP/".utf8)
    else { return nil }
    var value = line[(colon + 1)...]
    while let first = value.first, isBlank(first) { value = value.dropFirst() }
    while let last = value.last, isBlank(last) { value = value.dropLast() }
    return HTTPHeader(
      String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self))
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D
  }

  /// Whether the length of the body stands in the headers, or the body tells its own end.
  static func tellsEnd(_ headers: [HTTPHeader]) -> Bool {
    headers.contains { header in
      switch header.name.utf8.count {
      case 14: header.name.lowercased() == "content-length"
      case 17: header.name.lowercased() == "transfer-encoding"
      default: false
      }
    }
  }
}

extension CurlSettings {
  /// Host and port, as they stand in messages.
  var authority: String { configuration.endpoint.authority }
}

/// Tells what libcurl's error code means.
struct CurlFailure {
  let error: TransportError

  init(_ code: CURLcode, of handle: CurlHandle, settings: CurlSettings) {
    let size = handle.requestSize
    let finding = Self.finding(code, handle, settings)
    // A failed handshake has sent nothing even where a proxy was spoken to before it.
    let precedes = finding.precedesRequest && handle.exchange?.request.effect == .mutation
    error = TransportError(
      reason: finding.reason, neverSent: size == 0 || precedes,
      message: settings.redactor.redact(finding.message))
  }

  private struct Finding {
    var reason: TransportError.Reason
    var precedesRequest = false
    var message: String
  }

  private static func finding(
    _ code: CURLcode, _ handle: CurlHandle, _ settings: CurlSettings
  ) -> Finding {
    let place = settings.authority
    let host = settings.configuration.endpoint.host
    let proxyStatus = handle.proxyStatus
    if proxyStatus != 0, !(200..<300).contains(proxyStatus) { return proxyFinding(proxyStatus) }
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST:
      return .init(
        reason: .nameNotResolved, precedesRequest: true,
        message: "the name \(host) could not be resolved")
    case CURLE_COULDNT_RESOLVE_PROXY:
      return .init(
        reason: .nameNotResolved, precedesRequest: true,
        message: "the name of the proxy could not be resolved")
    case CURLE_COULDNT_CONNECT where handle.didRefuseAddress:
      return .init(
        reason: .refusedLocally, precedesRequest: true,
        message: "\(host) leads to a link-local or metadata address, which is refused")
    case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED:
      return .init(
        reason: .connectionRefused, precedesRequest: true,
        message: "no connection to \(place): \(handle.systemErrorText)")
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR:
      return .init(
        reason: .certificateRejected, precedesRequest: true,
        message: "the certificate of \(place) is not accepted: \(handle.printableFailureText)")
    case CURLE_SSL_CONNECT_ERROR where handle.saysForgery:
      return .init(
        reason: .certificateRejected, precedesRequest: true,
        message: "the certificate of \(place) is not accepted: its signature does not hold")
    case CURLE_SSL_CONNECT_ERROR, CURLE_USE_SSL_FAILED, CURLE_SSL_CIPHER:
      return .init(
        reason: .tlsHandshakeFailed, precedesRequest: true,
        message: "no TLS connection to \(place): \(handle.printableFailureText)")
    case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE:
      return .init(
        reason: .refusedLocally, precedesRequest: true,
        message: "a certificate file cannot be used: \(handle.printableFailureText)")
    case CURLE_OPERATION_TIMEDOUT:
      return .init(
        reason: .timedOut, message: "\(place) did not answer in time")
    default:
      return afterSending(code, handle, settings)
    }
  }

  private static func proxyFinding(_ status: Int) -> Finding {
    .init(
      reason: .connectionRefused, precedesRequest: true,
      message: "the proxy refused the connection with status \(status)")
  }

  private static func afterSending(
    _ code: CURLcode, _ handle: CurlHandle, _ settings: CurlSettings
  ) -> Finding {
    let place = settings.authority
    switch code {
    case CURLE_FILESIZE_EXCEEDED:
      return .init(reason: .answerTooLarge, message: tooLarge(settings))
    case CURLE_WRITE_ERROR where handle.isTooLarge:
      return .init(reason: .answerTooLarge, message: tooLarge(settings))
    case CURLE_PARTIAL_FILE:
      return .init(reason: .answerTruncated, message: "the answer of \(place) was cut short")
    case CURLE_RECV_ERROR where handle.saysTLSAlert:
      return .init(
        reason: .tlsHandshakeFailed,
        message: "\(place) ended the TLS connection: \(handle.printableFailureText)")
    case CURLE_RECV_ERROR where handle.status != 0:
      return .init(reason: .answerTruncated, message: "the answer of \(place) was cut short")
    case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING:
      return .init(
        reason: .connectionLost, message: "\(place) closed the connection without an answer")
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING,
      CURLE_RANGE_ERROR:
      return .init(reason: .malformedAnswer, message: "the answer of \(place) is not HTTP")
    default:
      return .init(
        reason: .connectionLost,
        message: "the exchange with \(place) failed: \(String(cString: curl_easy_strerror(code)))")
    }
  }

  private static func tooLarge(_ settings: CurlSettings) -> String {
    "the answer of \(settings.authority) is larger than \(settings.configuration.bodyLimit) bytes"
  }
}

extension CurlHandle {
  /// What a proxy answered to `CONNECT`; 0 without one.
  fileprivate var proxyStatus: Int {
    var status = 0
    ccurl_get_long(easy, CURLINFO_HTTP_CONNECTCODE, &status)
    return status
  }

  /// What the system said about the last connection attempt.
  fileprivate var systemErrorText: String {
    var number = 0
    ccurl_get_long(easy, CURLINFO_OS_ERRNO, &number)
    guard number != 0 else { return "connection refused" }
    return String(cString: strerror(Int32(truncatingIfNeeded: number)))
  }

  /// libcurl's sentence with nothing in it that could move a cursor, at most 200 bytes.
  fileprivate var printableFailureText: String {
    let text = failureText.utf8.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
    return text.isEmpty
      ? "no reason is known" : String(decoding: text.prefix(200), as: UTF8.self)
  }

  /// Whether a handshake failed below TLS: a signature that does not fit the key of its authority
  /// is an error of the cryptography, and not of the protocol, in OpenSSL's books.
  fileprivate var saysForgery: Bool {
    let text = failureText
    return text.contains("routines") && !text.contains("SSL routines")
  }

  /// Whether the server spoke up with a TLS alert after the handshake, as TLS 1.3 servers do when
  /// they miss a client certificate.
  fileprivate var saysTLSAlert: Bool {
    let text = failureText
    return text.contains("SSL routines") && text.contains("alert")
  }
}
