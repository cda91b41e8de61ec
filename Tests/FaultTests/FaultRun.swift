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
import Transport

/// A server, and the run of a plan on it, one process after the other.
struct FaultRun: Sendable {
  private(set) var server: SimulatedServer
  private(set) var happenings: [Happening] = []
  /// Copies of the server whenever a step was recorded as done.
  private(set) var states: [SimulatedServer] = []
  /// Whether the last step is refused, so that the run goes back.
  var refusesTail = false
  /// Whether the run takes a lock.
  var locks = false
  /// Somebody else, who changes something in the middle.
  var interloper: Interloper?
  /// Whether the last process could not give its lock back.
  private(set) var leftLocked: [String] = []
  private var processes = 0

  init(_ server: SimulatedServer) { self.server = server }

  var journal: [JournalEntry] { happenings.compactMap(\.entry) }

  /// The lines of what was sent and may have changed something.
  var mutations: [String] {
    happenings.compactMap { if case .mutation(let line, _) = $0 { line } else { nil } }
  }

  /// What the newest lock collection says.
  var lockRecord: JSONValue? {
    let collections = server.exportState()["collections"]?.array ?? []
    let locks = collections.filter { $0["name"]?.string?.hasPrefix("_qr_lock") ?? false }
    let newest = locks.max { ($0["name"]?.string ?? "") < ($1["name"]?.string ?? "") }
    return newest.flatMap { FaultRun.member(LockRecord.key, of: $0) }
  }

  private static func member(_ key: String, of value: JSONValue) -> JSONValue? {
    if let found = value[key] { return found }
    for member in value.object?.members ?? [] {
      if let found = self.member(key, of: member.value) { return found }
    }
    return nil
  }

  private static let tailRule = FaultRule(
    FaultMatcher(methods: ["PUT"], path: "/collections/\(Subject.tail)", times: nil),
    .status(400, body: Array(#"{"status":{"error":"no"},"time":0}"#.utf8), headers: []))

  /// One process: a new run, or one that goes on or back with what was recorded.
  ///
  /// - Parameter standing: faults that are there from the start.
  mutating func process(
    _ steps: [Step], goesBack: Bool = false, trigger: Trigger? = nil,
    standing: [FaultRule] = []
  ) async -> RunEnd {
    processes += 1
    let clock = TestClock()
    let rules = standing + (refusesTail ? [FaultRun.tailRule] : [])
    let endpoint = InMemoryEndpoint(server, faults: FaultScript(rules))
    let witness = Witness(
      SimulatedTransport(
        endpoint, time: clock.transportTime, limits: .init(answerBytes: 1 << 20)))
    var options = QdrantClient.Options()
    options.readAttempts = 1
    let provider = QdrantClient(
      transport: witness, schema: QdrantResources.schema, redactor: Redactor([]),
      options: options)
    var machine = await machine(steps, goesBack: goesBack, provider)
    let armed = Mutex(trigger)
    let interloper = interloper
    let copies = Mutex<[SimulatedServer]>([])
    let executor = Executor(
      providers: ["c": provider], header: header(steps), clock: clock,
      record: { entry in
        witness.record(entry)
        if case .done = entry { copies.withLock { $0.append(endpoint.server) } }
        let due = armed.withLock { armed -> Trigger? in
          guard let trigger = armed, trigger.isDue(entry) else { return nil }
          armed = nil
          return trigger
        }
        due?.arm(endpoint, witness, rules)
        interloper?.act(after: entry, endpoint, now: clock.transportTime.now())
      })
    let end = await executor.execute(&machine)
    server = endpoint.server
    happenings += witness.happenings
    states += copies.withLock { $0 }
    leftLocked = machine.leftLocked
    return end
  }

  /// Somebody else, who sends a request between two processes.
  mutating func byHand(_ request: SimulatedRequest) {
    let endpoint = InMemoryEndpoint(server)
    _ = endpoint.exchange(request, now: 1_700_000_000)
    server = endpoint.server
  }

  /// What a process leaves in its journal that ended with the request of a step.
  mutating func dieInRequest(of step: StepID, _ direction: Direction) {
    let place = happenings.lastIndex { happening in
      if case .entry(.intent(step, direction, _, _)) = happening { true } else { false }
    }
    happenings = place.map { Array(happenings[...$0]) } ?? happenings
  }

  private func header(_ steps: [Step]) -> RunHeader {
    RunHeader(
      run: "r1", workspace: "w", plan: String(repeating: "a", count: 64), steps: steps.count)
  }

  private func machine(
    _ steps: [Step], goesBack: Bool, _ provider: QdrantClient
  ) async -> ApplyMachine {
    var cluster = ApplyMachine.ClusterWork(
      name: "c", identity: ClusterIdentity(version: ServerVersion(1, 18, 3)))
    if locks {
      // The same that the command does: a lock of a run that is recorded here may be taken over.
      let lock = try? await provider.lockState(of: "w")
      cluster.claim = LockRecord(
        state: .held, run: "r1", plan: header(steps).plan, holder: "h",
        nonce: "n\(processes)", since: "2026-11-25T12:00:00Z")
      cluster.takeover = lock?.record?.state == .free ? nil : lock?.highest
    }
    var settings = ApplyMachine.Settings()
    settings.goesBack = goesBack
    return ApplyMachine(
      ApplyMachine.Work(
        header: header(steps), steps: steps, clusters: [cluster],
        schema: QdrantResources.schema),
      settings: settings, history: RunHistory(journal))
  }
}
