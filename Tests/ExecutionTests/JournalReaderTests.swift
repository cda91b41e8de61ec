import Execution
import JSON
import Testing

@Suite struct JournalReaderTests {
  let bytes: [UInt8]
  let whole: JournalContents
  /// Where each record starts, and the end of the last.
  let starts: [Int]

  init() throws {
    let bytes = try SampleJournal.bytes()
    self.bytes = bytes
    whole = try JournalReader.read(bytes)
    starts = [0] + bytes.indices.filter { bytes[$0] == 0x0A }.map { $0 + 1 }
  }

  /// What the first records read as, alone.
  private func prefix(_ count: Int) throws -> JournalContents {
    try JournalReader.read(Array(bytes[..<starts[count]]))
  }

  @Test func `What was written is read again, record by record`() {
    #expect(whole.records.map(\.entry) == SampleJournal.entries)
    #expect(whole.records.map(\.number) == Array(1...12))
    #expect(whole.records.allSatisfy { $0.time == SampleJournal.time })
    #expect(whole.validLength == bytes.count)
    #expect(whole.tornBytes == 0)
  }

  @Test func `No bytes at all are a journal without a record`() throws {
    let contents = try JournalReader.read([])
    #expect(contents == JournalContents())
    #expect(contents.lastHash == String(repeating: "0", count: 64))
  }

  @Test func `Cut at any byte, the whole records count and the rest is torn`() throws {
    let prefixes = try (0...12).map { try prefix($0) }
    for length in bytes.indices {
      let read = try JournalReader.read(Array(bytes[..<length]))
      let count = starts.lastIndex { $0 <= length } ?? 0
      var expected = prefixes[count]
      expected.tornBytes = length - starts[count]
      let isExpected = read == expected
      #expect(isExpected, "cut at \(length)")
    }
  }

  /// The checks are Booleans of their own, because `#expect` describes every value that it is
  /// given, which here took ten times as long as the reading.
  @Test(arguments: 0..<8)
  func `Any flipped bit is damage of its record`(bit: Int) {
    for place in bytes.indices {
      var flipped = bytes
      flipped[place] ^= 1 << UInt8(bit)
      let damage = SampleJournal.damage(flipped)
      let record = starts.lastIndex { $0 <= place } ?? 0
      let isThere = damage?.record == record + 1 && damage?.offset == starts[record]
      let isIntact = damage?.intact.records.count == record
      #expect(isThere && isIntact, "bit \(bit) of byte \(place)")
    }
  }

  @Test func `What verifies before the damage is given for a person to read`() throws {
    for record in 0..<12 {
      var flipped = bytes
      flipped[starts[record] + 5] ^= 1
      let damage = #expect(throws: JournalDamage.self) { try JournalReader.read(flipped) }
      #expect(damage?.intact == (try prefix(record)))
    }
  }

  @Test func `A torn record may be any bytes but a newline`() throws {
    let cut = Array(bytes[..<(starts[11] + 40)])
    let expected = try JournalReader.read(cut)
    #expect(expected.records.count == 11)
    for place in starts[11]..<cut.count {
      var flipped = cut
      flipped[place] = 0
      #expect(try JournalReader.read(flipped) == expected)
    }
  }

  @Test func `Zeros after the records, as file systems leave them, are torn`() throws {
    let read = try JournalReader.read(bytes + [UInt8](repeating: 0, count: 4096))
    #expect(read.records == whole.records)
    #expect(read.tornBytes == 4096)
  }

  @Test func `Removing, repeating or exchanging lines is damage`() throws {
    for record in 0..<12 {
      let line = Array(bytes[starts[record]..<starts[record + 1]])
      let before = Array(bytes[..<starts[record]])
      let after = Array(bytes[starts[record + 1]...])
      let repeated = #expect(throws: JournalDamage.self) {
        try JournalReader.read(before + line + line + after)
      }
      #expect(repeated?.reason == (record == 0 ? .wrongNumber(1) : .wrongNumber(record + 1)))
      if record < 11 {
        #expect(throws: JournalDamage.self) { try JournalReader.read(before + after) }
        let next = Array(after[..<(starts[record + 2] - starts[record + 1])])
        #expect(throws: JournalDamage.self) {
          try JournalReader.read(before + next + line + after.dropFirst(next.count))
        }
      } else {
        #expect(try JournalReader.read(before + after).records.count == 11)
      }
    }
  }

  @Test func `A journal of another run does not go on here`() throws {
    let other = try SampleJournal.bytes([["other": 1], ["other": 2]])
    let second = other.firstIndex(of: 0x0A).map { Array(other[($0 + 1)...]) } ?? []
    let damage = #expect(throws: JournalDamage.self) {
      try JournalReader.read(Array(bytes[..<starts[1]]) + second)
    }
    #expect(damage?.reason == .wrongPrevious)
  }
}
