import Diagnostics
import Planning
import ResourceModel

/// How an output names a cluster that was asked: its address and version; a simulation is called
/// one.
enum ClusterLine {
  static func text(_ cluster: PlannedCluster) -> String {
    let isSimulation = cluster.endpoint.hasPrefix("embedded:")
    return "  @\(Sanitizer.line(cluster.name))  \(Sanitizer.line(cluster.endpoint))  "
      + "Qdrant \(cluster.identity.version)"
      + (isSimulation ? "  (a simulation inside this process)" : "")
  }
}
