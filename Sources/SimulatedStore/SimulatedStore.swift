package import SimulatedQdrant
import Synchronization

/// A simulated Qdrant in a folder: what was answered is there again after `kill -9`.
///
/// Called from many threads at once; requests are answered one after the other. Reads write
/// nothing. Close it to end cleanly; a store that is not closed loses nothing, either.
package final class SimulatedStore: SimulatedEndpoint {
  /// The server with its script of faults.
  private struct State: Sendable {
    var server: StoredServer
    var faults: FaultScript
  }

  private let state: Mutex<State>
  package let folder: String
  /// Whether a fault may delay an answer or hold it back; never, where there is none.
  package let mayWait: Bool

  /// Opens the folder, made when missing.
  ///
  /// - Parameter checkpointBytes: how long the log may become before the state is written anew;
  ///   it may always become four times as long as the state.
  package init(
    folder: String, settings: SimulatedSettings, faults: FaultScript = FaultScript(),
    checkpointBytes: Int = 16 << 20
  ) throws(StoreError) {
    self.folder = folder
    mayWait = !faults.isEmpty
    let server = try StoredServer(
      folder: folder, settings: settings, checkpointBytes: checkpointBytes)
    state = Mutex(State(server: server, faults: faults))
  }

  deinit { state.withLock { $0.server.abandon() } }

  /// Answers a request without faults.
  ///
  /// - Parameter now: seconds since 1970.
  package func handle(_ request: SimulatedRequest, now: Double) -> SimulatedResponse {
    state.withLock { $0.server.handle(request, now: now, partialLimit: nil) }
  }

  package func exchange(_ request: SimulatedRequest, now: Double) -> FaultedExchange {
    state.withLock { $0.faults.exchange(request, now: now, with: &$0.server) }
  }

  /// The answer to a body that is too long to be read.
  package func answerToOversized(_ count: Int, limit: Int) -> SimulatedResponse {
    state.withLock { $0.server.answerToOversized(count, limit: limit) }
  }

  /// For a request whose body is still being read: see `FaultScript.dropsWhileReading`.
  package func dropsWhileReading(_ head: SimulatedRequest) -> Int? {
    mayWait ? state.withLock { $0.faults.dropsWhileReading(head) } : nil
  }

  /// Writes the state anew and begins an empty log.
  package func checkpoint() throws(StoreError) {
    try state.withLock { (state) throws(StoreError) in try state.server.checkpoint() }
  }

  /// Ends cleanly: the state is on the disk, flushed, and the folder is free.
  ///
  /// Requests are answered 500 from now on.
  package func close() throws(StoreError) {
    try state.withLock { (state) throws(StoreError) in try state.server.close() }
  }
}
