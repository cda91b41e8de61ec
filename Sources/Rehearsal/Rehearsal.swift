package import Execution
import InProcessTransport
import JSON
package import Planning
import QdrantProvider
package import ResourceModel
import Secrets
import SimulatedQdrant

/// Replays a plan and its rollback against a simulated Qdrant that is loaded with what was read.
///
/// The planner's own steps go through the real machine, encoder and decoder. A plan that does not
/// arrive, or whose rollback does not return, fails here and not in production.
package struct Rehearsal: Sendable {
  private let plan: Plan
  private let schema: ResourceSchema

  /// What came of one cluster.
  package enum Result: Sendable, Hashable {
    /// So many steps went there and back; of the last ones, which cannot be undone, only there.
    case passed(steps: Int, undone: Int)
    /// It was not tried, and why not.
    case notRehearsed(String)
    /// The state that was read could not be loaded as this step's facts need it.
    case notLoaded(StepID, [BrokenFact])
    /// The plan did not arrive.
    case failed(RunEnd)
    /// The rollback did not return.
    case rollbackFailed(RunEnd)
  }

  package init(plan: Plan, schema: ResourceSchema) {
    self.plan = plan
    self.schema = schema
  }

  /// The version that the simulation answers as.
  package static let version = ServerVersion(1, 18, 3)

  /// Rehearses the steps of one cluster, given what was read of it.
  package func run(_ cluster: String, _ observed: ObservedCluster) async -> Result {
    guard !observed.identity.isDistributed else {
      return .notRehearsed("the simulation has one peer, and the cluster is distributed")
    }
    guard observed.identity.version == Rehearsal.version else {
      return .notRehearsed(
        "the simulation answers as \(Rehearsal.version), and the server is "
          + "\(observed.identity.version)")
    }
    let steps = plan.steps(on: cluster)
    let endpoint = InMemoryEndpoint(StateLoader.server(with: observed))
    if let problem = await check(steps, endpoint) { return problem }
    let reversible = steps.filter { $0.stepClass != .none }
    let (there, entries) = await apply(reversible, cluster, endpoint, goesBack: false, [])
    guard there.state == .applied else { return .failed(there) }
    let (back, _) = await apply(reversible, cluster, endpoint, goesBack: true, entries)
    guard back.state == .rolledBack else { return .rollbackFailed(back) }
    let fresh = InMemoryEndpoint(StateLoader.server(with: observed))
    let (end, _) = await apply(steps, cluster, fresh, goesBack: false, [])
    guard end.state == .applied else { return .failed(end) }
    return .passed(steps: steps.count, undone: reversible.count)
  }

  /// Whether the loaded state is what the plan was made against.
  private func check(_ steps: [Step], _ endpoint: InMemoryEndpoint) async -> Result? {
    let provider = client(endpoint)
    for step in steps {
      do throws(ProviderError) {
        let observation =
          step.address.kind == .alias
          ? Observation(aliasTarget: try await provider.observe(alias: step.address.name))
          : Observation(
            collection: try await provider.observe(
              collection: step.address.collection, withPlacement: false))
        let broken = step.before.broken(observation, schema: schema)
        if !broken.isEmpty { return .notLoaded(step.id, broken) }
      } catch {
        return .notRehearsed(error.message)
      }
    }
    return nil
  }

  private func client(_ endpoint: InMemoryEndpoint) -> QdrantClient {
    QdrantClient(
      transport: SimulatedTransport(endpoint), schema: schema, redactor: Redactor([]))
  }

  private func apply(
    _ steps: [Step], _ cluster: String, _ endpoint: InMemoryEndpoint, goesBack: Bool,
    _ past: [JournalEntry]
  ) async -> (RunEnd, [JournalEntry]) {
    let header = RunHeader(
      run: "rehearsal", workspace: plan.workspace, plan: "", steps: steps.count)
    var settings = ApplyMachine.Settings()
    settings.goesBack = goesBack
    settings.patience.pause = .milliseconds(1)
    settings.patience.longestPause = .milliseconds(20)
    var machine = ApplyMachine(
      ApplyMachine.Work(
        header: header, steps: steps,
        clusters: [
          ApplyMachine.ClusterWork(
            name: cluster, identity: ClusterIdentity(version: Rehearsal.version))
        ], schema: schema), settings: settings, history: RunHistory(past))
    let entries = EntryList(past)
    let executor = Executor(
      providers: [cluster: client(endpoint)], header: header, clock: ContinuousClock(),
      record: { entries.append($0) })
    let end = await executor.execute(&machine)
    return (end, entries.all)
  }
}
