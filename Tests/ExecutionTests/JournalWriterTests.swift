import Execution
import Glibc
import JSON
import SimulatedDisk
import Testing

@Suite struct JournalWriterTests {
  private let time = SampleJournal.time

  /// What an append threw.
  private func failure(
    _ writer: JournalWriter, _ entry: JSONObject, durably: Bool = true
  ) -> JournalFailure? {
    do throws(JournalFailure) {
      try writer.append(entry: entry, time: time, durably: durably)
    } catch {
      return error
    }
    return nil
  }

  /// Appends all entries; the number of the first that fails, and its failure.
  private func appendAll(
    _ writer: JournalWriter, _ durably: (Int) -> Bool = { _ in true }
  ) -> (number: Int, failure: JournalFailure)? {
    for (index, entry) in SampleJournal.entries.enumerated() {
      if let failure = failure(writer, entry, durably: durably(index)) {
        return (index + 1, failure)
      }
    }
    return nil
  }

  /// Nothing is appended, and the disk is not touched any more.
  private func expectStopped(_ writer: JournalWriter, _ files: SimulatedFiles, _ place: String) {
    let before = files.operations.count
    #expect(failure(writer, ["more": 1]) == .stopped, "\(place)")
    #expect(failure(writer, ["more": 2], durably: false) == .stopped, "\(place)")
    #expect(files.operations.count == before, "\(place)")
  }

  @Test func `A durable record costs one flush, another one none`() throws {
    let (files, state) = try SampleJournal.disk()
    let writer = try state.createRun("r1", plan: [], reserving: 0)
    let before = files.operations.count
    #expect(failure(writer, ["a": 1]) == nil)
    #expect(failure(writer, ["b": 1], durably: false) == nil)
    #expect(failure(writer, ["c": 1]) == nil)
    #expect(
      files.operations[before...] == [.append, .synchronize, .append, .append, .synchronize])
  }

  @Test(arguments: [ENOSPC, EDQUOT, EIO])
  func `A write that fails stops the writer, and what was there stays`(code: Int32) throws {
    let whole = try SampleJournal.bytes()
    let ends = whole.indices.filter { whole[$0] == 0x0A }.map { $0 + 1 }
    for number in 1...12 {
      let start = number == 1 ? 0 : ends[number - 2]
      let length = ends[number - 1] - start
      for written in [0, 1, length / 2, length - 1, length] {
        let place = "record \(number), \(written) bytes"
        let (files, state) = try SampleJournal.disk()
        let writer = try state.createRun("r1", plan: [], reserving: 0)
        files.fail(.append, at: number, code: code, writing: written)
        let failed = appendAll(writer)
        #expect(failed?.number == number, "\(place)")
        let expected = FileFailure(.append, SampleJournal.journal, code: code)
        #expect(failed?.failure == .disk(expected), "\(place)")
        expectStopped(writer, files, place)
        let read = try state.readRun("r1")
        let isWhole = written == length
        #expect(read.records.count == (isWhole ? number : number - 1), "\(place)")
        #expect(read.tornBytes == (isWhole ? 0 : written), "\(place)")
      }
    }
  }

  @Test func `A flush that fails stops the writer, and what was durable stays`() throws {
    for number in 1...12 {
      let (files, state) = try SampleJournal.disk()
      let writer = try state.createRun("r1", plan: [], reserving: 0)
      files.fail(.synchronize, at: number, code: EIO)
      let failed = appendAll(writer)
      #expect(failed?.number == number)
      let expected = FileFailure(.synchronize, SampleJournal.journal, code: EIO)
      #expect(failed?.failure == .disk(expected))
      expectStopped(writer, files, "flush \(number)")
      files.losePower()
      let read = try StateFolder.open(SampleJournal.folder, in: files).readRun("r1")
      #expect(read.records.count == number - 1)
    }
  }

  @Test func `A process that ends leaves what it wrote, durable or not`() throws {
    for number in 1...12 {
      let (files, state) = try SampleJournal.disk()
      let writer = try state.createRun("r1", plan: [], reserving: 0)
      for entry in SampleJournal.entries.prefix(number) {
        #expect(failure(writer, entry, durably: false) == nil)
      }
      files.restart()
      #expect(try state.readRun("r1").records.count == number)
    }
  }

  @Test func `An entry that a reader would refuse is not written`() throws {
    var deep: JSONValue = 1
    for _ in 0..<200 { deep = .array([deep]) }
    let twice = JSONObject([.init(key: "a", value: 1), .init(key: "a", value: 2)])
    let entries: [(JSONObject, String)] = [
      (twice, "it has a name twice"), (["nested": .array([.object(twice)])], "it has a name twice"),
      (["long": .string(String(repeating: "x", count: 1 << 20))], "longer than 1048576 bytes"),
      (["deep": deep], "more than 128 levels"),
    ]
    for (entry, reason) in entries {
      let (files, state) = try SampleJournal.disk()
      let writer = try state.createRun("r1", plan: [], reserving: 0)
      #expect(failure(writer, ["first": 1]) == nil)
      let text = failure(writer, entry)?.description ?? ""
      #expect(text.hasPrefix("an entry cannot stand in the journal: ") && text.contains(reason))
      expectStopped(writer, files, reason)
      #expect(try state.readRun("r1").records.map(\.entry) == [["first": 1]])
    }
  }

  @Test func `A closed writer appends nothing`() throws {
    let (files, state) = try SampleJournal.disk()
    let writer = try state.createRun("r1", plan: [], reserving: 0)
    writer.close()
    writer.close()
    expectStopped(writer, files, "closed")
  }

  @Test func `Writers at the same time make one chain`() async throws {
    let (_, state) = try SampleJournal.disk()
    let writer = try state.createRun("r1", plan: [], reserving: 0)
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<50 {
        group.addTask { _ = failure(writer, ["task": .integer(number)], durably: false) }
      }
    }
    let read = try state.readRun("r1")
    #expect(Set(read.records.compactMap { $0.entry["task"]?.integer }) == Set(0..<50))
  }
}
