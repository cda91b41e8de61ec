import Execution
import InProcessTransport
import JSON
import SimulatedQdrant
import Synchronization

/// A simulated server and a journal as one process sees them, which may be killed at any instant.
///
/// The instants are: before and after every write of the journal, and of every request that may
/// change something: before it is sent; sent and lost; sent and applied only later; applied and the
/// answer lost; answered and nothing recorded yet. A read changes nothing, so being killed at one
/// is being killed after the write before it.
package final class CrashScene: SimulatedEndpoint {
  /// What outlives the process.
  package struct Remains: Sendable {
    package var server: SimulatedServer
    /// A request that was sent and that the server applies later.
    package var late: SimulatedRequest?
    /// Encoded entries, each with whether it was to be durable.
    package var journal: [(bytes: [UInt8], isDurable: Bool)] = []

    package init(server: SimulatedServer) { self.server = server }

    /// Everything that is left, in words.
    package var digest: String {
      let state = String(decoding: server.exportState().bytes(), as: UTF8.self)
      let request = late.map { "\($0.method) \($0.target) \($0.body)" } ?? "nothing late"
      let lines = journal.map { String(decoding: $0.bytes, as: UTF8.self) }
      return ([state, request] + lines).joined(separator: "\n")
    }

    /// Loses what was written after the last flush, as when the power goes.
    package mutating func losePower() {
      while let last = journal.last, !last.isDurable { journal.removeLast() }
    }
  }

  /// Tells apart what kills at different instants of one process leave: of one process, the server
  /// is told by its revision and the journal, which only grows, by its length.
  private struct Mark: Hashable {
    var revision: UInt64
    var entries: Int
    var late: String?

    init(_ remains: Remains) {
      revision = remains.server.revision
      entries = remains.journal.count
      late = remains.late.map { "\($0.method) \($0.target) \($0.body)" }
    }
  }

  private struct State {
    var remains: Remains
    var requests = 0
    var passed = 0
    /// Instants until the kill; nil when nobody kills.
    var left: Int?
    var seen: Set<Mark>?
    var crashes: [Remains] = []

    var isDead: Bool { left == 0 }

    /// Passes an instant; false when the process is dead.
    mutating func pass() -> Bool {
      if isDead { return false }
      passed += 1
      keep(remains)
      guard let left else { return true }
      self.left = left - 1
      return left > 1
    }

    /// Keeps what a kill would leave now, with and without power, if no other kill left the same.
    private mutating func keep(_ remains: Remains) {
      guard seen != nil else { return }
      var dark = remains
      dark.losePower()
      for left in [remains, dark] where seen?.insert(Mark(left)).inserted == true {
        crashes.append(left)
      }
    }
  }

  private let state: Mutex<State>

  /// - Parameters:
  ///   - instant: the number of the instant at which the process is killed, from 1; nil never.
  ///   - isKeeping: whether to keep what a kill at each of the instants would have left.
  package init(_ remains: Remains, killedAt instant: Int?, isKeeping: Bool = false) {
    // To be killed before a recovery did anything is to be where it began, which was tried before.
    let known: Set<Mark> = remains.journal.isEmpty ? [] : [Mark(remains)]
    state = Mutex(State(remains: remains, left: instant, seen: isKeeping ? known : nil))
  }

  /// What is there now.
  package var remains: Remains { state.withLock { $0.remains } }
  package var isDead: Bool { state.withLock { $0.isDead } }
  /// How many instants were passed.
  package var passed: Int { state.withLock { $0.passed } }
  /// What kills would have left, each once.
  package var crashes: [Remains] { state.withLock { $0.crashes } }

  /// Writes to the journal.
  package func record(_ entry: JournalEntry) throws(JournalFailure) {
    let bytes = JSONValue.object(JournalCoding.json(entry)).bytes()
    let isWritten = state.withLock { state in
      guard state.pass() else { return false }
      state.remains.journal.append((bytes, entry.isDurable))
      _ = state.pass()
      return true
    }
    if !isWritten { throw .stopped }
  }

  package func exchange(_ request: SimulatedRequest, now: Double) -> FaultedExchange {
    state.withLock { state in
      if state.isDead { return FaultedExchange(outcome: .refused) }
      state.requests += 1
      // What is applied late comes between two requests of the next process.
      if state.requests == 4, let late = state.remains.late {
        _ = state.remains.server.handle(late, now: now)
        state.remains.late = nil
      }
      guard CrashScene.mayChange(request) else {
        return FaultedExchange(
          outcome: .answered(state.remains.server.handle(request, now: now), .whole))
      }
      guard state.pass() else { return FaultedExchange(outcome: .refused) }
      guard state.pass() else { return FaultedExchange(outcome: .closed) }
      let earlier = state.remains.late
      state.remains.late = request
      guard state.pass() else { return FaultedExchange(outcome: .closed) }
      state.remains.late = earlier
      let answer = state.remains.server.handle(request, now: now)
      guard state.pass() else { return FaultedExchange(outcome: .closed) }
      _ = state.pass()
      return FaultedExchange(outcome: .answered(answer, .whole))
    }
  }

  private static func mayChange(_ request: SimulatedRequest) -> Bool {
    request.method != "GET" && !request.target.hasSuffix("/points/count")
  }
}
