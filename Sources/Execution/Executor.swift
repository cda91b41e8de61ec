import Planning
package import ResourceModel

/// Performs a machine's actions one after the other and feeds the events back.
package struct Executor<C: Clock>: Sendable where C.Duration == Duration {
  private let provider: any Provider
  private let clock: C
  private let run: String
  private let record: @Sendable (JournalEntry) -> Void
  private let isInterrupted: @Sendable () -> Bool

  /// `record` gets every entry before what it announces happens; `isInterrupted` is asked between
  /// actions.
  package init(
    provider: any Provider, clock: C, run: String,
    record: @escaping @Sendable (JournalEntry) -> Void,
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    self.provider = provider
    self.clock = clock
    self.run = run
    self.record = record
    self.isInterrupted = isInterrupted
  }

  /// Runs the machine to its end.
  package func execute(_ machine: inout ApplyMachine) async -> ApplyOutcome {
    var actions = machine.start()
    while let action = actions.first {
      actions.removeFirst()
      if isInterrupted() { actions += machine.receive(.interrupted) }
      switch action {
      case .finish(let outcome): return outcome
      case .record(let entry):
        record(entry)
        actions += machine.receive(.recorded(entry))
      case .perform(let step, let operation):
        actions += machine.receive(.performed(step, await perform(operation, step)))
      case .observe(let step, let address, let countingPoints):
        let result = await observe(address, countingPoints)
        actions += machine.receive(.observed(step, result))
      case .sleep(let duration, let step):
        try? await clock.sleep(until: clock.now.advanced(by: duration), tolerance: nil)
        actions += machine.receive(.woke(step))
      }
    }
    preconditionFailure("a machine ends with finish")
  }

  private func perform(
    _ operation: Operation, _ step: StepID
  ) async -> Result<Receipt, ProviderError> {
    do throws(ProviderError) {
      return .success(
        try await provider.perform(operation, run: run, step: step.description))
    } catch {
      return .failure(error)
    }
  }

  private func observe(
    _ address: ResourceAddress, _ countingPoints: Bool
  ) async -> Result<Observation, ProviderError> {
    do throws(ProviderError) {
      if address.kind == .alias {
        return .success(Observation(aliasTarget: try await provider.observe(alias: address.name)))
      }
      let collection = try await provider.observe(collection: address.collection)
      let points =
        countingPoints && collection != nil
        ? try await provider.countPoints(in: address.collection) : nil
      return .success(Observation(collection: collection, points: points))
    } catch {
      return .failure(error)
    }
  }
}
