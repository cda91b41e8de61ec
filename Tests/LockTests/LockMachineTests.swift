import Execution
import JSON
import ResourceModel
import SimulatedQdrant
import Testing

/// Acquiring the lock of a simulated server, with and without faults.
@Suite struct LockMachineTests {
  @Test(arguments: LockBench.Kind.allCases)
  func `Of fifty claims at once exactly one acquires, and nobody else believes it did`(
    kind: LockBench.Kind
  ) async throws {
    let driver = LockDriver(bench: LockBench(kind))
    let outcomes = await withTaskGroup(of: (String, LockOutcome).self) { group in
      for claim in 0..<50 {
        group.addTask { ("\(claim)", await driver.acquire("\(claim)").outcome) }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    let winners = outcomes.filter { $0.value == .acquired(epoch: 1, former: nil) }
    #expect(winners.count == 1)
    #expect(try await driver.bench.state().record?.nonce == winners.keys.first)
    for outcome in outcomes.values where outcome != .acquired(epoch: 1, former: nil) {
      guard case .held(epoch: 1, _) = outcome else {
        Issue.record("\(outcome)")
        continue
      }
    }
  }

  @Test(arguments: LockBench.Kind.allCases)
  func `A lock that was given back is acquired with the next number and keeps one epoch`(
    kind: LockBench.Kind
  ) async throws {
    let driver = LockDriver(bench: LockBench(kind))
    for epoch in 1...4 {
      let log = await driver.acquire("n\(epoch)")
      guard case .acquired(epoch, let former) = log.outcome else {
        Issue.record("\(log.outcome)")
        return
      }
      #expect(former?.nonce == (epoch == 1 ? nil : "n\(epoch - 1)"))
      let lock = try await driver.bench.state()
      #expect(LockFence.holds(epoch, nonce: "n\(epoch)", in: lock))
      #expect(!LockFence.holds(epoch, nonce: "n", in: lock))
      #expect(!LockFence.holds(epoch + 1, nonce: "n\(epoch)", in: lock))
      try await driver.release(epoch, LockBench.record(.free, nonce: "n\(epoch)"))
      let after = try await driver.bench.state()
      #expect(after.epochs == [epoch])
      #expect(!LockFence.holds(epoch, nonce: "n\(epoch)", in: after))
    }
  }

  @Test func `Whoever lost the lock gives nothing back and deletes nothing`() {
    let record = LockBench.record(.free, nonce: "mine")
    let states = [
      LockState(), LockState(epochs: [1, 2]),
      LockState(epochs: [1, 2, 3], record: LockBench.record(nonce: "other")),
      LockState(epochs: [1, 2], record: LockBench.record(nonce: "other")),
      LockState(epochs: [1, 2], record: LockBench.record(.open, nonce: "mine")),
    ]
    for state in states {
      #expect(LockFence.release(2, writing: record, in: state).isEmpty)
      #expect(!LockFence.holds(2, nonce: "mine", in: state))
    }
    let held = LockState(epochs: [1, 2], record: LockBench.record(nonce: "mine"))
    #expect(
      LockFence.release(2, writing: record, in: held) == [
        .writeEpoch(2, record), .deleteEpoch(1),
      ])
  }

  @Test func `A held or open lock is told with its record, and superseded only by its number`()
    async throws
  {
    for state in [LockRecord.State.held, .open] {
      let driver = LockDriver(bench: LockBench())
      let record = LockBench.record(state, nonce: "holder")
      try await driver.bench.perform(.createEpoch(7, record))
      let expected: LockOutcome =
        state == .held ? .held(epoch: 7, record: record) : .open(epoch: 7, record: record)
      for takeover in [nil, 6, 8] {
        #expect(await driver.acquire("n", takeover: takeover).outcome == expected)
      }
      #expect(driver.bench.mutations.count == 1)
      let outcome = await driver.acquire("n", takeover: 7).outcome
      #expect(outcome == .acquired(epoch: 8, former: record))
    }
  }

  @Test func `A highest epoch that nobody can read is held, and can be taken over by its number`()
    async throws
  {
    let driver = LockDriver(bench: LockBench())
    driver.bench.foreign("PUT", "/collections/_qr_lock.w.3", #"{"vectors":{}}"#)
    #expect(await driver.acquire("n").outcome == .held(epoch: 3, record: nil))
    #expect(
      await driver.acquire("n", takeover: 3).outcome == .acquired(epoch: 4, former: nil))
  }

  @Test func `The mark of the last rollback is carried on until there is another`() async throws {
    let driver = LockDriver(bench: LockBench())
    let former = LockBench.record(.free, nonce: "a", rolledBack: true)
    try await driver.bench.perform(.createEpoch(1, former))
    #expect(await driver.acquire("b").outcome == .acquired(epoch: 2, former: former))
    #expect(try await driver.bench.state().record?.rolledBack == former.rolledBack)
    var claim = LockBench.record(nonce: "c")
    claim.rolledBack = LockRecord.RolledBack(plan: "p", run: "r")
    _ = await driver.run(LockMachine(claim: claim, takeover: 2))
    #expect(try await driver.bench.state().record == claim)
  }

  private func driver(_ fault: Fault, times: Int? = 1) -> LockDriver {
    let matcher = FaultMatcher(
      methods: ["PUT"], path: "/collections/_qr_lock.w.1", nth: 1, times: times)
    return LockDriver(bench: LockBench(rules: [FaultRule(matcher, fault)]))
  }

  @Test(arguments: [
    Fault.dropAfterApply, .applyThenStatus(500), .truncate(after: 3), .wrongSchema(.nullResult),
    .blackhole(applied: true), .lateApply(seconds: 1), .lateApply(seconds: 12),
    .duplicate(times: 2),
  ])
  func `A creation that is applied is ours, whatever was answered, and is not sent twice`(
    fault: Fault
  ) async throws {
    let driver = driver(fault)
    let log = await driver.acquire("n")
    #expect(log.outcome == .acquired(epoch: 1, former: nil))
    #expect(log.performed.count == 1)
    #expect(log.recorded == log.performed)
  }

  @Test(arguments: [
    Fault.dropBeforeApply, .neverApply, .refuse, .rate(perSecond: 0, retryAfter: nil),
    .lateApply(seconds: 600), .blackhole(applied: false),
  ])
  func `A creation that did not come about is sent again with the same number`(fault: Fault)
    async throws
  {
    let driver = driver(fault)
    let log = await driver.acquire("n")
    #expect(log.outcome == .acquired(epoch: 1, former: nil))
    #expect(
      log.performed == Array(repeating: .createEpoch(1, LockBench.record(nonce: "n")), count: 2))
    #expect(log.recorded == log.performed)
  }

  @Test func `Creations that are never known end undecided, those that never leave fail`()
    async throws
  {
    let unknown = await driver(.neverApply, times: nil).acquire("n")
    guard case .undecided(let error) = unknown.outcome else {
      Issue.record("\(unknown.outcome)")
      return
    }
    #expect(error.outcome == .unknown)
    let unsent = await driver(.refuse, times: nil).acquire("n")
    guard case .failed(let error) = unsent.outcome else {
      Issue.record("\(unsent.outcome)")
      return
    }
    #expect(error.outcome == .unavailable)
    for log in [unknown, unsent] {
      #expect(log.performed.count == LockMachine.Patience().creations)
      #expect(log.recorded == log.performed)
    }
  }

  @Test(arguments: [400, 401, 403, 422, 507])
  func `A refusal ends the claim at once`(status: Int) async throws {
    let log = await driver(.status(status, body: [], headers: [])).acquire("n")
    guard case .failed(let error) = log.outcome else {
      Issue.record("\(log.outcome)")
      return
    }
    #expect(error.status == status)
    #expect(log.performed.count == 1)
  }

  @Test func `A lock that cannot be read is not claimed`() async throws {
    let matcher = FaultMatcher(methods: ["GET"], path: "/collections", nth: 1, times: nil)
    for fault in [Fault.refuse, .status(403, body: [], headers: []), .wrongSchema(.nullResult)] {
      let driver = LockDriver(bench: LockBench(rules: [FaultRule(matcher, fault)]))
      guard case .failed = await driver.acquire("n").outcome else {
        Issue.record("\(fault)")
        continue
      }
      #expect(driver.bench.mutations.isEmpty)
    }
  }
}
