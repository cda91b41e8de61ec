import ClusterProviders
import Execution
import OptionParsing
import Planning
import ResourceModel

/// What can be done about a lock that kept a run from beginning, in commands that work as they
/// stand.
struct LockAdvice {
  let plan: Plan
  let connections: [String: ClusterConnection]
  let command: ParsedCommand
  let store: RunStore
  /// The run that was kept from beginning.
  let run: String

  /// A few lines for each cluster whose lock was not to be had.
  func lines(for end: RunEnd) async -> [String] {
    var lines: [String] = []
    var told: Set<String> = []
    for cause in end.causes where cause.kind == .lockHeld || cause.kind == .lockOpen {
      guard let cluster = cause.cluster, told.insert(cluster).inserted,
        let provider = connections[cluster]?.provider,
        let lock = await LockExamination.read(provider, plan.workspace), let epoch = lock.highest
      else { continue }
      lines += advice(cluster, epoch, lock.record)
    }
    return lines
  }

  private func advice(_ cluster: String, _ epoch: Int, _ record: LockRecord?) -> [String] {
    if record?.run == run {
      return [
        "  this run itself has that lock, by another name of the same server: two clusters of the "
          + "manifests are one server; leave one out"
      ]
    }
    let unlock = "  once its holder is certainly gone:  qdrant-apply " + unlockLine(cluster, epoch)
    guard let record, record.state == .open else { return [unlock] }
    // What is recorded here and open is told before anything is planned.
    return [
      "  to go on with it, where its state folder is:  qdrant-apply resume \(record.run)",
      "  to go on without its journal:  qdrant-apply resume \(record.run) --plan PLANFILE"
        + store.place.flag,
      "  to leave what it did as it is:  qdrant-apply " + unlockLine(cluster, epoch)
        + " --abandon",
    ]
  }

  private func unlockLine(_ cluster: String, _ epoch: Int) -> String {
    var words = ["unlock", String(epoch)]
    if !plan.origin.folder.isEmpty { words.append(ShellWord.quoted(plan.origin.folder)) }
    if plan.clusters.count > 1 { words += ["--cluster", ShellWord.quoted(cluster)] }
    if let environment = command.text("--environment") {
      words += ["--environment", ShellWord.quoted(environment)]
    }
    return words.joined(separator: " ") + store.place.flag
  }
}
