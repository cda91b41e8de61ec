internal import CCurl

/// One easy handle with the answer that it is collecting; used again and again by the thread.
final class CurlHandle {
  /// Answers with more bytes of headers than that are given up.
  static let headerLimit = 64 << 10

  let easy: UnsafeMutableRawPointer
  private let settings: CurlSettings
  private let errorText: UnsafeMutablePointer<CChar>
  private let refusedAddress: UnsafeMutablePointer<Int32>
  private var extraHeaders = CurlHeaderList()
  private var pinnedAddresses = CurlHeaderList()
  private var isPlainGET = true
  private var timeout = 0
  private var watchesRate = false
  private(set) var exchange: CurlExchange?
  private(set) var headerBytes: [UInt8] = []
  private(set) var body: [UInt8] = []
  private(set) var isTooLarge = false
  /// Whether the empty line after the headers has come: libcurl takes a head without it for an
  /// answer when the connection ends there (7.88).
  private(set) var isHeadComplete = false

  /// Nil when libcurl has no memory.
  init?(_ settings: CurlSettings) {
    guard let easy = curl_easy_init() else { return nil }
    self.easy = easy
    self.settings = settings
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    refusedAddress = .allocate(capacity: 1)
    refusedAddress.initialize(to: 0)
    settings.apply(to: easy)
    let context = Unmanaged.passUnretained(self).toOpaque()
    ccurl_set_pointer(easy, CURLOPT_PRIVATE, context)
    ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
    ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
    ccurl_set_data_function(easy, CURLOPT_WRITEFUNCTION, curlDidReceiveBody)
    ccurl_set_data_function(easy, CURLOPT_HEADERFUNCTION, curlDidReceiveHeader)
    ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
    ccurl_refuse_forbidden_addresses(easy, refusedAddress)
    for address in settings.configuration.pinnedAddresses {
      pinnedAddresses.append(line: address)
      ccurl_set_list(easy, CURLOPT_RESOLVE, pinnedAddresses.head)
    }
  }

  deinit {
    curl_easy_cleanup(easy)
    errorText.deallocate()
    refusedAddress.deallocate()
  }

  /// The handle behind a message of libcurl.
  static func behind(_ easy: UnsafeMutableRawPointer) -> CurlHandle? {
    var context: UnsafeMutableRawPointer?
    guard ccurl_get_private(easy, &context) == CURLE_OK, let context else { return nil }
    return Unmanaged<CurlHandle>.fromOpaque(context).takeUnretainedValue()
  }

  /// Takes on an exchange; `plain` and `withBody` are the endpoint's headers and outlive it.
  func prepare(
    _ exchange: CurlExchange, plain: borrowing CurlHeaderList, withBody: borrowing CurlHeaderList
  ) {
    let request = exchange.request
    self.exchange = exchange
    exchange.handle = self
    headerBytes.removeAll(keepingCapacity: true)
    body = []
    isTooLarge = false
    isHeadComplete = false
    errorText.pointee = 0
    refusedAddress.pointee = 0
    ccurl_set_text(
      easy, CURLOPT_REQUEST_TARGET, settings.configuration.endpoint.basePath + request.target)
    setMethod(request)
    extraHeaders = CurlHeaderList()
    var hasContentType = false
    for header in request.headers {
      extraHeaders.append(header)
      hasContentType = hasContentType || header.name.lowercased() == "content-type"
    }
    let list =
      request.body == nil || hasContentType
      ? extraHeaders.joined(to: plain) : extraHeaders.joined(to: withBody)
    ccurl_set_list(easy, CURLOPT_HTTPHEADER, list)
    let limit = (request.timeout ?? settings.configuration.timeouts.total).curlMilliseconds
    if limit != timeout {
      timeout = limit
      ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, limit)
    }
    if watchesRate { watchRate(false) }
  }

  private func setMethod(_ request: HTTPRequest) {
    let isPlain = request.method == "GET" && request.body == nil && request.effect == .read
    guard !(isPlain && isPlainGET) else { return }
    isPlainGET = isPlain
    // A mutation must not meet a connection that the server is about to close: libcurl would send
    // it a second time.
    let isAlone = request.effect == .mutation ? 1 : 0
    ccurl_set_long(easy, CURLOPT_FRESH_CONNECT, isAlone)
    ccurl_set_long(easy, CURLOPT_FORBID_REUSE, isAlone)
    if request.body != nil || !["GET", "DELETE"].contains(request.method) {
      let bytes = request.body ?? []
      ccurl_set_long(easy, CURLOPT_POST, 1)
      ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, bytes.count)
      bytes.withUnsafeBytes { buffer in
        // No body is an empty one, and an empty one still needs an address.
        let address = buffer.baseAddress ?? UnsafeRawPointer(errorText)
        _ = ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, address)
      }
    } else {
      ccurl_set_long(easy, CURLOPT_HTTPGET, 1)
    }
    ccurl_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method)
  }

  /// The rate counts from the first header line on only, so it is set when that comes.
  private func watchRate(_ isOn: Bool) {
    let timeouts = settings.configuration.timeouts
    watchesRate = isOn
    ccurl_set_long(easy, CURLOPT_LOW_SPEED_LIMIT, isOn ? timeouts.slowestRate : 0)
    ccurl_set_long(
      easy, CURLOPT_LOW_SPEED_TIME, isOn ? max(1, timeouts.slow.curlMilliseconds / 1000) : 0)
  }

  /// Lets go of the exchange and of what belongs to it.
  func release() -> CurlExchange? {
    let released = exchange
    released?.handle = nil
    exchange = nil
    ccurl_set_list(easy, CURLOPT_HTTPHEADER, nil)
    extraHeaders = CurlHeaderList()
    body = []
    return released
  }

  /// False ends the transfer.
  func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
    if bytes.starts(with: "HTTP/".utf8) {
      // Also after an interim answer such as 100.
      headerBytes.removeAll(keepingCapacity: true)
      isHeadComplete = false
    }
    if bytes.count <= 2, bytes.last == 0x0A, bytes.count == 1 || bytes.first == 0x0D {
      isHeadComplete = true
    }
    guard headerBytes.count + bytes.count <= Self.headerLimit else {
      isTooLarge = true
      return false
    }
    headerBytes.append(contentsOf: bytes)
    return true
  }

  /// False ends the transfer.
  func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard body.count + bytes.count <= settings.configuration.bodyLimit else {
      isTooLarge = true
      return false
    }
    // An answer that comes in one piece cannot be slow.
    if !body.isEmpty, !watchesRate { watchRate(true) }
    body.append(contentsOf: bytes)
    return true
  }

  /// How many bytes of requests left, repeats included.
  var requestSize: Int {
    var size = 0
    ccurl_get_long(easy, CURLINFO_REQUEST_SIZE, &size)
    return size
  }

  /// The status of the answer; 0 when there is none.
  var status: Int {
    var status = 0
    ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
    return status
  }

  /// Whether a connection was refused because of where its name led.
  var didRefuseAddress: Bool { refusedAddress.pointee != 0 }

  /// libcurl's own sentence about a failure: English, maybe with names out of a certificate.
  var failureText: String { String(cString: errorText) }
}
