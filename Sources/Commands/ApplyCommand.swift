import ClusterProviders
import JSON
import OptionParsing
import Planning
import QdrantSchema
import Rendering
import ResourceModel

/// `qdrant-apply`: carries out a plan.
package enum ApplyCommand {
  /// The whole command, for tests and for `main`.
  package static func run(_ context: CommandContext) async -> ExitStatus {
    await Tool.run(CommandTables.apply, context) { command, context in
      switch command.subcommand {
      case "resume": return await RunCommands(command: command, context: context).resume()
      case "rollback": return await RunCommands(command: command, context: context).rollback()
      case "history": return HistoryCommand.run(command, context)
      case "unlock": return await UnlockCommand(command: command, context: context).run()
      default: break
      }
      if let problem = PlanFiles.misuse(command) {
        context.console.complain("qdrant-apply: \(problem.message)")
        return [problem.status]
      }
      let files = command.arguments
      if files.count == 1, PlanFiles.isPlan(files[0]) {
        return await applyFile(files[0], command, context)
      }
      return await applyPaths(command, context)
    }
  }

  /// Exactly the plan in the file, which somebody has approved by giving it.
  private static func applyFile(
    _ path: String, _ command: ParsedCommand, _ context: CommandContext
  ) async -> Set<ExitStatus> {
    let plan: Plan
    switch PlanFiles.read(path) {
    case .failure(let problem):
      context.console.complain("qdrant-apply: \(problem.message)")
      return [problem.status]
    case .success(let read): plan = read
    }
    if let statuses = refuse(plan, isStored: true, command, context) { return statuses }
    var statuses = Preparation.statuses(of: plan)
    guard PlanOutput(plan, command, context).write() else { return [.failed] }
    guard !plan.steps.isEmpty else { return statuses }
    var connections: [String: ClusterConnection] = [:]
    for cluster in plan.clusters where !plan.steps(on: cluster.name).isEmpty {
      guard var declaration = cluster.declaration else { continue }
      declaration.baseFolder = plan.origin.clusterFolders[cluster.name] ?? "."
      switch await context.connect(declaration, .manage) {
      case .success(let connection): connections[cluster.name] = connection
      case .failure(let problem):
        context.console.complain("qdrant-apply: \(cluster.name): \(problem.message)")
        statuses.insert(RunStatus.status(problem.category))
      }
    }
    defer { connections.values.forEach { $0.shutdown() } }
    // One cluster that cannot be reached keeps all from being changed.
    guard !statuses.contains(where: { [.unreachable, .noPermission, .failed].contains($0) }) else {
      return statuses
    }
    let state = plan.origin.state ?? RunStore.standardPath
    return statuses.union(
      await apply(plan, connections, StatePlace(command, or: state), command, context))
  }

  /// Takes the state folder and runs the plan, unless a run is open there.
  private static func apply(
    _ plan: Plan, _ connections: [String: ClusterConnection], _ place: StatePlace,
    _ command: ParsedCommand, _ context: CommandContext
  ) async -> Set<ExitStatus> {
    do throws(RunStore.Problem) {
      let store = try RunStore.open(place, context)
      defer { store.close() }
      if let open = try store.openRun() {
        throw RunStore.Problem(
          "run \(open.id) is not over; nothing was sent. Go on with it (qdrant-apply resume "
            + "\(open.id)\(place.flag)) or take it back (qdrant-apply rollback "
            + "\(open.id)\(place.flag)) first", .lockHeld)
      }
      let run = ApplyRun(
        plan: plan, connections: connections, command: command, context: context, store: store)
      return await run.execute()
    } catch {
      context.console.complain("qdrant-apply: \(error.message)")
      return [error.status]
    }
  }

  /// Plans, shows, asks, applies, and plans again: the second plan must be empty.
  private static func applyPaths(
    _ command: ParsedCommand, _ context: CommandContext
  ) async -> Set<ExitStatus> {
    let preparation: Preparation
    switch await Preparation.make(command, context, access: .manage) {
    case .failed(let statuses): return statuses
    case .prepared(let made): preparation = made
    }
    defer { preparation.reading.shutdown() }
    let plan = preparation.plan
    guard PlanOutput(plan, command, context).write() else { return [.failed] }
    if let statuses = refuse(plan, isStored: false, command, context) { return statuses }
    var statuses = Preparation.statuses(of: plan)
    guard !plan.steps.isEmpty else { return statuses }
    guard isApproved(plan, command, context) else { return statuses.union([.refused]) }
    let outcome = await apply(
      plan, preparation.reading.connections,
      StatePlace(command, or: preparation.workspace.statePath), command, context)
    statuses.formUnion(outcome)
    if outcome == [.success] {
      statuses.formUnion(await verify(preparation, command, context))
    }
    return statuses
  }

  /// Statuses when the plan must not be applied; nil when it may.
  private static func refuse(
    _ plan: Plan, isStored: Bool, _ command: ParsedCommand, _ context: CommandContext
  ) -> Set<ExitStatus>? {
    if let expected = command.text("--expect-digest") {
      let id = PlanFile.id(of: plan)
      guard expected.utf8.count >= 8, id.hasPrefix(expected.lowercased()) else {
        context.console.complain(
          "qdrant-apply: the plan is \(id), and \(expected) was expected; nothing was sent")
        return [.stale]
      }
    }
    guard plan.refusals.isEmpty else {
      context.console.complain(
        "qdrant-apply: the plan holds \(plan.refusals.count) refused "
          + "\(plan.refusals.count == 1 ? "change" : "changes"); nothing was sent. "
          + (isStored
            ? "Resolve them and plan again, or plan again without the resources "
              + "(qdrant-plan … --except ADDRESS --out PLANFILE)."
            : "Resolve them, or leave the resources out with --except."))
      return Preparation.statuses(of: plan)
    }
    return nil
  }

  private static func isApproved(
    _ plan: Plan, _ command: ParsedCommand, _ context: CommandContext
  ) -> Bool {
    if command.has("--yes") { return true }
    let id = PlanFile.id(of: plan)
    guard context.console.inputIsTerminal else {
      let digest = command.has("--expect-digest") ? [] : ["--expect-digest", String(id.prefix(8))]
      context.console.error(
        "qdrant-apply: nobody can be asked here; to approve this plan:\n"
          + "  \(Approval.line(["--yes"] + digest, context))\n")
      return false
    }
    context.console.output("Apply this plan? Only 'yes' is taken: ")
    return context.console.readLine() == "yes"
  }

  /// Reads everything again: what is still different was accepted and is not in effect.
  private static func verify(
    _ preparation: Preparation, _ command: ParsedCommand, _ context: CommandContext
  ) async -> Set<ExitStatus> {
    let planner = Planner(
      schema: QdrantResources.schema, locate: preparation.workspace.locate)
    var readings: [String: Planner.Reading] = [:]
    for (name, connection) in preparation.reading.connections {
      let wanted = preparation.workspace.state.collections.filter {
        $0.address.cluster == name
      }
      do throws(ProviderError) {
        let observed = try await connection.provider.observe(
          Set(wanted.map(\.address.collection)))
        readings[name] = .observed(observed, endpoint: connection.endpoint)
      } catch {
        context.console.complain("qdrant-apply: \(name) could not be read back: \(error.message)")
        return [RunStatus.status(error.category)]
      }
    }
    let rest = planner.plan(preparation.workspace.state, readings: readings)
    guard !rest.isEmpty else {
      context.console.output("Verified: read back, and in sync.\n")
      return [.success]
    }
    context.console.error(
      "qdrant-apply: accepted by the server but not in effect:\n" + PlanText(PlanView(rest)).text())
    return [.notInEffect]
  }
}
