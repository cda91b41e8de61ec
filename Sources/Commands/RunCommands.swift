import ClusterProviders
import Diagnostics
import Execution
import OptionParsing
import Planning
import Rendering
import ResourceModel

/// `qdrant-apply resume` and `qdrant-apply rollback`: what becomes of a run that was begun.
struct RunCommands {
  let command: ParsedCommand
  let report: ApplyReport
  /// The run that was named.
  private let named: String?
  /// The manifests whose runs these are.
  private let paths: [String]

  private var context: CommandContext { report.context }

  init(command: ParsedCommand, report: ApplyReport) {
    self.command = command
    self.report = report
    (named, paths) = StatePlace.divide(command.arguments)
  }

  /// Goes on with a run towards its target, or back when it was going back.
  func resume() async -> Set<ExitStatus> {
    await withStore { store throws(RunStore.Problem) in
      if let adopted = try adoption(store, goesBack: false) {
        return await perform(adopted.plan, adopted.start, store)
      }
      guard let stored = try chosen(store) else {
        context.console.output(
          "No run is open in \(Sanitizer.line(store.place.path)): there is nothing to go on "
            + "with.\n")
        return [.success]
      }
      guard stored.isOpen else {
        context.console.output(over(stored))
        return [.success]
      }
      return await perform(stored.plan, .recorded(stored, goesBack: false), store)
    }
  }

  /// Takes a run back: an open one by itself, one that is over by a plan of its inverses.
  func rollback() async -> Set<ExitStatus> {
    if let problem = OutputFile.obstacle(OutputFile.paths(command, "--out")) {
      context.complain(problem.message)
      return [.failed]
    }
    return await withRun()
  }

  private func withRun() async -> Set<ExitStatus> {
    await withStore { store throws(RunStore.Problem) in
      var statuses: Set<ExitStatus>
      if let adopted = try adoption(store, goesBack: true) {
        report.tell(PlanView(adopted.plan))
        guard isApproved() else { return [.refused] }
        statuses = await perform(adopted.plan, adopted.start, store)
      } else {
        guard let stored = try chosen(store) else {
          throw RunStore.Problem("no run is open in \(store.place.path)", .usage)
        }
        switch stored.history.end?.state {
        case .applied: return try await takeBack(stored, store)
        case .rolledBack, .refused:
          context.console.output(over(stored))
          return [.success]
        case nil, .interrupted, .halted:
          guard stored.isOpen else {
            context.console.output(over(stored))
            return [.success]
          }
        }
        statuses = try await goBack(stored, store)
      }
      // To go back is what was asked for.
      if statuses.remove(.rolledBack) != nil { statuses.insert(.success) }
      return statuses
    }
  }

  // MARK: Parts

  private func goBack(
    _ stored: RunStore.StoredRun, _ store: RunStore
  ) async throws(RunStore.Problem) -> Set<ExitStatus> {
    guard command.text("--out") == nil else {
      throw RunStore.Problem(
        "run \(stored.id) is open: what it did is found out while it is taken back, so there is "
          + "no plan to write beforehand", .usage)
    }
    guard tellUndoing(stored) else { return [.failed] }
    guard isApproved() else { return [.refused] }
    return await perform(stored.plan, .recorded(stored, goesBack: true), store)
  }

  /// What of an open run is still to be undone, last first; false when it could not be written.
  private func tellUndoing(_ stored: RunStore.StoredRun) -> Bool {
    let history = stored.history
    let left = stored.plan.steps.map(\.id).filter { id in
      (history.isTouched(id) || history.suspects.contains(id))
        && !(history.back[id]?.isComplete ?? false)
    }
    let undoing = stored.plan.rollback(of: Set(left), identities: [:])
    guard !undoing.isEmpty else {
      context.console.output("Run \(stored.id): nothing is left to undo.\n")
      return true
    }
    if command.text("--format") == "text", !command.has("--quiet") {
      context.console.output(
        "Run \(stored.id) is open. This of it is undone, last first; what did not happen is found "
          + "out on the way:\n")
    }
    var output = PlanOutput(undoing, command, context, report, isStored: true)
    output.writesReports = false
    return output.write()
  }

  /// A plan of inverses for a run that is over, under the same rules as every plan.
  private func takeBack(
    _ stored: RunStore.StoredRun, _ store: RunStore
  ) async throws(RunStore.Problem) -> Set<ExitStatus> {
    let done = Set(stored.history.forward.filter { $0.value == .done }.keys)
    let final = stored.plan.steps.filter { done.contains($0.id) && $0.stepClass == .none }
    guard final.isEmpty else {
      let names = final.map { "\($0.operation.action.rawValue) \($0.address.local)" }
      throw RunStore.Problem(
        "run \(stored.id) cannot be taken back: \(names.joined(separator: ", ")) cannot be undone",
        .refused)
    }
    let connections = try await connect(stored.plan)
    defer { connections.values.forEach { $0.shutdown() } }
    var plan = try await inversePlan(stored.plan, done, connections)
    plan.holdLoss(points: try await points(plan, connections), accepted: acceptedLoss)
    let output = PlanOutput(plan, command, context, report, isStored: true)
    guard output.write() else { return [.failed] }
    guard plan.refusals.isEmpty else {
      context.complain(
        "run \(stored.id) was not taken back, and nothing was sent: what it made has "
          + "got points since, and they would be lost")
      return [.refused]
    }
    if let path = command.text("--out") {
      do throws(OutputFile.Problem) {
        try OutputFile.write(PlanFile.bytes(of: plan), to: path)
      } catch {
        throw RunStore.Problem(error.message)
      }
      return [.success]
    }
    guard !plan.steps.isEmpty else { return [.success] }
    guard isApproved() else { return [.refused] }
    let mark = stored.history.header.map {
      LockRecord.RolledBack(plan: $0.plan, run: $0.run)
    }
    let run = ApplyRun(
      plan: plan, connections: connections, command: command, report: report, store: store)
    return await run.execute(.fresh(rollsBack: mark))
  }

  /// What everything that would be deleted holds now.
  private func points(
    _ plan: Plan, _ connections: [String: ClusterConnection]
  ) async throws(RunStore.Problem) -> [ResourceAddress: Int] {
    var points: [ResourceAddress: Int] = [:]
    for step in plan.steps where step.pointsLimit != nil {
      let name = step.address.collection
      guard let provider = connections[step.address.cluster]?.provider else { continue }
      do throws(ProviderError) {
        // What is gone is told as such when the plan is held against the server.
        let live = try await provider.observe(
          collection: name, withPlacement: step.address.kind == .shardKey)
        guard Observation(collection: live).has(step.address) else { continue }
        points[step.address] = try await provider.countPoints(of: step.address)
      } catch {
        throw RunStore.Problem(
          "\(step.address.cluster): \(error.message)", RunStatus.status(error.category))
      }
    }
    return points
  }

  /// The points that may go with what the run made.
  private var acceptedLoss: [String: Int] {
    Dictionary(command.counts("--accept-loss"), uniquingKeysWith: { $1 })
  }

  private func inversePlan(
    _ plan: Plan, _ done: Set<StepID>, _ connections: [String: ClusterConnection]
  ) async throws(RunStore.Problem) -> Plan {
    var identities: [String: ClusterIdentity] = [:]
    for (name, connection) in connections {
      do throws(ProviderError) { identities[name] = try await connection.provider.identify() } catch
      {
        throw RunStore.Problem("\(name): \(error.message)", RunStatus.status(error.category))
      }
    }
    var inverse = plan.rollback(of: done, identities: identities)
    inverse.origin.time = context.timestamp()
    inverse.origin.toolVersion = SharedOptions.version
    Preparation.fillRequests(&inverse, connections)
    return inverse
  }

  /// The run that was named, or the one that is open.
  private func chosen(_ store: RunStore) throws(RunStore.Problem) -> RunStore.StoredRun? {
    guard let id = named else { return try store.openRun() }
    guard try store.runs().contains(id) else {
      let isForm = StatePlace.isRunForm(id)
      throw RunStore.Problem(
        "there is no run '\(id)' in \(store.place.path)"
          + (isForm ? "" : ", and no file or folder of that name"), .usage)
    }
    return try store.run(id)
  }

  /// A run whose journal is lost, when its plan was given.
  private func adoption(
    _ store: RunStore, goesBack: Bool
  ) throws(RunStore.Problem) -> (plan: Plan, start: ApplyRun.Start)? {
    guard let path = command.text("--plan") else { return nil }
    guard let id = named else {
      throw RunStore.Problem("--plan needs the name of the run, as the lock tells it", .usage)
    }
    guard try !store.runs().contains(id) else {
      throw RunStore.Problem("run \(id) has its journal here; leave --plan out", .usage)
    }
    switch PlanFiles.read(path) {
    case .failure(let problem): throw RunStore.Problem(problem.message, problem.status)
    case .success(let plan): return (plan, .adopted(run: id, goesBack: goesBack))
    }
  }

  private func over(_ stored: RunStore.StoredRun) -> String {
    let state =
      stored.history.isAbandoned
      ? "left as it is" : stored.history.end?.state.rawValue ?? "nothing was sent"
    return "Run \(stored.id) is over: \(state).\n"
  }

  private func isApproved() -> Bool {
    Approval(question: "Take this run back?", purpose: "to approve", options: ["--yes"])
      .isGiven(command, context)
  }

  private func perform(
    _ plan: Plan, _ start: ApplyRun.Start, _ store: RunStore
  ) async -> Set<ExitStatus> {
    do throws(RunStore.Problem) {
      let connections = try await connect(plan)
      defer { connections.values.forEach { $0.shutdown() } }
      let run = ApplyRun(
        plan: plan, connections: connections, command: command, report: report, store: store)
      return await run.execute(start)
    } catch {
      context.complain(error.message)
      return [error.status]
    }
  }

  /// All clusters of a plan, or the reason why one cannot be connected to.
  private func connect(
    _ plan: Plan
  ) async throws(RunStore.Problem) -> [String: ClusterConnection] {
    let connections = await PlanConnections(plan, context)
    if let problem = connections.problems.first {
      connections.shutdown()
      throw problem
    }
    return connections.byCluster
  }

  private func withStore(
    _ body: (RunStore) async throws(RunStore.Problem) -> Set<ExitStatus>
  ) async -> Set<ExitStatus> {
    do throws(RunStore.Problem) {
      let stored = command.text("--plan").map { [$0] } ?? []
      let place = try StatePlace.find(paths.isEmpty ? stored : paths, command, context)
      // Only a run whose journal is lost is gone on with where nothing was kept.
      if !command.has("--plan"), try RunStore.look(place, context) == nil {
        throw RunStore.Problem(
          "there is no state folder at \(place.path); name the manifests of the run, or its state "
            + "folder with --state DIR", .usage)
      }
      let store = try RunStore.open(place, context)
      defer { store.close() }
      return try await body(store)
    } catch {
      context.complain(error.message)
      return [error.status]
    }
  }
}
