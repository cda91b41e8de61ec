internal import CCurl
internal import Glibc
internal import Synchronization

/// One libcurl multi handle on one thread of its own.
///
/// `@unchecked Sendable` as the wrapper of a C library: callers touch the inbox only, which has a
/// lock; everything else belongs to the thread. `curl_multi_wakeup` alone may be called from
/// anywhere, and the handle that it needs lives as long as the engine.
final class CurlEngine: @unchecked Sendable {
  private struct Inbox {
    var submitted: [CurlExchange] = []
    var cancelled: [CurlExchange] = []
    /// Whether the thread sleeps, or is about to, and must be woken.
    var isPolling = false
    var isStopping = false
    var thread: pthread_t?
  }

  private let inbox = Mutex(Inbox())
  private let multi: UnsafeMutableRawPointer
  private let settings: CurlSettings
  private let plainHeaders: CurlHeaderList
  private let bodyHeaders: CurlHeaderList

  // The thread's own.
  private var waiting: [CurlExchange] = []
  private var firstWaiting = 0
  private var handles: [CurlHandle] = []
  private var idle: [CurlHandle] = []

  /// Once for the process, as libcurl asks for.
  private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  init(_ settings: CurlSettings) throws(TransportConfigurationError) {
    guard Self.isLibraryReady, let multi = curl_multi_init() else {
      throw .notStarted("libcurl")
    }
    self.multi = multi
    self.settings = settings
    plainHeaders = settings.headers(withBody: false)
    bodyHeaders = settings.headers(withBody: true)
    ccurl_multi_set_long(
      multi, CURLMOPT_MAXCONNECTS, settings.configuration.maxConcurrentRequests + 1)
  }

  deinit {
    curl_multi_cleanup(multi)
  }

  /// Starts the thread, which keeps the engine alive until ``stop()``.
  func start() throws(TransportConfigurationError) {
    let context = Unmanaged.passRetained(self).toOpaque()
    var thread = pthread_t()
    let code = pthread_create(&thread, nil, curlThreadMain, context)
    guard code == 0 else {
      Unmanaged<CurlEngine>.fromOpaque(context).release()
      throw .notStarted(String(cString: strerror(code)))
    }
    inbox.withLock { $0.thread = thread }
  }

  /// Ends what is in flight and waits for the thread; further calls do nothing.
  func stop() {
    let (thread, mustWake) = inbox.withLock { inbox in
      defer {
        inbox.isStopping = true
        inbox.isPolling = false
        inbox.thread = nil
      }
      return (inbox.thread, inbox.isPolling)
    }
    if mustWake { curl_multi_wakeup(multi) }
    guard let thread else { return }
    if pthread_equal(thread, pthread_self()) != 0 {
      pthread_detach(thread)
    } else {
      pthread_join(thread, nil)
    }
  }

  /// Queues an exchange; the continuation is resumed exactly once, maybe before this returns.
  func submit(_ exchange: CurlExchange, _ continuation: CurlExchange.Continuation) {
    enum Verdict {
      case queued(mustWake: Bool)
      case refused(TransportError)
    }
    exchange.continuation = continuation
    let verdict = inbox.withLock { inbox -> Verdict in
      if exchange.isCancelled { return .refused(Self.cancelledBefore) }
      if inbox.isStopping { return .refused(Self.stopped) }
      exchange.isSubmitted = true
      inbox.submitted.append(exchange)
      defer { inbox.isPolling = false }
      return .queued(mustWake: inbox.isPolling)
    }
    switch verdict {
    case .queued(true): curl_multi_wakeup(multi)
    case .queued(false): break
    case .refused(let error): exchange.finish(.failure(error))
    }
  }

  /// Asks for an exchange to be given up, whether it waits, is in flight or is yet to be submitted.
  func cancel(_ exchange: CurlExchange) {
    let mustWake = inbox.withLock { inbox in
      exchange.isCancelled = true
      guard exchange.isSubmitted, !inbox.isStopping else { return false }
      inbox.cancelled.append(exchange)
      defer { inbox.isPolling = false }
      return inbox.isPolling
    }
    if mustWake { curl_multi_wakeup(multi) }
  }

  private static let cancelledBefore = TransportError(
    reason: .cancelled, neverSent: true, message: "the request was cancelled before it was sent")

  private static let stopped = TransportError(
    reason: .refusedLocally, neverSent: true, message: "the transport is shut down")
}

extension CurlEngine {
  /// The thread: takes what has come in, lets libcurl work, sleeps, until it is told to stop.
  func run() {
    // A connection that the server has closed must be an error, not the end of the process
    // (SIGPIPE), and what a person sends is for other threads; a crash stays a crash.
    var signals = sigset_t()
    sigfillset(&signals)
    for fault in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT] { sigdelset(&signals, fault) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    while takeInbox() {
      repeat {
        startWaiting()
        var running: Int32 = 0
        curl_multi_perform(multi, &running)
      } while collectFinished() && firstWaiting < waiting.count
      let maySleep = inbox.withLock { inbox in
        inbox.isPolling =
          inbox.submitted.isEmpty && inbox.cancelled.isEmpty && !inbox.isStopping
        return inbox.isPolling
      }
      if maySleep { curl_multi_poll(multi, nil, 0, 60_000, nil) }
    }
    giveUpEverything()
  }

  /// False when the thread is to end.
  private func takeInbox() -> Bool {
    let (submitted, cancelled, isStopping) = inbox.withLock { inbox in
      defer {
        inbox.isPolling = false
        inbox.submitted.removeAll(keepingCapacity: true)
        if !inbox.cancelled.isEmpty { inbox.cancelled = [] }
      }
      return (inbox.submitted, inbox.cancelled, inbox.isStopping)
    }
    waiting += submitted
    for exchange in cancelled { giveUp(exchange) }
    return !isStopping
  }

  private func giveUp(_ exchange: CurlExchange) {
    if let handle = exchange.handle {
      let error = handle.abandoned(settings: settings)
      curl_multi_remove_handle(multi, handle.easy)
      retire(handle)
      exchange.finish(.failure(error))
    } else {
      exchange.finish(.failure(Self.cancelledBefore))
    }
  }

  /// Starts what waits, in order, as far as the bound allows.
  private func startWaiting() {
    while firstWaiting < waiting.count,
      handles.count - idle.count < settings.configuration.maxConcurrentRequests
    {
      let exchange = waiting[firstWaiting]
      firstWaiting += 1
      guard !exchange.isFinished else { continue }
      guard let handle = idle.popLast() ?? makeHandle() else {
        exchange.finish(
          .failure(
            TransportError(reason: .refusedLocally, neverSent: true, message: "out of memory")))
        continue
      }
      handle.prepare(exchange, plain: plainHeaders, withBody: bodyHeaders)
      curl_multi_add_handle(multi, handle.easy)
    }
    if firstWaiting == waiting.count {
      waiting.removeAll(keepingCapacity: true)
      firstWaiting = 0
    } else if firstWaiting > 1024 {
      waiting.removeFirst(firstWaiting)
      firstWaiting = 0
    }
  }

  private func makeHandle() -> CurlHandle? {
    let handle = CurlHandle(settings)
    if let handle { handles.append(handle) }
    return handle
  }

  /// Hands out what has ended; true when something has.
  private func collectFinished() -> Bool {
    var left: Int32 = 0
    var hasFinished = false
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
        let handle = CurlHandle.behind(easy)
      else { continue }
      let code = ccurl_message_result(message)
      curl_multi_remove_handle(multi, easy)
      let outcome = handle.outcome(code, settings: settings)
      retire(handle)?.finish(outcome)
      hasFinished = true
    }
    return hasFinished
  }

  @discardableResult private func retire(_ handle: CurlHandle) -> CurlExchange? {
    let exchange = handle.release()
    idle.append(handle)
    return exchange
  }

  private func giveUpEverything() {
    for exchange in waiting[firstWaiting...] { giveUp(exchange) }
    waiting = []
    firstWaiting = 0
    for handle in handles { if let exchange = handle.exchange { giveUp(exchange) } }
    idle = []
    handles = []
  }
}
