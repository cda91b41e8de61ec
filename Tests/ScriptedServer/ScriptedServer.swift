import Foundation
import Synchronization

/// A server on a loopback socket that does what a script says, however unlike a server that is.
///
/// One thread a connection. A step of the script is taken when the first byte of a request can be
/// read, so an idle connection takes none. Everything that arrives is recorded byte for byte.
package final class ScriptedServer: Sendable {
  /// What is done with one request.
  package enum Step: Sendable {
    case answer(Answer)
    /// Leaves the request in the socket, so that the peer sees a reset.
    case closeBeforeReading
    /// Answers the first bytes, whatever they are, as a server does that speaks no TLS.
    case interrupt([UInt8])
    case closeAfterReading
    case resetAfterReading
    /// Says nothing until the peer leaves.
    case stall
    /// Writes bytes as they are, and closes: cut answers, garbage.
    case write([UInt8])
    /// The same, and a reset in place of the end.
    case writeAndReset([UInt8])
    /// A body without an end, chunked or with the length that is announced.
    case endless(announced: Int?)
    /// Head first, then one byte of the body after each pause.
    case drip(Answer, pause: Duration)
    /// Agrees, and carries bytes to and from a port of this machine, as proxies do.
    case tunnel(to: Int)
    /// Answers after a pause.
    case late(Answer, after: Duration)
  }

  /// An answer as it is written.
  package struct Answer: Sendable {
    package var status: Int
    package var headers: [String]
    package var body: [UInt8]

    package init(_ status: Int = 200, headers: [String] = [], body: String = "{}") {
      self.status = status
      self.headers = headers
      self.body = Array(body.utf8)
    }

    package var head: [UInt8] {
      let lines = ["HTTP/1.1 \(status) Scripted", "content-length: \(body.count)"] + headers
      return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }
  }

  /// A complete request.
  package struct Request: Sendable {
    package var connection: Int
    package var bytes: [UInt8]

    package var text: String { String(decoding: bytes, as: UTF8.self) }
    /// Method, target and version.
    package var line: String { String(text.prefix { !$0.isNewline }) }
    /// The values of a header, in order.
    package func values(_ name: String) -> [String] {
      let head = text.components(separatedBy: "\r\n\r\n").first ?? ""
      return head.components(separatedBy: "\r\n").dropFirst().compactMap { line in
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
          .map(String.init)
        return parts.first?.lowercased() == name
          ? parts.last?.trimmingCharacters(in: .whitespaces) : nil
      }
    }
    package var body: String {
      text.components(separatedBy: "\r\n\r\n").dropFirst().joined(separator: "\r\n\r\n")
    }
  }

  /// Which certificate the server shows, and whether it asks for one.
  package struct TLS: Sendable {
    package var identity: TestIdentity
    /// Certificates of clients must be signed by this authority.
    package var clientAuthority: String?
    /// The highest protocol version, as OpenSSL numbers them; nil for any.
    package var highestVersion: Int32?

    package init(
      _ identity: TestIdentity, clientAuthority: String? = nil, highestVersion: Int32? = nil
    ) {
      self.identity = identity
      self.clientAuthority = clientAuthority
      self.highestVersion = highestVersion
    }
  }

  package let port: Int
  let record: ServerRecord
  private let listener: Int32

  /// Listens on 127.0.0.1 and serves `steps` one after the other, then `fallback` for ever;
  /// `idle` closes kept connections as Qdrant does.
  package init(
    _ steps: [Step] = [], then fallback: Step = .answer(Answer()), idle: Duration? = nil,
    tls: TLS? = nil
  ) throws {
    (listener, port) = try Sockets.listen()
    let record = ServerRecord(steps, fallback: fallback)
    self.record = record
    let listener = listener
    Thread.detachNewThread {
      while let connection = Sockets.accept(listener) {
        guard let number = record.admit(connection) else {
          close(connection)
          continue
        }
        Thread.detachNewThread {
          Sockets.blockSignals()
          serve(connection, number: number, record: record, idle: idle, tls: tls)
          record.leave(connection)
        }
      }
      close(listener)
    }
  }

  deinit { stop() }

  /// Ends all connections and takes no more.
  package func stop() {
    if record.stop() { shutdown(listener, Int32(SHUT_RDWR)) }
  }

  package var requests: [Request] { record.requests }
  package var connectionCount: Int { record.connectionCount }
  /// All bytes that came, of unfinished requests too.
  package var byteCount: Int { record.byteCount }
  /// `http://127.0.0.1:PORT`
  package var address: String { "http://127.0.0.1:\(port)" }

  /// Waits until so many requests have arrived, five seconds at most; false when they have not.
  package func waitForRequests(_ count: Int) async throws -> Bool {
    for _ in 0..<1000 {
      if requests.count >= count { return true }
      try await Task.sleep(for: .milliseconds(5))
    }
    return false
  }
}

/// What a server has seen, and what it is to do next.
final class ServerRecord: Sendable {
  private struct State {
    var steps: ArraySlice<ScriptedServer.Step>
    var requests: [ScriptedServer.Request] = []
    var connectionCount = 0
    var byteCount = 0
    var open: Set<Int32> = []
    var isStopped = false
  }

  private let state: Mutex<State>
  private let fallback: ScriptedServer.Step

  init(_ steps: [ScriptedServer.Step], fallback: ScriptedServer.Step) {
    state = Mutex(State(steps: steps[...]))
    self.fallback = fallback
  }

  var requests: [ScriptedServer.Request] { state.withLock { $0.requests } }
  var connectionCount: Int { state.withLock { $0.connectionCount } }
  var byteCount: Int { state.withLock { $0.byteCount } }

  /// The number of a new connection, from 0; nil when the server has stopped.
  func admit(_ connection: Int32) -> Int? {
    state.withLock { state in
      guard !state.isStopped else { return nil }
      state.open.insert(connection)
      state.connectionCount += 1
      return state.connectionCount - 1
    }
  }

  func leave(_ connection: Int32) {
    state.withLock { state in
      state.open.remove(connection)
      _ = close(connection)
    }
  }

  func nextStep() -> ScriptedServer.Step {
    state.withLock { $0.steps.popFirst() } ?? fallback
  }

  func received(_ count: Int) {
    state.withLock { $0.byteCount += count }
  }

  func finished(_ request: ScriptedServer.Request) {
    state.withLock { $0.requests.append(request) }
  }

  /// True the first time.
  func stop() -> Bool {
    state.withLock { state in
      defer { state.isStopped = true }
      for connection in state.open { shutdown(connection, Int32(SHUT_RDWR)) }
      return !state.isStopped
    }
  }
}
