import Execution
import Glibc
import JSON
import SimulatedDisk
import Testing

/// What a loss of power leaves of a journal, whichever unflushed writes it takes.
@Suite struct PowerLossTests {
  private let time = SampleJournal.time

  /// Every choice of fates for that many changes.
  private func choices(_ fates: [Fate], _ count: Int) -> [[Fate]] {
    (0..<count).reduce([[]]) { choices, _ in
      choices.flatMap { choice in fates.map { choice + [$0] } }
    }
  }

  private func append(
    _ writer: JournalWriter, _ entries: some Sequence<JSONObject>, durably: Bool
  ) throws {
    for entry in entries { try writer.append(entry: entry, time: time, durably: durably) }
  }

  /// The entries that are there, damage or not, and whether there was damage.
  private func whatIsLeft(_ files: SimulatedFiles) throws -> (entries: [JSONObject], Bool) {
    let bytes = try files.read(SampleJournal.journal)
    do throws(JournalDamage) {
      return (try JournalReader.read(bytes).records.map(\.entry), false)
    } catch {
      return (error.intact.records.map(\.entry), true)
    }
  }

  @Test(arguments: 0...3, 0...4)
  func `What was appended durably is always there, and nothing else than what was appended`(
    durable: Int, unsynced: Int
  ) throws {
    let entries = SampleJournal.entries
    for fates in choices([.kept, .dropped, .torn(1), .torn(90), .torn(150)], unsynced) {
      let (files, state) = try SampleJournal.disk()
      let writer = try state.createRun("r1", plan: [], reserving: 0)
      try append(writer, entries.prefix(durable), durably: true)
      try append(writer, entries[durable..<(durable + unsynced)], durably: false)
      #expect(files.unsyncedCount == unsynced)
      files.losePower(fates)
      let (left, isDamaged) = try whatIsLeft(files)
      let kept = fates.prefix { $0 == .kept }.count
      #expect(left == Array(entries.prefix(durable + kept)), "\(fates)")
      let rest = fates.dropFirst(kept + 1)
      let hasGap = rest.contains { $0 != .dropped }
      #expect(!isDamaged || hasGap, "only a gap is damage: \(fates)")
      if hasGap, fates.last == .kept { #expect(isDamaged, "\(fates)") }
      if !isDamaged { try expectToGoOn(files, after: left) }
    }
  }

  /// The run can be opened, and what is appended then outlives the next loss of power.
  private func expectToGoOn(_ files: SimulatedFiles, after left: [JSONObject]) throws {
    let state = try StateFolder.open(SampleJournal.folder, in: files)
    let (contents, writer) = try state.openRun("r1")
    #expect(contents.records.map(\.entry) == left)
    try append(writer, [["resumed": true]], durably: true)
    files.losePower()
    #expect(try state.readRun("r1").records.map(\.entry) == left + [["resumed": true]])
  }

  @Test func `Power that goes during a flush takes at most what was being flushed`() throws {
    for fates in choices([.kept, .dropped, .torn(100)], 2) {
      let (files, state) = try SampleJournal.disk()
      let writer = try state.createRun("r1", plan: [], reserving: 0)
      try append(writer, SampleJournal.entries.prefix(2), durably: true)
      try append(writer, SampleJournal.entries[2...2], durably: false)
      files.kill(at: 2)
      #expect(throws: JournalFailure.self) {
        try append(writer, SampleJournal.entries[3...3], durably: true)
      }
      files.losePower(fates)
      let (left, _) = try whatIsLeft(files)
      let kept = fates.prefix { $0 == .kept }.count
      #expect(left == Array(SampleJournal.entries.prefix(2 + kept)), "\(fates)")
    }
  }

  /// After a failed flush Linux shows bytes that are not on the disk and calls them written.
  @Test func `What is read after a failed flush lasts once the run is opened again`() throws {
    let (files, state) = try SampleJournal.disk()
    let writer = try state.createRun("r1", plan: [], reserving: 0)
    try append(writer, [["first": 1]], durably: true)
    files.fail(.synchronize, at: 1, code: EIO)
    #expect(throws: JournalFailure.self) { try append(writer, [["second": 2]], durably: true) }
    files.restart()
    let (contents, again) = try state.openRun("r1")
    #expect(contents.records.map(\.entry) == [["first": 1], ["second": 2]])
    try append(again, [["third": 3]], durably: true)
    files.losePower()
    let read = try state.readRun("r1")
    #expect(read.records.map(\.entry) == [["first": 1], ["second": 2], ["third": 3]])
  }
}
