import Diagnostics
import Execution
import Foundation
import OptionParsing
import Planning
import Rendering
import ResourceModel

/// Where the runs are kept that a command is about, and how a command line names that place again.
struct StatePlace: Hashable {
  let path: String
  /// What a printed command needs so that it finds the place wherever it is copied to in the same
  /// folder: ` --state DIR`, or nothing where it looks by itself.
  let flag: String

  /// The place that `--state` names, or else the given one.
  init(_ command: ParsedCommand, or path: String) {
    let named = command.text("--state")
    self.path = named ?? path
    let isUsual = named == nil && path == RunStore.standardPath
    flag = isUsual ? "" : " --state " + ShellWord.quoted(self.path)
  }

  /// The same for the commands that a run prints, whose manifests lie in a folder.
  func printed(beside folder: String) -> PrintedPlace {
    PrintedPlace(folder: folder.isEmpty ? "" : ShellWord.quoted(folder), state: flag)
  }

  /// The place that the line of `resume`, `rollback` or `history` names: `--state`, a plan file, or
  /// manifests; without any, where `qdrant-apply` without paths keeps its runs.
  static func find(
    _ paths: [String], _ command: ParsedCommand, _ context: CommandContext
  ) throws(RunStore.Problem) -> StatePlace {
    if command.has("--state") { return StatePlace(command, or: RunStore.standardPath) }
    let loader = WorkspaceLoader(command, context)
    guard let first = paths.first else {
      // Whoever goes on with a run need not have manifests that are in order.
      let isThere = FileManager.default.fileExists(atPath: WorkspaceLoader.standardPath)
      let state = isThere ? loader.findings([]).state?.workspace.state : nil
      let path = state.map { RunStore.path($0, beside: WorkspaceLoader.standardPath) }
      return StatePlace(command, or: path ?? RunStore.standardPath)
    }
    if paths.count == 1, PlanFiles.isPlan(first) {
      switch PlanFiles.read(first) {
      case .failure(let problem): throw RunStore.Problem(problem.message, problem.status)
      case .success(let plan):
        return StatePlace(command, or: plan.origin.state ?? RunStore.standardPath)
      }
    }
    switch loader.load(paths) {
    case .loaded(let workspace): return StatePlace(command, or: workspace.statePath)
    case .failed(let statuses):
      throw RunStore.Problem(
        "these manifests do not tell where the runs are kept; name the folder with --state DIR",
        ExitStatus.first(of: statuses))
    }
  }

  /// The run that the arguments begin with, and the paths after it.
  ///
  /// What has the form of a run's id is one. Any other word is a run when it could be the name of
  /// one and no file or folder is called so.
  static func divide(_ arguments: [String]) -> (run: String?, paths: [String]) {
    guard let first = arguments.first else { return (nil, []) }
    let couldBeRun = first.wholeMatch(of: /[a-z0-9][a-z0-9-]*/) != nil
    guard
      isRunForm(first) || couldBeRun && !FileManager.default.fileExists(atPath: first)
    else { return (nil, arguments) }
    return (first, Array(arguments.dropFirst()))
  }

  /// Whether a word is what a run is called: its date, its time, and six digits by chance.
  static func isRunForm(_ word: String) -> Bool {
    word.wholeMatch(of: /[0-9]{8}-[0-9]{6}-[0-9a-f]{6}(-z[0-9]{4})?/) != nil
  }
}

/// A word as a shell takes it, whatever stands in it.
enum ShellWord {
  static func quoted(_ word: String) -> String {
    let isPlain = word.wholeMatch(of: /[A-Za-z0-9_.\/:,@%+=-]+/) != nil
    return isPlain ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
  }
}
