import Planning
package import ResourceModel

/// Performs a machine's actions and feeds the events back: clusters side by side, records one after
/// the other.
package struct Executor<C: Clock>: Sendable where C.Duration == Duration {
  private let providers: [String: any Provider]
  private let workspace: String
  private let run: String
  private let clock: C
  private let record: @Sendable (JournalEntry) throws(JournalFailure) -> Void
  private let isInterrupted: @Sendable () -> Bool

  /// - Parameters:
  ///   - providers: by the name of the cluster.
  ///   - record: gets every entry before anything that follows from it happens; when it returns,
  ///     an entry that is durable is on the disk. When it fails, the run stops at once.
  ///   - isInterrupted: asked after every event.
  package init(
    providers: [String: any Provider], header: RunHeader, clock: C,
    record: @escaping @Sendable (JournalEntry) throws(JournalFailure) -> Void,
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    self.providers = providers
    workspace = header.workspace
    run = header.run
    self.clock = clock
    self.record = record
    self.isInterrupted = isInterrupted
  }

  /// Runs the machine to its end.
  package func execute(_ machine: inout ApplyMachine) async -> RunEnd {
    await withTaskGroup(of: ApplyMachine.Event.self, returning: RunEnd.self) { group in
      var actions = machine.start()
      while true {
        while let action = actions.first {
          actions.removeFirst()
          switch action {
          case .finish(let end): return end
          case .record(let entry, let lane):
            do throws(JournalFailure) { try record(entry) } catch {
              // What is under way is awaited: a request in flight is not torn off.
              return RunEnd(.halted, [RunEnd.Cause(.journal, error.description)])
            }
            actions += machine.receive(.recorded(entry, lane: lane))
          default: group.addTask { await event(of: action) }
          }
        }
        guard let event = await group.next() else {
          preconditionFailure("a machine ends with finish")
        }
        if isInterrupted() { actions += machine.receive(.interrupted) }
        actions += machine.receive(event)
      }
    }
  }

  /// Performs what is not the driver's own.
  private func event(of action: ApplyMachine.Action) async -> ApplyMachine.Event {
    switch action {
    case .perform(let step, let operation, let lane):
      return .performed(
        lane: lane,
        await result { provider throws(ProviderError) in
          try await provider.perform(operation, run: run, step: step.description)
        }(lane))
    case .observe(let target, _): return .observed(target, await observe(target))
    case .control(let operation, let lane):
      return .controlled(
        lane: lane,
        await result { provider throws(ProviderError) in
          try await provider.perform(
            operation, workspace: workspace, run: run, step: "control")
        }(lane))
    case .readLock(let lane):
      return .lockRead(
        lane: lane,
        await result { provider throws(ProviderError) in
          try await provider.lockState(of: workspace)
        }(lane))
    case .identify(let lane):
      return .identified(
        lane: lane,
        await result { provider throws(ProviderError) in try await provider.identify() }(lane))
    case .sleep(let duration, let lane):
      try? await clock.sleep(until: clock.now.advanced(by: duration), tolerance: nil)
      return .woke(lane: lane)
    case .record, .finish: preconditionFailure("the driver does this itself")
    }
  }

  private func result<Value: Sendable>(
    _ ask: @escaping @Sendable (any Provider) async throws(ProviderError) -> Value
  ) -> @Sendable (String) async -> Result<Value, ProviderError> {
    { lane in
      guard let provider = providers[lane] else {
        return .failure(
          ProviderError(.unavailable, "there is no connection to it", category: .unreachable))
      }
      do throws(ProviderError) { return .success(try await ask(provider)) } catch {
        return .failure(error)
      }
    }
  }

  private func observe(_ target: ObservationTarget) async -> Result<Observation, ProviderError> {
    await result { provider throws(ProviderError) in
      if target.isAlias {
        return Observation(aliases: try await provider.observeAliases())
      }
      let collection = try await provider.observe(
        collection: target.name, withPlacement: target.readsPlacement)
      var observation = Observation(collection: collection)
      if let counted = target.counted, observation.has(counted) {
        observation.points = try await provider.countPoints(of: counted)
      }
      return observation
    }(target.cluster)
  }
}
