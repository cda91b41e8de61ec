import ClusterProviders
import Execution
import OptionParsing
import Planning
import QdrantSchema
import Rendering
import ResourceModel

/// One run of a plan over its clusters, in waves.
struct ApplyRun {
  let plan: Plan
  let connections: [String: ClusterConnection]
  let command: ParsedCommand
  let context: CommandContext

  /// Applies wave by wave; a cluster that fails stops the clusters after it.
  func execute() async -> Set<ExitStatus> {
    let run = context.newRun()
    var statuses: Set<ExitStatus> = []
    for cluster in inWaves() {
      // Why there is no connection was said when it was tried.
      guard let connection = connections[cluster.name] else {
        statuses.insert(.failed)
        break
      }
      if let problem = await identityProblem(cluster, connection) {
        context.console.complain("qdrant-apply: \(cluster.name): \(problem.text)")
        statuses.insert(problem.status)
        break
      }
      let status = await execute(cluster, connection, run)
      statuses.insert(status)
      if status != .success { break }
    }
    return statuses.isEmpty ? [.success] : statuses
  }

  private func inWaves() -> [PlannedCluster] {
    plan.clusters.filter { !plan.steps(on: $0.name).isEmpty }
      .enumerated()
      .sorted { left, right in
        let waves = (left.element.declaration?.wave ?? 1, right.element.declaration?.wave ?? 1)
        return waves.0 != waves.1 ? waves.0 < waves.1 : left.offset < right.offset
      }
      .map(\.element)
  }

  /// Another cluster, or another version, than the plan saw.
  private func identityProblem(
    _ cluster: PlannedCluster, _ connection: ClusterConnection
  ) async -> (text: String, status: ExitStatus)? {
    do throws(ProviderError) {
      let now = try await connection.provider.identify()
      let planned = cluster.identity
      if now.version != planned.version {
        return (
          "the plan saw version \(planned.version), and the server is \(now.version); plan again",
          .stale
        )
      }
      if now.isDistributed != planned.isDistributed || now.peers != planned.peers {
        return ("the plan saw another cluster (other peers); plan again", .stale)
      }
      return nil
    } catch {
      return (error.message, ApplyRun.status(error.category))
    }
  }

  private func execute(
    _ cluster: PlannedCluster, _ connection: ClusterConnection, _ run: String
  ) async -> ExitStatus {
    let steps = ApplyRun.numbered(plan.steps(on: cluster.name))
    let text = ApplyText(
      steps, palette: Tool.palette(command, context), showsRequests: command.has("--verbose"))
    let console = context.console
    let isQuiet = command.has("--quiet")
    var machine = ApplyMachine(run: run, steps: steps, schema: QdrantResources.schema)
    let executor = Executor(
      provider: connection.provider, clock: ContinuousClock(), run: run,
      record: { entry in
        if !isQuiet, let line = text.line(entry) { console.output(line + "\n") }
      }, isInterrupted: context.isInterrupted)
    let outcome = await executor.execute(&machine)
    let ending = text.ending(outcome, machine.progress) + "\n"
    if outcome == .applied { console.output(ending) } else { console.error(ending) }
    return ApplyRun.status(outcome, progress: machine.progress)
  }

  /// The steps of one cluster, numbered from 1; their needs are steps of the same cluster.
  static func numbered(_ steps: [Step]) -> [Step] {
    let numbers = Dictionary(
      uniqueKeysWithValues: steps.enumerated().map { ($0.element.id, StepID($0.offset + 1)) })
    return steps.map { step in
      var step = step
      step.id = numbers[step.id] ?? step.id
      step.needs = step.needs.compactMap { numbers[$0] }
      return step
    }
  }

  static func status(_ category: ProviderError.Category) -> ExitStatus {
    switch category {
    case .unreachable: .unreachable
    case .noPermission: .noPermission
    case .other: .failed
    }
  }

  /// What the end of a run means; a plan that went stale after a write needs a person.
  static func status(
    _ outcome: ApplyOutcome, progress: [ApplyMachine.Progress]
  ) -> ExitStatus {
    switch outcome {
    case .applied: .success
    case .stale: progress.contains(.done) ? .halted : .stale
    case .failed(_, let error): status(error.category)
    case .undecided: .halted
    case .notInEffect: .notInEffect
    case .interrupted: .interrupted
    }
  }
}
