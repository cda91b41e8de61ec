import Execution
import Glibc
import JSON
import SimulatedDisk
import Testing

/// A crash at any operation of making or opening a run leaves no run or a whole one.
@Suite struct RunCrashTests {
  private let plan = Array("{\"plan\":1}".utf8)
  private let time = SampleJournal.time

  /// Every choice of keeping or losing that many changes; what is lost is gone or torn.
  private func choices(_ count: Int) -> [[Fate]] {
    [Fate.dropped, .torn(3)].flatMap { lost in
      (0..<count).reduce([[]]) { choices, _ in choices.flatMap { [$0 + [.kept], $0 + [lost]] } }
    }
  }

  /// Runs something on a new disk, ended at its `count`-th operation; nil when it came to its end.
  private func interrupted(
    at count: Int, writing written: Int, prepare: (SimulatedFiles) throws -> Void = { _ in },
    _ body: (SimulatedFiles) throws -> Void
  ) throws -> SimulatedFiles? {
    let files = SimulatedFiles()
    files.place("/w", as: .own(.folder, 0o755))
    try prepare(files)
    let before = files.operations.count
    files.kill(at: count, writing: written)
    do { try body(files) } catch is StateFailure {}
    return files.operations.count - before >= count ? files : nil
  }

  /// Everything that the end of a process or of power can leave, at every operation.
  private func everyCrash(
    prepare: (SimulatedFiles) throws -> Void = { _ in },
    _ body: (SimulatedFiles) throws -> Void, check: (SimulatedFiles, String) throws -> Void
  ) throws {
    var count = 1
    while let files = try interrupted(at: count, writing: 0, prepare: prepare, body) {
      files.restart()
      try check(files, "process ends at operation \(count)")
      for written in [0, 5] {
        let unsynced = try interrupted(at: count, writing: written, prepare: prepare, body)
        for fates in choices(try #require(unsynced).unsyncedCount) {
          let files = try #require(
            try interrupted(at: count, writing: written, prepare: prepare, body))
          files.losePower(fates)
          try check(files, "power goes at operation \(count), \(written) bytes, \(fates)")
        }
      }
      count += 1
    }
    #expect(count > 5, "the operations were counted")
  }

  private func makeRun(_ files: SimulatedFiles) throws {
    let state = try StateFolder.open(SampleJournal.folder, in: files)
    _ = try state.createRun("r1", plan: plan, reserving: 1000)
  }

  /// A run that is there is whole, one that is not can be made; what is appended to it then
  /// outlives a loss of power, and the next run finds nothing in its way.
  private func expectNoneOrWhole(_ files: SimulatedFiles, _ place: String) throws {
    let state = try StateFolder.open(SampleJournal.folder, in: files)
    let runs = try state.runs()
    #expect(runs.isEmpty || runs == ["r1"], "\(place)")
    if runs.isEmpty {
      #expect(throws: StateFailure.noRun("r1"), "\(place)") { try state.readRun("r1") }
      _ = try state.createRun("r1", plan: plan, reserving: 0)
    }
    #expect(try state.plan(of: "r1") == plan, "\(place)")
    let (contents, writer) = try state.openRun("r1")
    #expect(contents.records.isEmpty && contents.tornBytes == 0, "\(place)")
    try writer.append(entry: ["begun": true], time: time, durably: true)
    files.losePower()
    let again = try StateFolder.open(SampleJournal.folder, in: files)
    #expect(try again.readRun("r1").records.map(\.entry) == [["begun": true]], "\(place)")
    #expect(try again.plan(of: "r1") == plan, "\(place)")
    _ = try again.createRun("r2", plan: plan, reserving: 0)
    #expect(try files.names(in: state.path + "/runs") == ["r1", "r2"], "\(place)")
  }

  @Test func `A crash while a run is made leaves none or a whole one`() throws {
    try everyCrash(makeRun, check: expectNoneOrWhole)
  }

  @Test func `A crash while leftovers are removed leaves none or a whole run`() throws {
    try everyCrash(
      prepare: { files in
        try makeLeftover(files)
      }, makeRun, check: expectNoneOrWhole)
  }

  private func makeLeftover(_ files: SimulatedFiles) throws {
    let runs = SampleJournal.folder + "/runs"
    for folder in [SampleJournal.folder, runs, runs + "/.new-r1", runs + "/.new-r0"] {
      try files.makeFolder(folder)
    }
    files.place(runs + "/.new-r1/journal.jsonl", Array("torn".utf8))
    for folder in ["/w", SampleJournal.folder, runs] { try files.synchronizeFolder(folder) }
  }

  @Test func `A fault at any operation of making a run leaves none or a whole one`() throws {
    for operation in FileFailure.Operation.allCases {
      for code in [EIO, ENOSPC] {
        var count = 1
        while true {
          let files = SimulatedFiles()
          files.place("/w", as: .own(.folder, 0o755))
          files.fail(operation, at: count, code: code, writing: 4)
          do { try makeRun(files) } catch let failure as StateFailure {
            let disk = code == EIO ? "Input/output error" : "No space left on device"
            #expect("\(failure)".hasSuffix(disk))
          }
          let isPast = files.operations.count { $0 == operation } < count
          files.restart()
          try expectNoneOrWhole(files, "\(operation) \(count)")
          if isPast { break }
          count += 1
        }
      }
    }
  }

  @Test func `A full disk refuses before anything is written`() throws {
    let (files, state) = try SampleJournal.disk()
    files.fail(.reserve, at: 1, code: ENOSPC)
    do {
      _ = try state.createRun("r1", plan: plan, reserving: 1 << 20)
      Issue.record("there was no space")
    } catch {
      guard case .noSpace = error else { throw error }
    }
    #expect(!files.operations.contains(.append))
    #expect(try files.names(in: state.path + "/runs").isEmpty)
  }

  /// Three durable records and half a fourth.
  private func makeTorn(_ files: SimulatedFiles) throws {
    try makeRun(files)
    let state = try StateFolder.open(SampleJournal.folder, in: files)
    let (_, writer) = try state.openRun("r1")
    for number in 1...3 {
      try writer.append(entry: ["n": .integer(number)], time: time, durably: true)
    }
    files.fail(.append, at: 1, code: ENOSPC, writing: 60)
    #expect(throws: JournalFailure.self) {
      try writer.append(entry: ["n": 4], time: time, durably: true)
    }
    files.restart()
  }

  @Test func `A crash while a run is opened changes no record`() throws {
    let three: [JSONObject] = [["n": 1], ["n": 2], ["n": 3]]
    try everyCrash(
      prepare: makeTorn,
      { files in
        let state = try StateFolder.open(SampleJournal.folder, in: files)
        let (contents, _) = try state.openRun("r1", reserving: 1000)
        #expect(contents.records.map(\.entry) == three && contents.tornBytes == 60)
      },
      check: { files, place in
        let state = try StateFolder.open(SampleJournal.folder, in: files)
        #expect(try state.readRun("r1").records.map(\.entry) == three, "\(place)")
        let (contents, writer) = try state.openRun("r1", reserving: 1000)
        #expect(contents.records.map(\.entry) == three, "\(place)")
        try writer.append(entry: ["n": 4], time: time, durably: true)
        files.losePower()
        let read = try state.readRun("r1")
        #expect(read.records.map(\.entry) == three + [["n": 4]], "\(place)")
        #expect(read.tornBytes == 0, "\(place)")
        #expect(try state.plan(of: "r1") == plan, "\(place)")
      })
  }

  @Test func `A full disk refuses to open a run, and its journal stays as it was`() throws {
    let (files, state) = try SampleJournal.disk()
    try makeTorn(files)
    let before = try files.read(SampleJournal.journal)
    for operation in [FileFailure.Operation.reserve, .append, .synchronize] {
      files.fail(operation, at: 1, code: ENOSPC)
      #expect(throws: StateFailure.self) { try state.openRun("r1", reserving: 1000) }
      #expect(try files.read(SampleJournal.journal) == before)
    }
    #expect(try state.openRun("r1", reserving: 1000).0.records.count == 3)
  }

  @Test func `A rename that the disk forgets leaves no run, and another can be made`() throws {
    let (files, _) = try SampleJournal.disk()
    files.loseRenames()
    try makeRun(files)
    files.losePower([.kept, .kept, .kept, .kept, .kept])
    let state = try StateFolder.open(SampleJournal.folder, in: files)
    #expect(try state.runs().isEmpty)
    #expect(try files.names(in: state.path + "/runs") == [".new-r1"])
    _ = try state.createRun("r1", plan: plan, reserving: 0)
    #expect(try files.names(in: state.path + "/runs") == ["r1"])
  }
}
