import Synchronization

/// Counts the instants at which a process may be killed, and kills it at one of them.
///
/// The instants are: before and after every write of the journal, and of every request that may
/// change something: before it is sent; sent and lost; sent and applied only later; applied and the
/// answer lost; answered and nothing recorded yet. A read changes nothing, so being killed at one
/// is being killed after the write before it.
package final class KillSwitch: Sendable {
  private let state: Mutex<(left: Int?, passed: Int)>

  /// Kills at the instant of that number, from 1; nil never.
  package init(at instant: Int?) { state = Mutex((instant, 0)) }

  /// Passes an instant; false when the process is dead.
  package func pass() -> Bool {
    state.withLock { state in
      if state.left == 0 { return false }
      state.passed += 1
      guard let left = state.left else { return true }
      state.left = left - 1
      return left > 1
    }
  }

  package var isDead: Bool { state.withLock { $0.left == 0 } }
  /// How many instants were passed.
  package var passed: Int { state.withLock { $0.passed } }
}
