import Execution
import InProcessTransport
import QdrantProvider
import ResourceModel
import Synchronization
import Transport

/// Performs a machine's actions with the real client; waiting moves the server's time.
struct LockDriver {
  /// What a claim did, in its order.
  struct Log {
    var outcome: LockOutcome
    var recorded: [ControlOperation] = []
    var performed: [ControlOperation] = []
  }

  let bench: LockBench

  func acquire(
    _ nonce: String, takeover: Int? = nil, rolledBack: Bool = false
  ) async -> Log {
    await run(
      LockMachine(
        claim: LockBench.record(nonce: nonce, rolledBack: rolledBack), takeover: takeover))
  }

  func run(_ start: LockMachine) async -> Log {
    var machine = start
    var log = Log(outcome: .failed(ProviderError(.unavailable, "the machine stood still")))
    var actions = machine.start()
    while let action = actions.first {
      switch action {
      case .read: actions = machine.receive(.read(await read()))
      case .record(let operation):
        log.recorded.append(operation)
        actions = machine.receive(.recorded(operation))
      case .perform(let operation):
        log.performed.append(operation)
        let error = await bench.error(operation)
        actions = machine.receive(
          .performed(error.map(Result.failure) ?? .success(Receipt(isCompleted: true))))
      case .sleep(let duration):
        bench.clock.wait(duration / .seconds(1))
        actions = machine.receive(.woke)
      case .finished(let outcome):
        log.outcome = outcome
        return log
      }
    }
    return log
  }

  private func read() async -> Result<LockState, ProviderError> {
    do throws(ProviderError) {
      return .success(try await bench.client.lockState(of: "w"))
    } catch {
      return .failure(error)
    }
  }

  /// Gives the lock back as its holder does.
  func release(_ epoch: Int, _ record: LockRecord) async throws {
    for operation in LockFence.release(epoch, writing: record, in: try await bench.state()) {
      try await bench.perform(operation)
    }
  }
}

/// Seconds that pass only when somebody waits.
final class BenchClock: Sendable {
  private let seconds = Mutex(1_700_000_000.0)

  func wait(_ duration: Double) { seconds.withLock { $0 += max(0, duration) } }

  var transportTime: TransportTime {
    TransportTime(now: { self.seconds.withLock { $0 } }, sleep: { self.wait($0) })
  }
}
