import Execution
import ResourceModel

/// Three appliers, the server, and what is still under way: one state of the search.
///
/// A move is one exchange with the server together with what follows from it inside of an applier:
/// what an applier does by itself changes nothing for the others. A pause of any length is that an
/// applier does not move.
struct World: Hashable {
  /// How often what may happen.
  struct Budget: Hashable {
    /// Appliers that are gone for good.
    var crashes = 0
    /// Answers that do not arrive, with or without the effect.
    var losses = 1
    /// Requests that are applied at any later time.
    var lates = 1
    /// Takeovers of the epoch that was found, whether its holder is dead or only paused.
    var takeovers = 1
    /// New attempts of one who found the lock held.
    var retries = 0
    /// Requests that never leave.
    var refusals = 0
  }

  struct Applier: Hashable {
    var nonce: String
    var phase: Phase
  }

  enum Phase: Hashable {
    case acquiring(LockMachine, Next)
    /// The lock is to be looked at before the next step.
    case holding(epoch: Int, stepsLeft: Int)
    case releasing(epoch: Int, [ControlOperation]?)
    /// It found that epoch held.
    case waiting(epoch: Int)
    case over
  }

  /// What an acquiring applier asks of the server next.
  enum Next: Hashable {
    case read
    case send(ModelServer.Request)
  }

  var server: ModelServer
  var budget: Budget
  var appliers: [Applier]
  /// Requests that will be applied some time.
  var late: [ModelServer.Request] = []
  /// The epochs that were acquired, for what is checked.
  var acquired: Set<Int> = []
  /// How many appliers have done anything. They are alike until then, so that only the next one
  /// may be the next to begin: every other order is the same with other names.
  var begun = 0

  let patience: LockMachine.Patience
  let steps: Int

  init(
    _ server: ModelServer, budget: Budget, patience: LockMachine.Patience, steps: Int = 3,
    appliers names: [String] = ["a", "b", "c"]
  ) {
    self.server = server
    self.budget = budget
    self.patience = patience
    self.steps = steps
    appliers = names.map { name in
      Applier(nonce: name, phase: World.begin(name, takeover: nil, patience))
    }
  }

  static func begin(
    _ nonce: String, takeover: Int?, _ patience: LockMachine.Patience
  ) -> Phase {
    .acquiring(
      LockMachine(claim: record(nonce), takeover: takeover, patience: patience), .read)
  }

  static func record(_ nonce: String, _ state: LockRecord.State = .held) -> LockRecord {
    LockRecord(state: state, run: "", plan: "", holder: "", nonce: nonce, since: "")
  }

  /// The newest epoch that anybody acquired.
  var newest: Int { acquired.max() ?? 0 }
}
