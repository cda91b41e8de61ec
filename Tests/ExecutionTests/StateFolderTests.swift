import Execution
import Glibc
import JSON
import SimulatedDisk
import Testing

@Suite struct StateFolderTests {
  private let folder = SampleJournal.folder

  private func failure(_ body: () throws -> Void) -> StateFailure? {
    do { try body() } catch { return error as? StateFailure }
    return nil
  }

  /// What opening says when that stands in the folder's place, or in that of `runs` in it.
  private func opening(_ status: FileStatus, below: Bool = false) throws -> StateFailure? {
    let (files, state) = try SampleJournal.disk()
    files.place(below ? state.path + "/runs" : state.path, as: status)
    return failure { _ = try StateFolder.open(folder, in: files) }
  }

  @Test func `The folder is made for this user alone, with what is above it flushed`() throws {
    let (files, state) = try SampleJournal.disk()
    #expect(try files.status(of: folder) == .own(.folder, 0o700))
    #expect(try files.status(of: folder + "/runs") == .own(.folder, 0o700))
    #expect(files.unsyncedCount == 0)
    #expect(state.path == folder)
  }

  @Test func `A folder that another process makes at the same moment is taken`() throws {
    let files = SimulatedFiles()
    files.place("/w", as: .own(.folder, 0o755))
    files.overtake()
    #expect(try StateFolder.open(folder, in: files).runs().isEmpty)
    #expect(files.unsyncedCount == 0)
  }

  @Test func `The folder's path may end with slashes`() throws {
    let (files, _) = try SampleJournal.disk()
    #expect(try StateFolder.open(folder + "//", in: files).path == folder)
    files.place(folder, as: .own(.symbolicLink, 0o777))
    #expect(failure { _ = try StateFolder.open(folder + "/", in: files) } == .symbolicLink(folder))
  }

  @Test func `A folder without anything above it is made where the process is`() throws {
    let files = SimulatedFiles()
    #expect(try StateFolder.open("state", in: files).path == "state")
    #expect(try StateFolder.open("/other", in: files).path == "/other")
    #expect(files.unsyncedCount == 0)
  }

  @Test(arguments: [false, true])
  func `Only a folder of ours that nobody else may write in is taken`(below: Bool) throws {
    let path = below ? folder + "/runs" : folder
    for permissions in UInt32(0)...0o777 {
      let expected: StateFailure? =
        permissions & 0o022 == 0
        ? nil : .writableByOthers(path, permissions: permissions)
      #expect(try opening(.own(.folder, permissions), below: below) == expected)
      let foreign = FileStatus(kind: .folder, permissions: permissions, isOurs: false)
      #expect(try opening(foreign, below: below) == .notOurs(path))
    }
    #expect(try opening(.own(.symbolicLink, 0o700), below: below) == .symbolicLink(path))
    #expect(try opening(.own(.file, 0o600), below: below) == .notAFolder(path))
    #expect(try opening(.own(.other, 0o600), below: below) == .notAFolder(path))
  }

  @Test func `A refusal is a sentence that says what is wrong`() {
    #expect(
      StateFailure.writableByOthers("s", permissions: 0o775).description
        == "others may write in 's' (its mode is 0775)")
    #expect(
      StateFailure.locked("s/lock", holder: "process 7").description
        == "'s/lock' is held by process 7")
    let full = FileFailure(.reserve, "s/journal.jsonl", code: ENOSPC)
    #expect(
      StateFailure.noSpace(full).description
        == "cannot reserve space for 's/journal.jsonl': No space left on device")
  }

  @Test func `On a read-only disk nothing is made, and what is there can be read`() throws {
    let (files, state) = try SampleJournal.disk()
    _ = try state.createRun("r1", plan: [1], reserving: 0)
    files.makeReadOnly("/w")
    let refusals = [
      failure { _ = try StateFolder.open("/w/other", in: files) },
      failure { _ = try state.lock(holder: "me") },
      failure { _ = try state.createRun("r2", plan: [], reserving: 0) },
      failure { _ = try state.openRun("r1") },
    ]
    for refusal in refusals {
      guard case .readOnly = refusal else {
        Issue.record("\(String(describing: refusal))")
        continue
      }
    }
    #expect(try state.runs() == ["r1"])
    #expect(try state.readRun("r1").records.isEmpty)
  }

  @Test func `Reading makes nothing`() throws {
    let files = SimulatedFiles()
    files.place("/w", as: .own(.folder, 0o755))
    #expect(try StateFolder.openIfPresent(folder, in: files) == nil)
    #expect(try files.status(of: folder) == nil)
    files.place(folder, as: .own(.folder, 0o700))
    let state = try #require(try StateFolder.openIfPresent(folder, in: files))
    #expect(try state.runs().isEmpty)
    #expect(failure { _ = try state.readRun("r1") } == .noRun("r1"))
    #expect(try files.names(in: folder).isEmpty)
    files.place(folder, as: .own(.folder, 0o777))
    #expect(failure { _ = try StateFolder.openIfPresent(folder, in: files) } != nil)
  }

  @Test func `One holds the lock, and the next is told who`() throws {
    let (files, state) = try SampleJournal.disk()
    let first = try state.lock(holder: "process 1, a longer text")
    let refusal = failure { _ = try state.lock(holder: "process 2") }
    #expect(refusal == .locked(folder + "/lock", holder: "process 1, a longer text"))
    first.release()
    _ = try state.lock(holder: "process 3")
    first.release()
    #expect(failure { _ = try state.lock(holder: "process 2") } != nil)
    #expect(try files.read(folder + "/lock") == Array("process 3\n".utf8))
    files.restart()
    _ = try state.lock(holder: "process 4")
  }

  @Test func `A lock that is not asked for again is held all the same`() throws {
    let (_, state) = try SampleJournal.disk()
    _ = try state.lock(holder: "process 1")
    #expect(failure { _ = try state.lock(holder: "process 2") } != nil)
  }

  @Test func `A failure while the lock is taken gives it back`() throws {
    for operation in [FileFailure.Operation.lock, .truncate, .append] {
      let (files, state) = try SampleJournal.disk()
      files.fail(operation, at: 1, code: EIO)
      #expect(failure { _ = try state.lock(holder: "process 1") } != nil)
      _ = try state.lock(holder: "process 2")
    }
  }

  @Test func `Runs are listed in the order of their bytes, and nothing else is`() throws {
    let (files, state) = try SampleJournal.disk()
    for id in ["b", "a-2", "a", String(repeating: "z", count: 64), "10", "9"] {
      _ = try state.createRun(id, plan: [], reserving: 0)
    }
    for name in [".new-x", "A", "a.b", "ä", "a_b", String(repeating: "z", count: 65)] {
      files.place(folder + "/runs/" + name, as: .own(.folder, 0o700))
    }
    files.place(folder + "/runs/file")
    files.place(folder + "/runs/link", as: .own(.symbolicLink, 0o777))
    let expected = ["10", "9", "a", "a-2", "b", String(repeating: "z", count: 64)]
    #expect(try state.runs() == expected)
  }

  @Test(arguments: [
    "", ".", "..", "a/b", "../x", "A", "a b", "a\u{0}", "é", "a\n", ".new-a",
    String(repeating: "a", count: 65),
  ])
  func `A name that is no run's is refused`(id: String) throws {
    let (files, state) = try SampleJournal.disk()
    let before = files.operations.count
    #expect(failure { _ = try state.createRun(id, plan: [], reserving: 0) } == .badRunID(id))
    #expect(failure { _ = try state.openRun(id) } == .badRunID(id))
    #expect(failure { _ = try state.readRun(id) } == .badRunID(id))
    #expect(failure { _ = try state.plan(of: id) } == .badRunID(id))
    #expect(files.operations.count == before)
  }

  @Test func `A run is made once`() throws {
    let (_, state) = try SampleJournal.disk()
    let writer = try state.createRun("r1", plan: [1], reserving: 0)
    try writer.append(entry: ["a": 1], time: "t", durably: true)
    #expect(
      failure { _ = try state.createRun("r1", plan: [2], reserving: 0) } == .runExists("r1"))
    #expect(try state.plan(of: "r1") == [1])
    #expect(try state.readRun("r1").records.count == 1)
  }

  @Test func `A run has one writer`() throws {
    let (files, state) = try SampleJournal.disk()
    let writer = try state.createRun("r1", plan: [], reserving: 0)
    #expect(failure { _ = try state.openRun("r1") } == .runInUse("r1"))
    try writer.append(entry: ["a": 1], time: "t", durably: true)
    writer.close()
    let (_, second) = try state.openRun("r1")
    #expect(failure { _ = try state.openRun("r1") } == .runInUse("r1"))
    files.fail(.append, at: 1, code: EIO)
    #expect(throws: JournalFailure.self) {
      try second.append(entry: [:], time: "t", durably: true)
    }
    #expect(try state.openRun("r1").0.records.count == 1)
  }

  @Test func `A damaged run is neither read nor opened, and stays as it is`() throws {
    let (files, state) = try SampleJournal.disk()
    _ = try state.createRun("r1", plan: [], reserving: 0)
    var bytes = try SampleJournal.bytes()
    bytes[5] ^= 1
    files.place(SampleJournal.journal, bytes)
    guard case .damaged(run: "r1", let damage) = failure({ _ = try state.readRun("r1") }) else {
      Issue.record("the damage was not seen")
      return
    }
    #expect(damage.record == 1)
    #expect(failure { _ = try state.openRun("r1") } == .damaged(run: "r1", damage))
    #expect(try files.read(SampleJournal.journal) == bytes)
  }

  @Test func `A run that is a link, or that others may write in, is refused`() throws {
    let (files, state) = try SampleJournal.disk()
    let run = folder + "/runs/r1"
    files.place(run, as: .own(.symbolicLink, 0o777))
    #expect(failure { _ = try state.readRun("r1") } == .symbolicLink(run))
    #expect(failure { _ = try state.openRun("r1") } == .symbolicLink(run))
    files.place(run, as: .own(.folder, 0o770))
    #expect(
      failure { _ = try state.plan(of: "r1") } == .writableByOthers(run, permissions: 0o770))
  }

  @Test func `Reading reports a torn record and leaves it`() throws {
    let (files, state) = try SampleJournal.disk()
    _ = try state.createRun("r1", plan: [], reserving: 0)
    let bytes = try SampleJournal.bytes() + Array("{\"n\":13".utf8)
    files.place(SampleJournal.journal, bytes)
    #expect(try state.readRun("r1").tornBytes == 7)
    #expect(try files.read(SampleJournal.journal) == bytes)
  }
}
