import ClusterProviders
import Execution
import OptionParsing
import Planning
import Rendering
import ResourceModel

/// `qdrant-apply unlock EPOCH`: a person says that the holder of a lock is gone.
///
/// The next epoch is created, which fences off the holder should it still live. The run that it was
/// about stays open, so that the next thing to do is to go on with it or to take it back.
struct UnlockCommand {
  let command: ParsedCommand
  let context: CommandContext

  func run() async -> Set<ExitStatus> {
    let loader = WorkspaceLoader(command, context)
    let workspace: LoadedWorkspace
    switch loader.load(Array(command.arguments.dropFirst())) {
    case .failed(let statuses): return statuses
    case .loaded(let loaded): workspace = loaded
    }
    do throws(RunStore.Problem) {
      let epoch = try number()
      let cluster = try cluster(workspace)
      let store = try RunStore.open(
        StatePlace(command, or: workspace.statePath), context)
      defer { store.close() }
      switch await context.connect(cluster, .manage) {
      case .failure(let problem):
        throw RunStore.Problem(
          "\(cluster.name): \(problem.message)", RunStatus.status(problem.category))
      case .success(let connection):
        defer { connection.shutdown() }
        return try await unlock(
          epoch, connection, workspace.state.workspace.name, store)
      }
    } catch {
      context.complain(error.message)
      return [error.status]
    }
  }

  private func number() throws(RunStore.Problem) -> Int {
    guard let epoch = command.argument.flatMap({ Int($0) }), epoch > 0 else {
      throw RunStore.Problem(
        "the epoch is a number, as the message about the lock tells it", .usage)
    }
    return epoch
  }

  private func cluster(
    _ workspace: LoadedWorkspace
  ) throws(RunStore.Problem) -> ClusterDeclaration {
    let clusters = workspace.state.clusters
    if let name = command.text("--cluster") {
      guard let found = clusters.first(where: { $0.name == name }) else {
        throw RunStore.Problem("there is no cluster '\(name)'", .usage)
      }
      return found
    }
    guard clusters.count == 1, let only = clusters.first else {
      throw RunStore.Problem(
        "there are \(clusters.count) clusters; say which with --cluster NAME", .usage)
    }
    return only
  }

  private func unlock(
    _ epoch: Int, _ connection: ClusterConnection, _ workspace: String, _ store: RunStore
  ) async throws(RunStore.Problem) -> Set<ExitStatus> {
    let name = connection.declaration.name
    let state = try await ask { () async throws(ProviderError) in
      try await connection.provider.lockState(of: workspace)
    }
    guard let highest = state.highest else { throw RunStore.Problem("\(name) has no lock", .usage) }
    guard highest == epoch else {
      throw RunStore.Problem(
        "the lock of \(name) is at epoch \(highest), not \(epoch): look again who holds it",
        .refused)
    }
    guard let record = state.record, record.state != .free else {
      if state.record == nil { return try await replace(nil, epoch, connection, workspace, store) }
      context.console.output("The lock of \(name) is free.\n")
      return [.success]
    }
    return try await replace(record, epoch, connection, workspace, store)
  }

  /// Creates the next epoch under a journal of its own, like every other write.
  private func replace(
    _ former: LockRecord?, _ epoch: Int, _ connection: ClusterConnection, _ workspace: String,
    _ store: RunStore
  ) async throws(RunStore.Problem) -> Set<ExitStatus> {
    let abandons = command.has("--abandon")
    let id = try store.name(after: context.newRun())
    let record = LockRecord(
      state: abandons ? .free : .open, run: former?.run ?? id, plan: former?.plan ?? "",
      holder: "unlocked by hand from \(context.holder)", nonce: context.newNonce(),
      since: context.timestamp(), rolledBack: former?.rolledBack)
    if abandons, let former, try store.runs().contains(former.run) {
      try append([.abandoned], to: try store.reopen(former.run))
    }
    let writer = try store.create(id, plan: Plan(workspace: workspace))
    let operation = ControlOperation.createEpoch(epoch + 1, record)
    let cluster = connection.declaration.name
    try append(
      [
        .begun(RunHeader(run: id, workspace: workspace, plan: record.plan, steps: 0)),
        .control(cluster: cluster, operation),
      ], to: writer, closes: false)
    _ = try await ask { () async throws(ProviderError) in
      try await connection.provider.perform(
        operation, workspace: workspace, run: id, step: "unlock")
    }
    try append([.finished(.applied)], to: writer)
    context.console.output(
      abandons
        ? "Unlocked: epoch \(epoch + 1) of \(cluster) is free; what run \(record.run) did is left "
          + "as it is.\n"
        : "Unlocked: epoch \(epoch + 1) of \(cluster). Run \(record.run) is not over:\n"
          + "  to go on:      qdrant-apply resume \(record.run)\(store.place.flag)\n"
          + "  to take back:  qdrant-apply rollback \(record.run)\(store.place.flag)\n"
          + "Without its journal, give its plan file with --plan PLANFILE.\n")
    return [.success]
  }

  private func append(
    _ entries: [JournalEntry], to writer: JournalWriter, closes: Bool = true
  ) throws(RunStore.Problem) {
    do throws(JournalFailure) {
      for entry in entries {
        try writer.append(
          entry: JournalCoding.json(entry), time: context.timestamp(), durably: entry.isDurable)
      }
    } catch {
      throw RunStore.Problem("\(error)", .halted)
    }
    if closes { writer.close() }
  }

  private func ask<Value: Sendable>(
    _ request: () async throws(ProviderError) -> Value
  ) async throws(RunStore.Problem) -> Value {
    do throws(ProviderError) { return try await request() } catch {
      throw RunStore.Problem(error.message, RunStatus.status(error.category))
    }
  }
}
