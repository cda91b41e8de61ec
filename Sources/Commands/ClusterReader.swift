import ClusterProviders
import JSON
import Planning
import ResourceModel

/// Connects to the clusters of a workspace and reads what the manifests are about.
struct ClusterReader {
  let context: CommandContext
  let access: ClusterConnector.Access

  /// What was read, with the connections that are still open.
  struct Result {
    var readings: [String: Planner.Reading] = [:]
    var connections: [String: ClusterConnection] = [:]
    var points: [ResourceAddress: Int] = [:]

    /// Closes everything.
    func shutdown() { connections.values.forEach { $0.shutdown() } }
  }

  /// Reads every cluster that has something to do; one that cannot be read hides no other.
  func read(_ state: DesiredState, planner: Planner, everything: Bool) async -> Result {
    var result = Result()
    for cluster in state.clusters {
      let wanted = state.collections.filter { $0.address.cluster == cluster.name }
      guard !wanted.isEmpty || everything else { continue }
      switch await context.connect(cluster, access) {
      case .failure(let problem):
        result.readings[cluster.name] = .unchecked(
          UncheckedPart(
            cluster: cluster.name, reason: text(problem), category: problem.category))
      case .success(let connection):
        result.connections[cluster.name] = connection
        await read(
          connection, everything ? nil : Set(wanted.map(\.address.collection)), state, planner,
          &result)
      }
    }
    return result
  }

  private func text(_ problem: ConnectionProblem) -> String {
    "\(problem.key): \(problem.message)" + (problem.hint.map { " (\($0))" } ?? "")
  }

  private func read(
    _ connection: ClusterConnection, _ names: Set<ExactString>?, _ state: DesiredState,
    _ planner: Planner, _ result: inout Result
  ) async {
    let cluster = connection.declaration.name
    do throws(ProviderError) {
      var observed = try await connection.provider.observe(names)
      let further =
        names == nil ? [] : planner.furtherCollections(state, on: cluster, observed)
      if !further.isEmpty {
        let rest = try await connection.provider.observe(further)
        observed.collections.merge(rest.collections) { first, _ in first }
      }
      for address in planner.collectionsToCount(state, on: cluster, observed) {
        result.points[address] = try await connection.provider.countPoints(
          in: address.collection)
      }
      result.readings[cluster] = .observed(observed, endpoint: connection.endpoint)
    } catch {
      result.readings[cluster] = .unchecked(
        UncheckedPart(cluster: cluster, reason: error.message, category: error.category))
    }
  }
}
