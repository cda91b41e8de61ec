import CMicroHTTPD
package import SimulatedStore

/// A store served over HTTP until it is stopped.
package final class SandboxServer {
  /// The port that it listens on.
  package let port: Int
  private var daemon: OpaquePointer?
  private let stopping: StopSignal
  private let requests: RequestServer

  /// Bytes for the head of a request.
  private static let headBytes = 128 << 10
  /// Threads that share the connections where no answer waits: requests are answered one after the
  /// other anyway, so that a second one reads and writes meanwhile.
  private static let threads: UInt32 = 2

  /// Serves a store, which stays the caller's to close.
  ///
  /// - Parameters:
  ///   - port: 0 for a free one.
  ///   - bodyLimit: bytes of a JSON body; Qdrant's own limit if nothing is said.
  ///   - idleSeconds: after which a connection is closed; Qdrant's own if nothing is said.
  ///   - identity: what it proves itself with over TLS; plain HTTP if nothing is said.
  package init(
    store: SimulatedStore, host: String = "127.0.0.1", port: Int = 0, bodyLimit: Int = 32 << 20,
    idleSeconds: Int = 5, identity: TLSIdentity? = nil
  ) throws(SandboxError) {
    let listening = try ListeningSocket(host: host, port: port)
    self.port = listening.port
    stopping = try StopSignal()
    requests = RequestServer(store: store, bodyLimit: bodyLimit, stopping: stopping)
    daemon = sandbox_mhd_start(
      listening.descriptor, store.mayWait ? 0 : SandboxServer.threads,
      UInt32(clamping: idleSeconds), SandboxServer.headBytes, identity?.certificate, identity?.key,
      Unmanaged.passUnretained(requests).toOpaque(), handleRequest, beginRequest, endRequest)
    if daemon == nil { throw identity == nil ? .cannotServe : .badIdentity }
  }

  deinit { stop() }

  /// Ends all connections and waits for their threads; an answer that was begun is finished.
  package func stop() {
    guard let running = daemon else { return }
    daemon = nil
    stopping.stop()
    MHD_stop_daemon(running)
  }
}
