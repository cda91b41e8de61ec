import CMicroHTTPD
import Glibc
import SimulatedQdrant
import SimulatedStore

/// Answers requests on the threads of their connections, and does to the sockets what faults ask.
final class RequestServer: Sendable {
  let store: SimulatedStore
  /// Bytes of a JSON body.
  let bodyLimit: Int
  private let stopping: StopSignal

  init(store: SimulatedStore, bodyLimit: Int, stopping: StopSignal) {
    self.store = store
    self.bodyLimit = bodyLimit
    self.stopping = stopping
  }

  /// Answers a request that has arrived; false closes the connection.
  func answer(_ pending: PendingRequest, on connection: OpaquePointer) -> Bool {
    let descriptor = sandbox_mhd_socket(connection)
    if let limit = pending.exceededLimit {
      let answer = store.answerToOversized(pending.received, limit: limit)
      return Answer(answer).queue(on: connection)
    }
    let exchange = store.exchange(pending.request, now: RequestServer.now())
    if exchange.fault != nil { sandbox_mhd_set_timeout(connection, 0) }
    if exchange.delay > 0, stopping.wait(exchange.delay, watching: descriptor) != .elapsed {
      return false
    }
    switch exchange.outcome {
    case .answered(let response, .whole): return Answer(response).queue(on: connection)
    case .answered(let response, let delivery):
      let body = BodySource(response.body, delivery, descriptor: descriptor, stopping: stopping)
      return Answer(response, body: body).queue(on: connection)
    case .refused, .closedUnread, .closedWhileReading:
      RequestServer.reset(descriptor)
      return false
    case .closed: return false
    case .silence:
      _ = stopping.wait(.infinity, watching: descriptor)
      return false
    case .notHTTP(let bytes):
      RequestServer.send(bytes, to: descriptor)
      return false
    }
  }

  /// Drops a request whose body is still arriving; the store counts it and does nothing else.
  func drop(_ pending: PendingRequest, on connection: OpaquePointer) {
    _ = store.exchange(pending.request, now: RequestServer.now())
    RequestServer.reset(sandbox_mhd_socket(connection))
  }

  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Resets the connection at once; the library would send a proper end before it closes.
  private static func reset(_ descriptor: Int32) {
    var nowhere = sockaddr()
    nowhere.sa_family = sa_family_t(AF_UNSPEC)
    connect(descriptor, &nowhere, socklen_t(MemoryLayout<sockaddr>.size))
  }

  private static func send(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        rest.removeFirst(count)
        continue
      }
      guard errno == EAGAIN || errno == EINTR else { return }
      var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard poll(&entry, 1, 5000) > 0 else { return }
    }
  }
}

/// Ends every wait at once, on all threads.
final class StopSignal: Sendable {
  /// How a wait ended.
  enum End { case elapsed, hungUp, stopped }

  /// A pipe that nobody writes to: closing one end is seen at the other.
  private let readEnd: Int32
  private let writeEnd: Int32

  init() throws(SandboxError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .cannotServe }
    (readEnd, writeEnd) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  }

  deinit { close(readEnd) }

  /// To be called once.
  func stop() { close(writeEnd) }

  /// Waits so many seconds, unless the client goes away or the server stops.
  func wait(_ seconds: Double, watching descriptor: Int32) -> End {
    let deadline = StopSignal.monotonic() + seconds
    while true {
      let left = deadline - StopSignal.monotonic()
      if left <= 0 { return .elapsed }
      var entries = [
        pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0),
        pollfd(fd: descriptor, events: StopSignal.hangUp, revents: 0),
      ]
      let count = poll(&entries, 2, Int32(min(left * 1000, 60_000).rounded(.up)))
      if count < 0, errno != EINTR { return .hungUp }
      if entries[0].revents != 0 { return .stopped }
      if entries[1].revents != 0 { return .hungUp }
    }
  }

  /// The client has closed its side (`POLLRDHUP`, which is no part of the module of the C library).
  private static let hangUp: Int16 = 0x2000

  private static func monotonic() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
