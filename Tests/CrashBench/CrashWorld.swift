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

/// What a crash leaves: a server, and a journal as bytes.
package struct CrashWorld: Sendable {
  package var remains: CrashScene.Remains
  private var run = 1
  private var processes = 0

  /// What a process is told to do.
  package enum Order: String, Sendable, CaseIterable { case apply, resume, rollback }

  package init(_ server: SimulatedServer) {
    remains = CrashScene.Remains(server: server)
  }

  /// The past, read back from bytes.
  package var history: RunHistory {
    RunHistory(
      remains.journal.map { line in
        guard let object = (try? JSONParser.parse(line.bytes))?.object,
          let entry = JournalCoding.entry(object)
        else { preconditionFailure("an entry does not read back") }
        return entry
      })
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

  /// The recoveries that differ: a run that is over is not gone on with, whatever is ordered.
  package var orders: [Order] { isOpen ? [.resume, .rollback] : [.resume] }

  /// How a process ended.
  package struct Result: Sendable {
    package var end: RunEnd
    /// How many instants were passed.
    package var instants: Int
    /// What kills at the instants that were passed would have left, each once.
    package var crashes: [CrashWorld]
  }

  /// Runs one process, which is killed at that instant; nil never.
  ///
  /// - Parameter isKeeping: whether to keep what kills at each instant would have left.
  package mutating func process(
    _ order: Order, _ plan: Plan, killedAt instant: Int? = nil, isKeeping: Bool = false
  ) async -> Result {
    processes += 1
    if order == .apply, !remains.journal.isEmpty {
      run += 1
      remains.journal = []
    }
    let scene = CrashScene(remains, killedAt: instant, isKeeping: isKeeping)
    let clock = TestClock()
    var options = QdrantClient.Options()
    options.readAttempts = 1
    let provider = QdrantClient(
      transport: SimulatedTransport(scene, time: clock.transportTime),
      schema: QdrantResources.schema, redactor: Redactor([]), options: options)
    var machine = await machine(order, plan, provider)
    let executor = Executor(
      providers: ["c": provider], header: header(plan), clock: clock,
      record: { entry throws(JournalFailure) in try scene.record(entry) },
      isInterrupted: { scene.isDead })
    let end = await executor.execute(&machine)
    remains = scene.remains
    let crashes = scene.crashes.map { left in
      var world = self
      world.remains = left
      return world
    }
    return Result(end: end, instants: scene.passed, crashes: crashes)
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
