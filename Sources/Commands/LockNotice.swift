import ClusterProviders
import Diagnostics
import JSON
import ResourceModel

/// Tells readers of a plan or a report that a run is not over: what they see may be its middle, and
/// an apply is refused until it ends.
///
/// A lock that cannot be read is passed over: nothing else depends on it here.
struct LockNotice {
  let workspace: String
  let connections: [String: ClusterConnection]

  /// On standard error, a line for each cluster that a run holds.
  func tell(_ context: CommandContext) async {
    for (cluster, connection) in connections.sorted(by: { $0.key.precedes($1.key) }) {
      guard let lock = await LockExamination.read(connection.provider, workspace),
        let epoch = lock.highest, let record = lock.record
      else { continue }
      let run = "run \(Sanitizer.line(record.run))"
      let place = "\(Sanitizer.line(cluster)) (lock epoch \(epoch))"
      switch record.state {
      case .free: continue
      case .held:
        context.complain(
          "note: \(run) holds \(place) since \(Sanitizer.line(record.since)): what is shown may be "
            + "its middle, and an apply is refused until it is over")
      case .open:
        context.complain(
          "note: \(run) was left open on \(place): what is shown may be its middle, and an apply "
            + "is refused until qdrant-apply resume or rollback ends it")
      }
    }
  }
}
