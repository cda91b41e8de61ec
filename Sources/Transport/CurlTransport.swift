/// Speaks HTTP to one server through libcurl.
///
/// Reads share connections that are given up before Qdrant closes them after five seconds of
/// silence; every mutation travels on a connection of its own, because libcurl repeats a request by
/// itself when a kept connection turns out to be dead. Redirects are not followed, cookies and
/// `.netrc` are not read, nothing is compressed, certificates are always verified.
package final class CurlTransport: HTTPTransport {
  private let engine: CurlEngine
  package let endpoint: EndpointURL

  /// Checks the configuration, the key's host and the certificate files, and starts the thread;
  /// connects to nothing.
  package init(configuration: TransportConfiguration) throws(TransportConfigurationError) {
    endpoint = configuration.endpoint
    engine = try CurlEngine(CurlSettings(configuration))
    try engine.start()
  }

  deinit {
    engine.stop()
  }

  package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    if let objection = RequestCheck.objection(to: request) {
      throw TransportError(reason: .refusedLocally, neverSent: true, message: objection)
    }
    let exchange = CurlExchange(request)
    let engine = engine
    let outcome = await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in engine.submit(exchange, continuation) }
    } onCancel: {
      engine.cancel(exchange)
    }
    return try outcome.get()
  }

  /// Ends what is in flight as cancelled, refuses what comes later, and waits for the thread.
  package func shutdown() {
    engine.stop()
  }
}

extension CurlTransport: CustomStringConvertible, CustomReflectable {
  package var description: String { "CurlTransport(\(endpoint))" }
  package var customMirror: Mirror { Mirror(self, children: ["endpoint": endpoint]) }
}
