import ClusterProviders
import Execution
import JSON
import OptionParsing
import Planning
import QdrantSchema
import Rendering
import ResourceModel
import Synchronization

/// One run of a plan over its clusters: a new one, or one that is gone on with.
struct ApplyRun {
  /// Where the run begins.
  enum Start {
    case fresh(rollsBack: LockRecord.RolledBack?)
    /// It was recorded here; it is gone on with, or taken back.
    case recorded(RunStore.StoredRun, goesBack: Bool)
    /// Its journal is lost, and its plan was given again.
    case adopted(run: String, goesBack: Bool)
  }

  let plan: Plan
  let connections: [String: ClusterConnection]
  let command: ParsedCommand
  let report: ApplyReport
  let store: RunStore

  private var context: CommandContext { report.context }

  /// Does everything, tells it, and ends with what holds.
  func execute(_ start: Start = .fresh(rollsBack: nil)) async -> Set<ExitStatus> {
    do throws(RunStore.Problem) {
      let (work, history, writer) = try await prepare(start)
      let end = try await run(work, history, writer, start)
      return RunStatus.statuses(end)
    } catch {
      context.complain(error.message)
      return [error.status]
    }
  }

  // MARK: Before

  private func prepare(
    _ start: Start
  ) async throws(RunStore.Problem) -> (ApplyMachine.Work, RunHistory, JournalWriter) {
    var header = RunHeader(
      run: "", workspace: plan.workspace, plan: PlanFile.id(of: plan), steps: plan.steps.count)
    var history = RunHistory()
    var first: [JournalEntry] = []
    switch start {
    case .fresh(let rollsBack):
      header.run = try store.name(after: context.newRun())
      header.rollsBack = rollsBack
    case .recorded(let stored, _):
      history = stored.history
      header = stored.history.header ?? header
    case .adopted(let run, _):
      header.run = run
      first = [.begun(header), .adopted]
      history = RunHistory(first)
    }
    let locks = LockExamination(plan: plan, connections: connections, store: store)
    if case .recorded(let stored, _) = start { try await locks.expectLock(of: stored) }
    let takeovers = try await locks.takeovers(for: header.run)
    let writer: JournalWriter
    if case .recorded = start {
      writer = try store.reopen(header.run)
    } else {
      writer = try store.create(header.run, plan: plan)
    }
    for entry in first { try record(entry, writer) }
    let clusters = plan.clusters.filter { !plan.steps(on: $0.name).isEmpty }.map { cluster in
      ApplyMachine.ClusterWork(
        name: cluster.name, wave: cluster.declaration?.wave ?? 1, identity: cluster.identity,
        claim: LockRecord(
          state: .held, run: header.run, plan: header.plan, holder: context.holder,
          nonce: context.newNonce(), since: context.timestamp(),
          rolledBack: takeovers[cluster.name]?.mark),
        takeover: takeovers[cluster.name]?.epoch)
    }
    let work = ApplyMachine.Work(
      header: header, steps: plan.steps, clusters: clusters, schema: QdrantResources.schema)
    return (work, history, writer)
  }

  private func record(
    _ entry: JournalEntry, _ writer: JournalWriter
  ) throws(RunStore.Problem) {
    do throws(JournalFailure) {
      try writer.append(
        entry: JournalCoding.json(entry), time: context.timestamp(), durably: entry.isDurable)
    } catch {
      throw RunStore.Problem("\(error); nothing was sent")
    }
  }

  private func settings(_ start: Start) -> ApplyMachine.Settings {
    var settings = ApplyMachine.Settings()
    settings.onFailure = command.text("--on-failure").flatMap { .init(rawValue: $0) } ?? .rollback
    settings.rollbackScope =
      command.text("--rollback-scope").flatMap { .init(rawValue: $0) } ?? .wave
    settings.parallelism = command.text("--parallelism").flatMap { Int($0) } ?? 4
    settings.afterRollback = command.has("--after-rollback")
    switch start {
    case .fresh(let rollsBack):
      // Taking a run back is never kept from by a mark of an earlier one.
      if rollsBack != nil { settings.afterRollback = true }
    case .recorded(_, let goesBack), .adopted(_, let goesBack):
      settings.goesBack = goesBack
      // Only 'rollback' takes consent.
      for (address, count) in goesBack ? command.counts("--accept-loss") : [] {
        settings.acceptedLoss[address] = count
      }
    }
    return settings
  }

  // MARK: The run

  private func run(
    _ work: ApplyMachine.Work, _ history: RunHistory, _ writer: JournalWriter, _ start: Start
  ) async throws(RunStore.Problem) -> RunEnd {
    var machine = ApplyMachine(work, settings: settings(start), history: history)
    let text = ApplyText(
      plan.steps, palette: Tool.palette(command, context), isVerbose: command.has("--verbose"),
      place: store.place.printed(beside: plan.origin.folder))
    let progress = try RunProgress(text, command, context)
    let context = context
    let executor = Executor(
      providers: connections.mapValues(\.provider), header: work.header,
      clock: ContinuousClock(),
      record: { entry throws(JournalFailure) in
        let time = context.timestamp()
        let json = JournalCoding.json(entry)
        try writer.append(entry: json, time: time, durably: entry.isDurable)
        progress.tell(entry, json, time)
      }, isInterrupted: context.isInterrupted)
    let end = await progress.whileBeating { await executor.execute(&machine) }
    writer.close()
    progress.end(end, machine)
    let advice = LockAdvice(
      plan: plan, connections: connections, command: command, store: store, run: work.header.run)
    for line in await advice.lines(for: end) { context.console.complain(line) }
    report.tell(
      RunOutcome(
        run: work.header.run, end: end, history: machine.history, steps: plan.steps.count))
    return end
  }
}
