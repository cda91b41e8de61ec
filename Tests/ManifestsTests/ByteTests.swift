import Diagnostics
import Foundation
import Manifests
import ResourceModel
import Testing

/// Rows of the catalogue that cannot carry a comment: bytes, and inputs that are generated.
@Suite struct ByteTests {
  private static let valid = "kind: Collection\nname: a\nvectors: {size: 4, distance: Dot}\n"

  private func codes(_ result: LoadResult) -> [String] { result.diagnostics.map(\.code) }

  /// Expects one diagnostic and gives it.
  private func only(_ result: LoadResult, sourceLocation: SourceLocation = #_sourceLocation)
    throws -> Diagnostic
  {
    #expect(
      result.diagnostics.count == 1, "\(result.report.text())", sourceLocation: sourceLocation)
    return try #require(result.diagnostics.first, sourceLocation: sourceLocation)
  }

  private func place(_ diagnostic: Diagnostic) -> [Int32] {
    diagnostic.span.map { [$0.line, $0.column, $0.endColumn] } ?? []
  }

  @Test func `Row 1: an empty file has no document`() throws {
    let found = try only(load(bytes: []))
    #expect(found.code == "M001")
    #expect(place(found) == [1, 1, 2])
    #expect(load(bytes: []).state == nil)
  }

  @Test func `No file at all is an error, and never means to delete everything`() throws {
    let result = load([])
    #expect(try only(result).code == "M018")
    #expect(result.state == nil)
  }

  @Test func `Row 3: a byte order mark is skipped with a warning, and columns do not count it`()
    throws
  {
    let result = load(bytes: [0xEF, 0xBB, 0xBF] + Array((ByteTests.valid + "xyz: 1\n").utf8))
    #expect(codes(result) == ["M003", "M101"])
    #expect(result.diagnostics.first?.severity == .warning)
    #expect(result.diagnostics.last?.span?.column == 1)
    #expect(load(bytes: [0xEF, 0xBB, 0xBF] + Array(ByteTests.valid.utf8)).state != nil)
  }

  @Test(
    arguments: [
      [0xFF, 0xFE, 0x6B, 0x00], [0xFE, 0xFF, 0x00, 0x6B], [0x6B, 0x00, 0x69, 0x00],
      [0x00, 0x6B, 0x00, 0x69],
    ] as [[UInt8]])
  func `Row 4: UTF-16 is refused`(bytes: [UInt8]) throws {
    let found = try only(load(bytes: bytes))
    #expect(found.code == "M004")
    #expect(place(found) == [1, 1, 2])
  }

  /// Row 10 as well: overlong forms, surrogates, what is beyond Unicode, what is cut off.
  @Test(
    arguments: [
      [0xC3, 0x28], [0xC0, 0xAF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
      [0xFF], [0x80], [0xE2, 0x82],
    ] as [[UInt8]])
  func `Row 5: invalid UTF-8 is told at the exact byte`(bytes: [UInt8]) throws {
    let start = Array("kind: Collection\nname: é".utf8)
    let found = try only(load(bytes: start + bytes))
    #expect(found.code == "M005")
    #expect(found.message == "invalid UTF-8 at byte \(start.count)")
    #expect(place(found) == [2, 8, 9])
    let marked = try #require(load(bytes: [0xEF, 0xBB, 0xBF] + start + bytes).diagnostics.last)
    #expect(marked.message == "invalid UTF-8 at byte \(start.count + 3)")
  }

  @Test(arguments: [0x00, 0x01, 0x1B, 0x7F, 0x85, 0x9B, 0x2028, 0xFEFF, 0xFFFE] as [UInt32])
  func `Row 6: a control character or foreign line break is refused where it stands`(
    value: UInt32
  ) throws {
    let scalar = try #require(Unicode.Scalar(value))
    let found = try only(load("kind: Collection\nname: é\(Character(scalar))b\n"))
    #expect(found.code == "M006")
    #expect(place(found) == [2, 8, 9])
  }

  @Test func `Row 8: CR LF is fine, also mixed with LF; a lone CR is not`() throws {
    let mixed = ByteTests.valid.replacing("\n", with: "\r\n") + "shard_number: 2\n"
    #expect(load(mixed).diagnostics.isEmpty)
    let found = try only(load("kind: Collection\rname: a\n"))
    #expect(found.code == "M007")
    #expect(place(found) == [1, 17, 18])
  }

  @Test func `Lines are counted right after CR LF`() throws {
    let found = try only(load("kind: Collection\r\nname: a\r\nvectors: {}\r\nxyz: 1\r\n"))
    #expect(place(found) == [4, 1, 4])
  }

  @Test func `Row 12: a text that is not closed is told where it begins`() throws {
    let found = try only(load("kind: Collection\nname: \"abc\nvectors: {}\n"))
    #expect(found.code == "M041")
    #expect(place(found) == [2, 7, 8])
  }

  @Test func `Row 14: without a comment the plain text goes on, and the place is still found`()
    throws
  {
    let found = try only(
      load("kind: Collection\nname: a\nvectors:\n  size:384\n  distance: Dot\n"))
    #expect(found.code == "M021")
    #expect(place(found) == [4, 3, 11])
  }

  private func bomb(levels: Int, width: Int) -> String {
    var text = ByteTests.valid + "metadata:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...levels {
      let aliases = Array(repeating: "*a\(level - 1)", count: width).joined(separator: ", ")
      text += "  a\(level): &a\(level) [\(aliases)]\n"
    }
    return text
  }

  @Test func `Row 36: a billion laughs are stopped at the alias that is too much`() throws {
    let found = try #require(load(bomb(levels: 9, width: 10)).diagnostics.first)
    #expect(found.code == "M011")
    #expect(found.span?.line == 9)
  }

  @Test func `Row 37: so is a long anchor that is repeated`() {
    let text =
      ByteTests.valid
      + "metadata:\n  a: &a [\(Array(repeating: "x", count: 500).joined(separator: ","))]\n"
      + "  b: [\(Array(repeating: "*a", count: 500).joined(separator: ","))]\n"
    #expect(codes(load(text)) == ["M011"])
  }

  @Test func `Row 38: nesting in brackets stops at a hundred and one`() throws {
    let found = try only(load("a: " + String(repeating: "[", count: 5000)))
    #expect(found.code == "M012")
    #expect(place(found) == [1, 103, 104])
    let deep = String(repeating: "[", count: 97) + String(repeating: "]", count: 97)
    #expect(load(ByteTests.valid + "metadata: {a: \(deep)}\n").diagnostics.isEmpty)
  }

  @Test func `Row 39: so does nesting by indentation, and nesting through aliases`() throws {
    let lines = (0..<1000).map { String(repeating: " ", count: $0) + "a:\n" }
    #expect(try only(load(lines.joined())).code == "M012")
    var text = ByteTests.valid + "metadata:\n  a0: &a0 {x: 1}\n"
    for level in 1...150 { text += "  a\(level): &a\(level) {x: *a\(level - 1)}\n" }
    let found = try #require(load(text).diagnostics.first { $0.code == "M012" })
    #expect(found.span?.line == 103)
  }

  @Test func `Row 40: a value of more than a mebibyte is refused at its start`() throws {
    let text = ByteTests.valid + "metadata: {a: \(String(repeating: "x", count: 1 << 20 + 1))}\n"
    let found = try only(load(text))
    #expect(found.code == "M013")
    #expect(place(found) == [4, 15, 16])
  }

  @Test func `Row 41: too many keys are refused`() throws {
    let keys = (0..<120_000).map { "  k\($0): 1\n" }.joined()
    #expect(try only(load(ByteTests.valid + "metadata:\n" + keys)).code == "M014")
  }

  @Test func `Row 42: too many anchors are refused`() {
    let anchors = (0..<1200).map { "  k\($0): &a\($0) 1\n" }.joined()
    #expect(codes(load(ByteTests.valid + "metadata:\n" + anchors)).contains("M015"))
  }

  @Test func `Row 43: of many errors the first hundred are drawn and the rest is counted`() {
    let fields = (0..<15_000).map { "x\($0): 1\n" }.joined()
    let result = load(ByteTests.valid + fields)
    #expect(result.diagnostics.count == 15_000)
    let text = result.report.text()
    #expect(text.contains("… and 14900 more\n15000 errors\n"))
    #expect(text.utf8.count < 100_000)
  }

  @Test func `Row 44: the excerpt of a very long line is clipped`() throws {
    let long = String(repeating: "a", count: 900_000)
    let result = load(ByteTests.valid + "metadata: {a: \(long), b: .inf}\n")
    #expect(try only(result).code == "M113")
    #expect(result.report.text().utf8.count < 1000)
  }

  @Test func `Row 45: a number of a hundred thousand digits is out of range, and nothing traps`()
    throws
  {
    for digits in [
      "0x" + String(repeating: "f", count: 100_000), String(repeating: "9", count: 100_000),
    ] {
      let found = try only(
        load("kind: Collection\nname: a\nvectors: {size: \(digits), distance: Dot}\n"))
      #expect(["M104", "M111"].contains(found.code))
      #expect(found.message.count < 200)
    }
  }

  @Test func `A file of more than 8 MiB is refused without being read`() throws {
    let found = try only(load(bytes: [UInt8](repeating: 0x20, count: 8 << 20 + 1)))
    #expect(found.code == "M010")
  }
}
