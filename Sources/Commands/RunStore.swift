import Execution
import Foundation
import JSON
import Planning

/// The runs of a workspace, in its state folder, which this process holds.
struct RunStore {
  /// Why the state folder, or a run in it, cannot be used, and what that means.
  struct Problem: Error {
    var message: String
    var status: ExitStatus

    init(_ message: String, _ status: ExitStatus = .failed) {
      self.message = message
      self.status = status
    }

    init(_ failure: StateFailure) {
      switch failure {
      case .locked: self.init("the state folder is in use: \(failure)", .lockHeld)
      case .damaged:
        self.init(
          "\(failure); it is not gone on with. Look at the file, and at the clusters", .halted)
      case .noRun, .badRunID: self.init("\(failure)", .usage)
      default: self.init("the state folder cannot be used: \(failure)")
      }
    }
  }

  /// A run as it was recorded.
  struct StoredRun {
    var id: String
    var history: RunHistory
    var plan: Plan
    var records: [(time: String, entry: JournalEntry)]

    /// Whether it must be gone on with or taken back before anything else is done.
    ///
    /// A run that sent nothing is over, however it ended.
    var isOpen: Bool {
      guard history.header != nil, history.hasSent else { return false }
      switch history.end?.state {
      case nil, .interrupted, .halted: return !history.isAbandoned
      case .applied, .rolledBack, .refused: return false
      }
    }
  }

  let folder: StateFolder
  let place: StatePlace
  private let lock: StateLock?

  /// The folder, made when it is not there, and locked until the end of the process.
  static func open(_ place: StatePlace, _ context: CommandContext) throws(Problem) -> RunStore {
    do throws(StateFailure) {
      let folder = try StateFolder.open(place.path, in: context.files)
      let lock = try folder.lock(holder: "\(context.holder), since \(context.timestamp())")
      return RunStore(folder: folder, place: place, lock: lock)
    } catch {
      throw Problem(error)
    }
  }

  /// The folder for reading only; nil when there is none.
  static func look(_ place: StatePlace, _ context: CommandContext) throws(Problem) -> RunStore? {
    do throws(StateFailure) {
      let runs = try StateFolder.openIfPresent(place.path + "/runs", in: context.files)
      guard runs != nil else { return nil }
      return try StateFolder.openIfPresent(place.path, in: context.files).map {
        RunStore(folder: $0, place: place, lock: nil)
      }
    } catch {
      throw Problem(error)
    }
  }

  /// Gives the folder back.
  func close() { lock?.release() }

  /// A state folder as a workspace names it, beside its manifests.
  static func path(_ state: String, beside manifests: String) -> String {
    if state.hasPrefix("/") || manifests == "-" { return state }
    var info = stat()
    let isFolder = stat(manifests, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    let folder = isFolder ? manifests : parent(of: manifests)
    return folder.isEmpty || folder.hasSuffix("/") ? folder + state : folder + "/" + state
  }

  /// What stands before the last name of a path, by its bytes; empty when nothing does.
  private static func parent(of path: String) -> String {
    let slash = UInt8(ascii: "/")
    var bytes = Array(path.utf8)
    while bytes.count > 1, bytes.last == slash { bytes.removeLast() }
    guard let cut = bytes.lastIndex(of: slash) else { return "" }
    return String(decoding: bytes[..<max(cut, 1)], as: UTF8.self)
  }

  /// Where a command without manifests looks: beside those in `manifests`, or here.
  static var standardPath: String {
    path(StateFolder.defaultName, beside: WorkspaceLoader.standardPath)
  }

  /// The ids of all runs, oldest first.
  func runs() throws(Problem) -> [String] {
    do throws(StateFailure) { return try folder.runs() } catch { throw Problem(error) }
  }

  /// One run, without changing anything.
  func run(_ id: String) throws(Problem) -> StoredRun {
    let contents: JournalContents
    let plan: [UInt8]
    do throws(StateFailure) {
      contents = try folder.readRun(id)
      plan = try folder.plan(of: id)
    } catch {
      throw Problem(error)
    }
    return try stored(id, contents, plan)
  }

  /// The last run, when it is open.
  func openRun() throws(Problem) -> StoredRun? {
    for id in try runs().reversed() {
      let stored = try run(id)
      // A run without a record never began.
      if stored.history.header == nil { continue }
      return stored.isOpen ? stored : nil
    }
    return nil
  }

  private func stored(
    _ id: String, _ contents: JournalContents, _ plan: [UInt8]
  ) throws(Problem) -> StoredRun {
    var records: [(time: String, entry: JournalEntry)] = []
    for record in contents.records {
      guard let entry = JournalCoding.entry(record.entry) else {
        throw Problem(
          "run '\(id)': record \(record.number) says something that this version does not know",
          .halted)
      }
      records.append((record.time, entry))
    }
    do throws(PlanFile.Problem) {
      return StoredRun(
        id: id, history: RunHistory(records.map(\.entry)), plan: try PlanFile.read(plan),
        records: records)
    } catch {
      throw Problem("run '\(id)': its plan cannot be read: \(PlanFiles.text(error))", .halted)
    }
  }

  /// A name for a new run that comes after all others, also when a clock went back.
  ///
  /// Only the last run can be open, so the order of the names must be the order of the runs.
  func name(after candidate: String) throws(Problem) -> String {
    guard let last = try runs().last, candidate <= last else { return candidate }
    let marker = "-z"
    let tail = last.suffix(6)
    guard tail.hasPrefix(marker), let number = Int(tail.dropFirst(2)), number < 9_999 else {
      return last + marker + "0001"
    }
    let digits = String(number + 1)
    return last.dropLast(4) + String(repeating: "0", count: 4 - digits.count) + digits
  }

  /// A new run with its plan on the disk.
  func create(_ id: String, plan: Plan) throws(Problem) -> JournalWriter {
    let bytes = PlanFile.bytes(of: plan)
    do throws(StateFailure) {
      return try folder.createRun(id, plan: bytes, reserving: RunStore.space(bytes.count))
    } catch {
      throw Problem(error)
    }
  }

  /// Goes on with the journal of a run.
  func reopen(_ id: String) throws(Problem) -> JournalWriter {
    do throws(StateFailure) {
      let plan = try folder.plan(of: id)
      return try folder.openRun(id, reserving: RunStore.space(plan.count)).1
    } catch {
      throw Problem(error)
    }
  }

  /// Bytes that a run may need, there and back: an intent repeats the operation and its inverse,
  /// which stand in the plan with more around them.
  private static func space(_ plan: Int) -> Int { plan * 3 + (64 << 10) }
}
