import ClusterProviders
import Diagnostics
import JSON
import OptionParsing
import Planning
import QdrantSchema
import Rendering
import ResourceModel

/// `qdrant-apply PLANFILE` and `qdrant-apply PATH…`: a plan that is read or made, and then run.
struct PlanApplication {
  let command: ParsedCommand
  let report: ApplyReport

  private var context: CommandContext { report.context }

  func run() async -> Set<ExitStatus> {
    if let problem = PlanFiles.misuse(command) {
      context.complain(problem.message)
      return [problem.status]
    }
    if let problem = OutputFile.obstacle(OutputFile.paths(command)) {
      context.complain(problem.message)
      return [.failed]
    }
    let files = command.arguments
    guard files.count == 1, PlanFiles.isPlan(files[0]) else { return await applyPaths() }
    return await applyFile(files[0])
  }

  /// Exactly the plan in the file, which somebody has approved by giving it.
  private func applyFile(_ path: String) async -> Set<ExitStatus> {
    let plan: Plan
    switch PlanFiles.read(path) {
    case .failure(let problem):
      context.complain(problem.message)
      return [problem.status]
    case .success(let read): plan = read
    }
    guard PlanOutput(plan, command, context, report, isStored: true).write() else {
      return [.failed]
    }
    if let statuses = refuse(plan, isStored: true) { return statuses }
    var statuses = Preparation.statuses(of: plan)
    guard !plan.steps.isEmpty else { return statuses }
    let connections = await PlanConnections(plan, context)
    defer { connections.shutdown() }
    // One cluster of the plan that cannot be reached keeps all from being changed.
    guard connections.problems.isEmpty else {
      for problem in connections.problems { context.complain(problem.message) }
      context.complain("nothing was sent")
      return statuses.union(connections.problems.map(\.status))
    }
    let place = StatePlace(command, or: plan.origin.state ?? RunStore.standardPath)
    let outcome = await apply(plan, connections.byCluster, place)
    if outcome == [.success] {
      context.console.output("Verified: each step was read back, and is in effect.\n")
    }
    tellUnchecked(plan)
    statuses.formUnion(outcome)
    return statuses
  }

  /// Takes the state folder and runs the plan, unless a run is open there.
  private func apply(
    _ plan: Plan, _ connections: [String: ClusterConnection], _ place: StatePlace
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
        plan: plan, connections: connections, command: command, report: report, store: store)
      return await run.execute()
    } catch {
      context.complain(error.message)
      return [error.status]
    }
  }

  /// Plans, shows, asks, applies, and plans again: the second plan must be empty.
  private func applyPaths() async -> Set<ExitStatus> {
    let preparation: Preparation
    switch await Preparation.make(command, context, access: .manage) {
    case .failed(let statuses): return statuses
    case .prepared(let made): preparation = made
    }
    defer { preparation.reading.shutdown() }
    let plan = preparation.plan
    guard PlanOutput(plan, command, context, report).write() else { return [.failed] }
    if let statuses = refuse(plan, isStored: false) { return statuses }
    var statuses = Preparation.statuses(of: plan)
    guard !plan.steps.isEmpty else { return statuses }
    let id = PlanFile.id(of: plan)
    let digest = command.has("--expect-digest") ? [] : ["--expect-digest", String(id.prefix(8))]
    let approval = Approval(
      question: "Apply this plan?", purpose: "to approve this plan", options: ["--yes"] + digest)
    guard approval.isGiven(command, context) else { return statuses.union([.refused]) }
    let place = StatePlace(command, or: preparation.workspace.statePath)
    let outcome = await apply(plan, preparation.reading.connections, place)
    statuses.formUnion(outcome)
    if outcome == [.success] { statuses.formUnion(await verify(preparation)) }
    tellUnchecked(plan)
    return statuses
  }

  /// Clusters that the plan says nothing about are named where the run ends, too.
  private func tellUnchecked(_ plan: Plan) {
    for part in plan.unchecked {
      let what = part.collection.map { "collection/\($0.string) on " } ?? ""
      context.complain(
        "not checked, and not changed: \(what)\(part.cluster): \(part.reason); plan again when it "
          + "can be read")
    }
  }

  /// Statuses when the plan must not be applied; nil when it may.
  private func refuse(_ plan: Plan, isStored: Bool) -> Set<ExitStatus>? {
    if let expected = command.text("--expect-digest") {
      let id = PlanFile.id(of: plan)
      guard expected.utf8.count >= 8, id.hasPrefix(expected.lowercased()) else {
        context.complain("the plan is \(id), and \(expected) was expected; nothing was sent")
        return [.stale]
      }
    }
    guard plan.refusals.isEmpty else {
      context.complain(
        "the plan holds \(plan.refusals.count) refused "
          + "\(plan.refusals.count == 1 ? "change" : "changes"); nothing was sent. "
          + (isStored
            ? "Resolve them and plan again, or plan again without the resources "
              + "(qdrant-plan … --except ADDRESS --out PLANFILE)."
            : "Resolve them, or leave the resources out with --except."))
      return Preparation.statuses(of: plan)
    }
    return nil
  }

  /// Reads everything again: what is still different was accepted and is not in effect.
  private func verify(_ preparation: Preparation) async -> Set<ExitStatus> {
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
        context.complain("\(name) could not be read back: \(error.message)")
        return [RunStatus.status(error.category)]
      }
    }
    let rest = planner.plan(preparation.workspace.state, readings: readings)
    guard !rest.isEmpty else {
      context.console.output("Verified: read back, and in sync.\n")
      return [.success]
    }
    context.console.error(
      "\(context.name): accepted by the server but not in effect:\n"
        + PlanText(PlanView(rest), tool: context.tool).text())
    return [.notInEffect]
  }
}
