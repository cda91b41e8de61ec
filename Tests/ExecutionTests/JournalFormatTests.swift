import Execution
import JSON
import Planning
import SimulatedDisk
import Testing

/// Lines made by hand, whose hashes are right unless the test is about the hash.
@Suite struct JournalFormatTests {
  static let zeros = String(repeating: "0", count: 64)

  /// A line with its newline from what stands before `,"hash":`.
  private func line(_ body: String) -> [UInt8] {
    let hash = Digest.hex(Array(body.utf8))
    return Array("\(body),\"hash\":\"\(hash)\"}\n".utf8)
  }

  private func body(
    n: String = "1", prev: String = zeros, rest: String = "\"format\":1,\"entry\":{}"
  ) -> String {
    "{\"n\":\(n),\"prev\":\"\(prev)\",\"time\":\"t\",\(rest)"
  }

  private func reason(_ bytes: [UInt8]) -> JournalDamage.Reason? {
    SampleJournal.damage(bytes)?.reason
  }

  /// The hashes were made by another program (`sha256sum`).
  @Test func `The format is this text`() throws {
    let text = """
      {"n":1,"prev":"0000000000000000000000000000000000000000000000000000000000000000","tim\
      e":"2026-03-01T10:00:00Z","format":1,"entry":{"begun":"r1"},"hash":"6c78c656cee4dc5d4\
      f9b5c3a278ff0f2f72078ef8c4611db58903bb475ce0161"}
      {"n":2,"prev":"6c78c656cee4dc5d4f9b5c3a278ff0f2f72078ef8c4611db58903bb475ce0161","tim\
      e":"2026-03-01T10:00:01Z","entry":{"done":"é"},"hash":"794fa1b80c0c52cf64d80e714b4054\
      fb4831b9308d173713af02a8c52dae864e"}

      """
    let read = try JournalReader.read(Array(text.utf8))
    #expect(read.records.map(\.entry) == [["begun": "r1"], ["done": "é"]])
    #expect(read.records.map(\.time) == ["2026-03-01T10:00:00Z", "2026-03-01T10:00:01Z"])

    let (files, state) = try SampleJournal.disk()
    let writer = try state.createRun("r1", plan: [], reserving: 0)
    for record in read.records {
      try writer.append(entry: record.entry, time: record.time, durably: true)
    }
    #expect(String(decoding: try files.read(SampleJournal.journal), as: UTF8.self) == text)
  }

  @Test func `A member that a reader does not know is no damage`() throws {
    let bytes = line(body(rest: "\"format\":1,\"entry\":{},\"later\":[1]"))
    #expect(try JournalReader.read(bytes).records.count == 1)
  }

  @Test func `A newer format is refused by its number, whatever its hash`() throws {
    for bytes in [
      line(body(rest: "\"format\":2,\"entry\":{}")), Array("{\"format\":2}\n".utf8),
    ] {
      let damage = #expect(throws: JournalDamage.self) { try JournalReader.read(bytes) }
      #expect(damage?.reason == .newerFormat(2))
      #expect(
        damage?.description == "the journal has format 2, and this program reads format 1 only")
    }
  }

  @Test(arguments: ["\"entry\":{}", "\"format\":0,\"entry\":{}", "\"format\":\"1\",\"entry\":{}"])
  func `A first record without a format is damage`(rest: String) {
    #expect(reason(line(body(rest: rest))) == .notARecord)
  }

  @Test(arguments: [
    "{\"n\":1,\"time\":\"t\",\"format\":1,\"entry\":{}",
    "{\"n\":1,\"prev\":\"x\",\"format\":1,\"entry\":{}",
    "{\"n\":\"1\",\"prev\":\"x\",\"time\":\"t\",\"format\":1,\"entry\":{}",
    "{\"n\":1.0,\"prev\":\"x\",\"time\":\"t\",\"format\":1,\"entry\":{}",
    "{\"n\":1,\"prev\":\"x\",\"time\":\"t\",\"format\":1,\"entry\":[]",
    "{\"n\":1,\"prev\":\"x\",\"time\":\"t\",\"format\":1",
  ])
  func `A member that is missing or of another type is damage`(body: String) {
    #expect(reason(line(body)) == .notARecord)
  }

  @Test func `A number or predecessor that is not that of its place is damage`() {
    #expect(reason(line(body(n: "2"))) == .wrongNumber(2))
    #expect(reason(line(body(n: "0"))) == .wrongNumber(0))
    #expect(reason(line(body(prev: String(repeating: "1", count: 64)))) == .wrongPrevious)
    #expect(reason(line(body(prev: ""))) == .wrongPrevious)
  }

  @Test(arguments: [
    "\"format\":1,\"n\":1,\"entry\":{}", "\"format\":1,\"entry\":{},\"entry\":{}",
    "\"format\":1,\"entry\":{\"a\":[{\"b\":1,\"b\":1}]}",
    "\"format\":1,\"entry\":{},\"hash\":\"\"",
  ])
  func `A name that is there twice is damage at any depth`(rest: String) {
    #expect(reason(line(body(rest: rest))) == .duplicateKey)
  }

  @Test func `The two writings of one letter are two names`() {
    let rest = "\"format\":1,\"entry\":{\"\u{E9}\":1,\"e\u{301}\":2}"
    #expect(reason(line(body(rest: rest))) == nil)
  }

  @Test func `Lines that are no record are damage`() throws {
    let good = line(body())
    #expect(reason([0x0A]) == .notJSON(JSONError(reason: .endOfText, offset: 0)))
    #expect(reason(good + [0x0A]) == .noHash)
    #expect(reason(good.dropLast() + [0x0D, 0x0A]) != nil)
    #expect(reason(good.dropLast() + [0x20, 0x0A]) == .noHash)
    #expect(reason([0x20] + good) == .wrongHash)
    #expect(reason(good + Array("[]\n".utf8)) == .noHash)
    #expect(reason(line("{\"n\":1,\"format\":1,}")) != nil)
    #expect(reason(Array([0xEF, 0xBB, 0xBF]) + good) != nil)
    let upper = String(decoding: good, as: UTF8.self).split(separator: "\"hash\":")
    let shouted = upper[0] + "\"hash\":" + upper[1].uppercased()
    #expect(reason(Array(shouted.utf8)) == .wrongHash)
  }

  @Test func `A last line that lacks only its newline is torn, and one with another byte damaged`()
    throws
  {
    let good = line(body())
    let torn = try JournalReader.read(good.dropLast())
    #expect(torn.records.isEmpty)
    #expect(torn.tornBytes == good.count - 1)
    for byte in UInt8.min...UInt8.max where byte != 0x0A {
      #expect(reason(good.dropLast() + [byte]) == .noNewline)
    }
  }

  @Test func `A line is at most one mebibyte long, torn or not`() throws {
    let frame = line(body(rest: "\"format\":1,\"entry\":{\"text\":\"\"}")).count
    func sized(_ size: Int) -> [UInt8] {
      let text = String(repeating: "x", count: size - frame)
      return line(body(rest: "\"format\":1,\"entry\":{\"text\":\"\(text)\"}"))
    }
    #expect(try JournalReader.read(sized(1 << 20)).records.count == 1)
    #expect(reason(sized(1 << 20 + 1)) == .tooLong)
    #expect(reason([UInt8](repeating: 0x20, count: 1 << 20)) == .tooLong)
    #expect(try JournalReader.read([UInt8](repeating: 0x20, count: 1 << 20 - 1)).records.isEmpty)
  }

  @Test func `A hundred thousand records are read`() throws {
    var bytes: [UInt8] = []
    var hash = JournalFormatTests.zeros
    for number in 1...100_000 {
      let body = body(
        n: String(number), prev: hash,
        rest: number == 1 ? "\"format\":1,\"entry\":{}" : "\"entry\":{}")
      hash = Digest.hex(Array(body.utf8))
      bytes += Array("\(body),\"hash\":\"\(hash)\"}\n".utf8)
    }
    let read = try JournalReader.read(bytes)
    #expect(read.records.count == 100_000)
    #expect(read.lastHash == hash)
  }
}
