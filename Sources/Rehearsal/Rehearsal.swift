package import Execution
import InProcessTransport
package import JSON
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
    /// The simulation did not take a collection that the plan works on, in its words.
    case notTaken(ExactString, String)
    /// The state that was read could not be loaded as this step's facts need it.
    case notLoaded(StepID, [BrokenFact])
    /// The plan did not arrive.
    case failed(RunEnd)
    /// The rollback did not return.
    case rollbackFailed(RunEnd)
    /// The rollback came to its end, and something is not as it was.
    case leftBehind([Residue])
  }

  package init(plan: Plan, schema: ResourceSchema) {
    self.plan = plan
    self.schema = schema
  }

  /// The release that the simulation answers as, for a server of that version; nil for none.
  package static func release(for version: ServerVersion) -> String? {
    line(for: version)?.rawValue
  }

  /// The line of the same minor release.
  private static func line(for version: ServerVersion) -> ServerLine? {
    ServerLine.allCases.first { line in
      guard let known = ServerVersion(line.rawValue) else { return false }
      return known.major == version.major && known.minor == version.minor
    }
  }

  /// Rehearses the steps of one cluster, given what was read of it.
  package func run(_ cluster: String, _ observed: ObservedCluster) async -> Result {
    guard !observed.identity.isDistributed else {
      return .notRehearsed("the simulation has one peer, and the cluster is distributed")
    }
    guard let line = Rehearsal.line(for: observed.identity.version) else {
      return .notRehearsed("no simulation answers as \(observed.identity.version)")
    }
    let steps = plan.steps(on: cluster)
    let loaded = StateLoader(observed, line: line)
    for step in steps {
      if let words = loaded.refused[step.address.collection] {
        return .notTaken(step.address.collection, words)
      }
    }
    let endpoint = InMemoryEndpoint(loaded.server)
    if let problem = await check(steps, endpoint) { return problem }
    let version = ServerVersion(line.rawValue) ?? observed.identity.version
    let stage = Stage(name: cluster, identity: ClusterIdentity(version: version))
    return await thereAndBack(steps, stage, loaded.server)
  }

  /// The cluster that is played.
  private struct Stage {
    var name: String
    var identity: ClusterIdentity
  }

  private func thereAndBack(
    _ steps: [Step], _ stage: Stage, _ server: SimulatedServer
  ) async -> Result {
    let endpoint = InMemoryEndpoint(server)
    let before = await picture(endpoint)
    let reversible = steps.filter { $0.stepClass != .none }
    let (there, entries) = await apply(reversible, stage, endpoint, goesBack: false, [])
    guard there.state == .applied else { return .failed(there) }
    let (back, _) = await apply(reversible, stage, endpoint, goesBack: true, entries)
    guard back.state == .rolledBack else { return .rollbackFailed(back) }
    guard let before, let after = await picture(endpoint) else {
      return .notRehearsed("the simulation could not be read")
    }
    let residue = before.residue(after, of: reversible)
    guard residue.isEmpty else { return .leftBehind(residue) }
    let (end, _) = await apply(steps, stage, InMemoryEndpoint(server), goesBack: false, [])
    guard end.state == .applied else { return .failed(end) }
    return .passed(steps: steps.count, undone: reversible.count)
  }

  private func picture(_ endpoint: InMemoryEndpoint) async -> Picture? {
    do throws(ProviderError) {
      return Picture(try await client(endpoint).observe(nil), schema: schema)
    } catch {
      return nil
    }
  }

  /// Whether the loaded state is what the plan was made against.
  private func check(_ steps: [Step], _ endpoint: InMemoryEndpoint) async -> Result? {
    let provider = client(endpoint)
    for step in steps {
      do throws(ProviderError) {
        let observation =
          step.address.kind == .alias
          ? Observation(aliases: try await provider.observeAliases())
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
    _ steps: [Step], _ stage: Stage, _ endpoint: InMemoryEndpoint, goesBack: Bool,
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
            name: stage.name, identity: stage.identity)
        ], schema: schema), settings: settings, history: RunHistory(past))
    let entries = EntryList(past)
    let executor = Executor(
      providers: [stage.name: client(endpoint)], header: header, clock: ContinuousClock(),
      record: { entries.append($0) })
    let end = await executor.execute(&machine)
    return (end, entries.all)
  }
}
