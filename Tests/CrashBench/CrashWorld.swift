import Execution
import InProcessTransport
import JSON
import LawBench
import Planning
import QdrantProvider
import QdrantSchema
import ResourceModel
import Secrets
import SimulatedQdrant
import Synchronization

/// What a crash leaves: a server, and a journal as bytes.
package struct CrashWorld: Sendable {
  package var remains: KillableEndpoint.Remains
  /// Encoded entries, each with whether it was to be durable.
  private var journal: [(bytes: [UInt8], isDurable: Bool)] = []
  private var run = 1
  private var processes = 0

  /// What a process is told to do.
  package enum Order: String, Sendable, CaseIterable { case apply, resume, rollback }

  package init(_ server: SimulatedServer) {
    remains = KillableEndpoint.Remains(server: server)
  }

  /// The past, read back from bytes.
  package var history: RunHistory {
    RunHistory(
      journal.map { line in
        guard let object = (try? JSONParser.parse(line.bytes))?.object,
          let entry = JournalCoding.entry(object)
        else { preconditionFailure("an entry does not read back") }
        return entry
      })
  }

  /// Loses what was written after the last flush, as when the power goes.
  package mutating func losePower() {
    while let last = journal.last, !last.isDurable { journal.removeLast() }
  }

  /// Whether there is a run to go on with or to take back.
  package var isOpen: Bool {
    let history = history
    guard history.header != nil, history.hasSent else { return false }
    switch history.end?.state {
    case nil, .interrupted, .halted: return true
    case .applied, .rolledBack, .refused: return false
    }
  }

  /// Runs one process, which is killed at that instant.
  package mutating func process(
    _ order: Order, _ plan: Plan, killedAt instant: Int?
  ) async -> (end: RunEnd, isKilled: Bool, instants: Int) {
    processes += 1
    if order == .apply, !journal.isEmpty {
      run += 1
      journal = []
    }
    let kill = KillSwitch(at: instant)
    let endpoint = KillableEndpoint(remains, kill)
    let clock = TestClock()
    var options = QdrantClient.Options()
    options.readAttempts = 1
    let provider = QdrantClient(
      transport: SimulatedTransport(endpoint, time: clock.transportTime),
      schema: QdrantResources.schema, redactor: Redactor([]), options: options)
    var machine = await machine(order, plan, provider)
    let written = Mutex<[(bytes: [UInt8], isDurable: Bool)]>([])
    let executor = Executor(
      providers: ["c": provider], header: header(plan), clock: clock,
      record: { entry throws(JournalFailure) in
        guard kill.pass() else { throw .stopped }
        let bytes = JSONValue.object(JournalCoding.json(entry)).bytes()
        written.withLock { $0.append((bytes, entry.isDurable)) }
        _ = kill.pass()
      }, isInterrupted: { kill.isDead })
    let end = await executor.execute(&machine)
    journal += written.withLock { $0 }
    remains = endpoint.left
    return (end, kill.isDead, kill.passed)
  }

  private func header(_ plan: Plan) -> RunHeader {
    RunHeader(
      run: "r\(run)", workspace: "w", plan: String(repeating: "a", count: 64),
      steps: plan.steps.count)
  }

  private func machine(
    _ order: Order, _ plan: Plan, _ provider: QdrantClient
  ) async -> ApplyMachine {
    // The same that the command does: a lock of a run that is recorded here may be taken over.
    let lock = try? await provider.lockState(of: "w")
    let record = lock?.record
    let claim = LockRecord(
      state: .held, run: "r\(run)", plan: header(plan).plan, holder: "h",
      nonce: "n\(processes)", since: "2026-11-25T12:00:00Z")
    let cluster = ApplyMachine.ClusterWork(
      name: "c", identity: ClusterIdentity(version: ServerVersion(1, 18, 3)), claim: claim,
      takeover: record?.state == .free ? nil : lock?.highest)
    var settings = ApplyMachine.Settings()
    settings.goesBack = order == .rollback
    settings.afterRollback = true
    return ApplyMachine(
      ApplyMachine.Work(
        header: header(plan), steps: plan.steps, clusters: [cluster],
        schema: QdrantResources.schema),
      settings: settings, history: order == .apply ? RunHistory() : history)
  }
}
