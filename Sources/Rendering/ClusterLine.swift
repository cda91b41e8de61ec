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

  /// `2 clusters (1 not checked)`: one that could not be read belongs to the workspace, too.
  static func count(_ read: [PlannedCluster], _ unchecked: [UncheckedPart]) -> String {
    let away = Set(unchecked.map(\.cluster)).subtracting(read.map(\.name)).count
    let all = read.count + away
    return "\(all) \(all == 1 ? "cluster" : "clusters")"
      + (away == 0 ? "" : " (\(away) not checked)")
  }
}
