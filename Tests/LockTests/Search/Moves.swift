import Execution
import ResourceModel

/// What may happen next.
enum Move: Hashable {
  case go(Int, Fault)
  /// The applier is gone; its next request may have left before.
  case crash(Int, leavesRequest: Bool)
  case takeOver(Int)
  case tryAgain(Int)
  case arrive(Int)

  /// What becomes of an exchange.
  enum Fault: Hashable {
    case none
    /// The effect is there, and no answer.
    case lostAfter
    /// Neither effect nor answer.
    case lostBefore
    /// The effect will be there, and there is no answer.
    case late
    /// It never leaves.
    case refused
  }
}

extension World {
  /// All moves from here.
  func moves() -> [Move] {
    var moves = late.indices.map(Move.arrive)
    for (index, applier) in appliers.enumerated().prefix(begun + 1) {
      switch applier.phase {
      case .over: continue
      case .waiting:
        if budget.takeovers > 0 { moves.append(.takeOver(index)) }
        if budget.retries > 0 { moves.append(.tryAgain(index)) }
        continue
      case .acquiring, .holding, .releasing: break
      }
      moves.append(.go(index, .none))
      let sends = request(of: applier) != nil
      if budget.crashes > 0 {
        moves.append(.crash(index, leavesRequest: false))
        if sends { moves.append(.crash(index, leavesRequest: true)) }
      }
      if sends, budget.losses > 0 { moves += [.go(index, .lostAfter), .go(index, .lostBefore)] }
      if sends, budget.lates > 0 { moves.append(.go(index, .late)) }
      if budget.refusals > 0 { moves.append(.go(index, .refused)) }
    }
    return moves
  }

  /// The mutation that an applier sends next, if it is one.
  private func request(of applier: Applier) -> ModelServer.Request? {
    switch applier.phase {
    case .acquiring(_, .send(let request)): request
    case .releasing(_, let operations?): operations.first.map(ModelServer.Request.control)
    default: nil
    }
  }

  /// Makes a move; throws when something happened that must not.
  mutating func make(_ move: Move) throws(Violation) {
    let highest = server.lock.highest ?? 0
    switch move {
    case .arrive(let index): _ = try server.apply(late.remove(at: index))
    case .crash(let index, let leavesRequest):
      begun = max(begun, index + 1)
      budget.crashes -= 1
      if leavesRequest, let request = request(of: appliers[index]) { late.append(request) }
      end(index)
    case .takeOver(let index):
      budget.takeovers -= 1
      guard case .waiting(let epoch) = appliers[index].phase else { return }
      begin(index, takeover: epoch)
    case .tryAgain(let index):
      budget.retries -= 1
      begin(index, takeover: nil)
    case .go(let index, let fault):
      begun = max(begun, index + 1)
      pay(fault)
      try go(index, fault)
    }
    guard server.lock.highest ?? 0 >= highest else { throw Violation("the numbers shrink") }
  }

  private mutating func end(_ index: Int) { appliers[index] = Applier(nonce: "", phase: .over) }

  /// A new process claims with a nonce of its own.
  private mutating func begin(_ index: Int, takeover: Int?) {
    appliers[index].nonce += "'"
    appliers[index].phase = World.begin(appliers[index].nonce, takeover: takeover, patience)
  }

  private mutating func pay(_ fault: Move.Fault) {
    switch fault {
    case .none: break
    case .lostAfter, .lostBefore: budget.losses -= 1
    case .late: budget.lates -= 1
    case .refused: budget.refusals -= 1
    }
  }

  private mutating func go(_ index: Int, _ fault: Move.Fault) throws(Violation) {
    switch appliers[index].phase {
    case .acquiring(let machine, let next): try acquire(index, machine, next, fault)
    case .holding(let epoch, let stepsLeft):
      // A step whose fence cannot be read is not taken; it is looked at again.
      if fault == .none { try step(index, epoch, stepsLeft) }
    case .releasing(let epoch, nil):
      if fault == .none { release(index, epoch) }
    case .releasing(let epoch, let operations?):
      try release(index, epoch, operations, fault)
    case .waiting, .over: break
    }
  }

  private mutating func acquire(
    _ index: Int, _ machine: LockMachine, _ next: Next, _ fault: Move.Fault
  ) throws(Violation) {
    let failure = ProviderError(fault == .refused ? .unavailable : .unknown, "")
    var event: LockMachine.Event
    switch next {
    case .read:
      event = .read(fault == .none ? .success(server.lock) : .failure(failure))
    case .send(let request):
      let isApplied = try send(request, fault)
      event = .performed(
        fault == .none
          ? isApplied
            ? .success(Receipt(isCompleted: true))
            : .failure(ProviderError(.rejected, "", status: 409))
          : .failure(failure))
      // Without metadata the record follows the creation, within one operation.
      if case .control(.createEpoch(let epoch, let record)) = request, isApplied, fault == .none,
        server.kind == .names
      {
        appliers[index].phase = .acquiring(machine, .send(.say(epoch, record)))
        return
      }
      if case .say = request, fault == .refused {
        event = .performed(.failure(ProviderError(.unknown, "")))
      }
    }
    try run(index, machine, event)
  }

  /// Sends a request; whether it was applied with success.
  private mutating func send(
    _ request: ModelServer.Request, _ fault: Move.Fault
  ) throws(Violation) -> Bool {
    switch fault {
    case .none, .lostAfter: return try server.apply(request)
    case .late:
      late.append(request)
      return false
    case .lostBefore, .refused: return false
    }
  }

  /// Runs a machine to its next exchange or its end.
  private mutating func run(
    _ index: Int, _ machine: LockMachine, _ event: LockMachine.Event
  ) throws(Violation) {
    var machine = machine
    var actions = machine.receive(event)
    while let action = actions.first {
      switch action {
      case .record(let operation): actions = machine.receive(.recorded(operation))
      case .sleep: actions = machine.receive(.woke)
      case .read:
        appliers[index].phase = .acquiring(machine, .read)
        return
      case .perform(let operation):
        appliers[index].phase = .acquiring(machine, .send(.control(operation)))
        return
      case .finished(let outcome): return try finish(index, outcome)
      }
    }
    throw Violation("the machine stands still")
  }

  private mutating func finish(_ index: Int, _ outcome: LockOutcome) throws(Violation) {
    switch outcome {
    case .acquired(let epoch, _):
      guard epoch > newest else { throw Violation("\(epoch) was acquired after \(newest)") }
      acquired.insert(epoch)
      appliers[index].phase = .holding(epoch: epoch, stepsLeft: steps)
    case .held(let epoch, _), .open(let epoch, _):
      appliers[index].phase = .waiting(epoch: epoch)
    case .failed, .undecided: end(index)
    }
  }

  private mutating func step(_ index: Int, _ epoch: Int, _ stepsLeft: Int) throws(Violation) {
    let lock = server.lock
    let holds =
      server.plant == .fenceLooksForTheNameOnly
      ? lock.epochs.contains(epoch)
      : LockFence.holds(epoch, nonce: appliers[index].nonce, in: lock)
    guard holds else {
      guard lock.highest ?? 0 > epoch else { throw Violation("\(epoch) was fenced for nothing") }
      end(index)
      return
    }
    guard epoch == newest else {
      throw Violation("epoch \(epoch) passed its fence after \(newest) was acquired")
    }
    appliers[index].phase =
      stepsLeft == 1
      ? .releasing(epoch: epoch, nil) : .holding(epoch: epoch, stepsLeft: stepsLeft - 1)
  }

  private mutating func release(_ index: Int, _ epoch: Int) {
    var operations = LockFence.release(
      epoch, writing: World.record(appliers[index].nonce, .free), in: server.lock)
    if server.plant == .releaseDeletesAll, !operations.isEmpty {
      operations.append(.deleteEpoch(epoch))
    }
    guard !operations.isEmpty else { return end(index) }
    appliers[index].phase = .releasing(epoch: epoch, operations)
  }

  private mutating func release(
    _ index: Int, _ epoch: Int, _ operations: [ControlOperation], _ fault: Move.Fault
  ) throws(Violation) {
    _ = try send(.control(operations[0]), fault)
    let rest = Array(operations.dropFirst())
    guard !rest.isEmpty, fault == .none else { return end(index) }
    appliers[index].phase = .releasing(epoch: epoch, rest)
  }
}
