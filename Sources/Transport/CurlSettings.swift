internal import CCurl
internal import Secrets

/// What all handles of a transport have in common, checked and in libcurl's words.
struct CurlSettings: Sendable {
  let configuration: TransportConfiguration
  let key: Secret?
  let redactor: Redactor
  /// The address that connections are made to; the path comes with each request.
  let connectionURL: String

  /// Checks everything that can be known before a connection.
  init(_ configuration: TransportConfiguration) throws(TransportConfigurationError) {
    let endpoint = configuration.endpoint
    try Self.checkLimits(configuration)
    key = try Self.key(of: configuration)
    if endpoint.scheme == .http, configuration.tls != .init() { throw .certificatesWithoutTLS }
    if configuration.tls.keyFile != nil, configuration.tls.certificateFile == nil {
      throw .keyFileWithoutCertificate
    }
    if let problem = configuration.tls.problem() { throw .file(problem) }
    redactor = Redactor(key.map { [$0] } ?? [])
    connectionURL = "\(endpoint.scheme.rawValue)://\(endpoint.authority)/"
    self.configuration = configuration
  }

  private static func key(
    of configuration: TransportConfiguration
  ) throws(TransportConfigurationError) -> Secret? {
    guard let bound = configuration.apiKey else { return nil }
    let endpoint = configuration.endpoint
    guard let key = bound.secret(for: endpoint.host) else {
      throw .keyBoundToOtherHost(bound: bound.host, endpoint: endpoint.host)
    }
    guard endpoint.maySendSecret(allowPlainHTTP: configuration.allowPlainHTTP) else {
      throw .keyInClearText(host: endpoint.host)
    }
    let isSendable = key.withBytes { bytes in
      !bytes.isEmpty && bytes.allSatisfy { (0x20...0x7E).contains($0) } && bytes.first != 0x20
        && bytes.last != 0x20
    }
    guard isSendable else { throw .keyNotSendable }
    return key
  }

  private static func checkLimits(
    _ configuration: TransportConfiguration
  ) throws(TransportConfigurationError) {
    guard (1...1024).contains(configuration.maxConcurrentRequests) else {
      throw .limitOutOfBounds("the number of concurrent requests")
    }
    guard (1...1 << 40).contains(configuration.bodyLimit) else {
      throw .limitOutOfBounds("the limit on answers")
    }
    let timeouts = configuration.timeouts
    for duration in [timeouts.connect, timeouts.total, timeouts.slow] where duration <= .zero {
      throw .limitOutOfBounds("a time-out")
    }
    guard (0...1 << 30).contains(timeouts.slowestRate) else {
      throw .limitOutOfBounds("the slowest rate")
    }
    guard configuration.userAgent.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
      throw .limitOutOfBounds("the user agent")
    }
  }

  /// The headers of every request: the key, and the removal of what libcurl would add.
  func headers(withBody: Bool) -> CurlHeaderList {
    var list = CurlHeaderList()
    if let key {
      key.withBytes { bytes in
        var line = Array("api-key: ".utf8) + bytes + [0]
        line.withUnsafeMutableBytes { line in
          line.withMemoryRebound(to: CChar.self) { line in
            guard let base = line.baseAddress else { return }
            list.append(cString: base)
            ccurl_wipe(base, line.count)
          }
        }
      }
    }
    list.append(line: "Expect:")
    list.append(line: withBody ? "content-type: application/json" : "Content-Type:")
    return list
  }

  /// Sets on a new handle what never changes.
  func apply(to easy: UnsafeMutableRawPointer) {
    let timeouts = configuration.timeouts
    ccurl_set_text(easy, CURLOPT_URL, connectionURL)
    ccurl_set_text(easy, CURLOPT_USERAGENT, configuration.userAgent)
    ccurl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
    ccurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
    ccurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
    ccurl_set_long(easy, CURLOPT_HTTP09_ALLOWED, 0)
    ccurl_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    // Whole seconds that must be exceeded: from the fourth on, and Qdrant closes after 4.7.
    ccurl_set_long(easy, CURLOPT_MAXAGE_CONN, 3)
    ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, timeouts.connect.curlMilliseconds)
    ccurl_set_offset(easy, CURLOPT_MAXFILESIZE_LARGE, Int(configuration.bodyLimit))
    applyTLS(to: easy)
    // The key is for the server; the proxy gets no header of ours.
    ccurl_set_long(easy, CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
    if let proxy { ccurl_set_text(easy, CURLOPT_PROXY, proxy) }
  }

  /// The proxy in libcurl's words: nil leaves it to the process's variables, empty is none.
  var proxy: String? {
    let endpoint = configuration.endpoint
    guard endpoint.scheme == .https, !endpoint.isLoopback else { return "" }
    switch configuration.proxy {
    case .environment: return nil
    case .never: return ""
    case .address(let address): return "\(address.scheme.rawValue)://\(address.authority)"
    }
  }

  private func applyTLS(to easy: UnsafeMutableRawPointer) {
    guard configuration.endpoint.scheme == .https else { return }
    let files = configuration.tls
    ccurl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1)
    ccurl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2)
    ccurl_set_long(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    if let caFile = files.caFile {
      ccurl_set_text(easy, CURLOPT_CAINFO, caFile)
      // Without this, the distribution's folder would be trusted beside the file.
      ccurl_set_text(easy, CURLOPT_CAPATH, nil)
    }
    if let certificateFile = files.certificateFile {
      ccurl_set_text(easy, CURLOPT_SSLCERT, certificateFile)
      ccurl_set_text(easy, CURLOPT_SSLKEY, files.keyFile ?? certificateFile)
      // An empty passphrase keeps OpenSSL from asking for one on the terminal.
      ccurl_set_text(easy, CURLOPT_KEYPASSWD, "")
    }
  }
}

extension Duration {
  /// Whole milliseconds, at least one, because libcurl takes zero for "for ever"; at most a day.
  var curlMilliseconds: Int {
    let (seconds, attoseconds) = components
    guard seconds < 86_400 else { return 86_400_000 }
    guard self > .zero else { return 1 }
    return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
  }
}
