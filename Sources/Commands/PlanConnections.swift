import ClusterProviders
import Planning
import ResourceModel

/// Connections to all clusters that a stored plan changes, by the declarations that it holds.
struct PlanConnections {
  private(set) var byCluster: [String: ClusterConnection] = [:]
  /// Why clusters cannot be connected to, each with its name.
  private(set) var problems: [RunStore.Problem] = []

  init(_ plan: Plan, _ context: CommandContext) async {
    for cluster in plan.clusters where !plan.steps(on: cluster.name).isEmpty {
      guard var declaration = cluster.declaration else { continue }
      declaration.baseFolder = plan.origin.clusterFolders[cluster.name] ?? "."
      switch await context.connect(declaration, .manage) {
      case .success(let connection): byCluster[cluster.name] = connection
      case .failure(let problem):
        problems.append(
          RunStore.Problem(
            "\(cluster.name): \(problem.message)", RunStatus.status(problem.category)))
      }
    }
  }

  /// Closes everything.
  func shutdown() { byCluster.values.forEach { $0.shutdown() } }
}
