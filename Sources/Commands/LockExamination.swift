import ClusterProviders
import Execution
import Planning
import ResourceModel

/// Looks at the locks of a plan's clusters before a run, for holders that are known to be gone.
///
/// This process holds the state folder, so no other process works on a run that is recorded in it.
struct LockExamination {
  let plan: Plan
  let connections: [String: ClusterConnection]
  let store: RunStore

  /// An epoch that may be superseded, and the mark that its holder had no time to leave.
  struct Takeover {
    var epoch: Int
    var mark: LockRecord.RolledBack?
  }

  /// Refuses to go on with a run whose lock is not there.
  ///
  /// A run that sent anything has left its name and its plan in the lock; a journal without that is
  /// of another cluster, or somebody made it up. A cluster that cannot be read is left to the run.
  func expectLock(of stored: RunStore.StoredRun) async throws(RunStore.Problem) {
    for cluster in plan.clusters {
      let touched = plan.steps(on: cluster.name).contains { stored.history.forward[$0.id] != nil }
      guard touched, let provider = connections[cluster.name]?.provider,
        let lock = await LockExamination.read(provider, plan.workspace)
      else { continue }
      guard let record = lock.record, record.run == stored.id, record.plan == PlanFile.id(of: plan)
      else {
        throw RunStore.Problem(
          "the lock of \(cluster.name) does not name run \(stored.id) with its plan, so its "
            + "journal is not gone on with; plan again", .refused)
      }
    }
  }

  /// By cluster. A cluster that cannot be read, or that somebody else holds, is left to the run to
  /// find out.
  func takeovers(for run: String) async throws(RunStore.Problem) -> [String: Takeover] {
    var takeovers: [String: Takeover] = [:]
    for cluster in plan.clusters {
      guard let provider = connections[cluster.name]?.provider,
        let lock = await LockExamination.read(provider, plan.workspace),
        let epoch = lock.highest, let record = lock.record, record.state != .free
      else { continue }
      if record.run == run {
        takeovers[cluster.name] = Takeover(epoch: epoch)
        continue
      }
      guard try store.runs().contains(record.run) else { continue }
      let stored = try store.run(record.run)
      if stored.isOpen { continue }
      var takeover = Takeover(epoch: epoch)
      if stored.history.end?.state == .rolledBack {
        takeover.mark = LockRecord.RolledBack(plan: record.plan, run: record.run)
      } else if stored.history.end?.state == .applied {
        takeover.mark = stored.history.header?.rollsBack
      }
      takeovers[cluster.name] = takeover
    }
    return takeovers
  }

  /// Nil when it cannot be read: the run reads it again, and says why not.
  static func read(_ provider: any Provider, _ workspace: String) async -> LockState? {
    do throws(ProviderError) { return try await provider.lockState(of: workspace) } catch {
      return nil
    }
  }
}
