import Execution
import JSON
import Testing

@Suite struct JournalReaderTests {
  let bytes: [UInt8]
  let whole: JournalContents

  init() throws {
    bytes = try SampleJournal.bytes()
    whole = try JournalReader.read(bytes)
  }

  @Test func `What was written is read again, record by record`() {
    #expect(whole.records.map(\.entry) == SampleJournal.entries)
    #expect(whole.records.map(\.number) == Array(1...12))
    #expect(whole.records.allSatisfy { $0.time == SampleJournal.time })
    #expect(whole.validLength == bytes.count)
    #expect(whole.tornBytes == 0)
  }
}
