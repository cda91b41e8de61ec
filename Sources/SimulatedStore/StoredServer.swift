import JSON
import SimulatedQdrant

/// A server and its files; whoever holds it answers one request at a time.
struct StoredServer: FaultTarget, Sendable {
  private var server: SimulatedServer
  private var log: RequestLog
  private var generation: Int
  private let folder: StoreFolder
  private let checkpointBytes: Int
  /// How long the log may become; at least four times the state, so that work stays linear.
  private var logLimit: Int
  /// Set once the files are no longer in step with the memory; everything is refused then.
  private var failure: StoreError?

  init(folder path: String, settings: SimulatedSettings, checkpointBytes: Int) throws(StoreError) {
    folder = try StoreFolder(taking: path)
    self.checkpointBytes = checkpointBytes
    logLimit = checkpointBytes
    do throws(StoreError) { (server, log, generation) = try folder.load(settings) } catch {
      folder.release()
      throw error
    }
    setLogLimit()
  }

  func answerToOversized(_ count: Int, limit: Int) -> SimulatedResponse {
    server.answerToOversized(count, limit: limit)
  }

  mutating func handle(
    _ request: SimulatedRequest, now: Double, partialLimit: Int?
  ) -> SimulatedResponse {
    if let failure { return StoredServer.refusal(failure) }
    let before = server.revision
    let response = server.handle(request, now: now, partialLimit: partialLimit)
    if server.revision == before { return response }
    do throws(StoreError) {
      try log.append(LogRecord(request: request, now: now, partialLimit: partialLimit))
    } catch {
      recover()
      return StoredServer.refusal(error)
    }
    if log.size > logLimit {
      do throws(StoreError) { try checkpoint() } catch { logLimit = 2 * log.size }
    }
    return response
  }

  /// After a failed write the memory is ahead of the files: the files count.
  private mutating func recover() {
    let settings = server.settings
    log.close()
    do throws(StoreError) { (server, log, generation) = try folder.load(settings) } catch {
      failure = error
    }
  }

  mutating func checkpoint() throws(StoreError) {
    if let failure { throw failure }
    let next = try folder.begin(server, generation: generation + 1)
    log.close()
    log = next
    generation += 1
    setLogLimit()
  }

  private mutating func setLogLimit() {
    logLimit = max(checkpointBytes, 4 * folder.checkpointSize)
  }

  mutating func restart(keepingStorage: Bool) {
    guard failure == nil else { return }
    if keepingStorage {
      recover()
      return
    }
    server = SimulatedServer(settings: server.settings)
    do throws(StoreError) { try checkpoint() } catch { recover() }
  }

  mutating func change(to version: ServerLine) -> Bool {
    let before = server
    guard failure == nil, server.change(to: version) else { return false }
    do throws(StoreError) { try checkpoint() } catch {
      server = before
      return false
    }
    return true
  }

  mutating func close() throws(StoreError) {
    if failure == .closed { return }
    defer { abandon() }
    if failure == nil, log.size > RequestLog.headerSize { try checkpoint() }
  }

  /// Lets go of the files as they are.
  mutating func abandon() {
    if failure == .closed { return }
    if failure == nil { log.close() }
    folder.release()
    failure = .closed
  }

  private static func refusal(_ error: StoreError) -> SimulatedResponse {
    let body: JSONValue = [
      "status": ["error": .string("Service internal error: \(error.message)")], "time": 0.0,
    ]
    return SimulatedResponse(
      status: 500, contentType: "application/json", body: body.bytes())
  }
}
