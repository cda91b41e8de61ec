import Diagnostics
import Foundation
import JSON
import Manifests
import QdrantSchema
import ResourceModel
import Synchronization
import TestSupport
import Testing

/// Law 8: the decoder never traps, on any bytes, and every span lies in its file.
@Suite struct HostileInputTests {
  /// Bytes that mean something in YAML or in manifests, and some that mean nothing anywhere.
  private static let pieces: [[UInt8]] =
    [
      "\n", "  ", "\t", ": ", ":", "- ", "-", "[", "]", "{", "}", ",", "#", "&a ", "*a", "<<: *a",
      "!t ", "|", ">", "\"", "'", "\\", "%", "@", "? ", "---\n", "...\n", "~", "null", "true",
      "yes", "0", "-1", "1e999", ".inf", "absent", "disabled", "kind: Collection\n", "name: x\n",
      "vectors: {}\n", "é", "\u{202E}", "size", "\r", "\r\n", "é\u{301}", "0x1F", "name",
      "lifecycle", "${m}", "$${", "class: base\n", "{domain}", "kind: Class\n", "(a|b)*",
    ].map { Array($0.utf8) } + [[0xFF], [0x00], [0xC3], [0xEF, 0xBB, 0xBF], [0xED, 0xA0, 0x80]]

  private static let seeds: [[UInt8]] =
    [
      WholeLanguageTests.manifest, EnvironmentTests.tree, EnvironmentTests.tree,
      HierarchyTests.clusters + HierarchyTests.documents,
      HierarchyTests.clusters + HierarchyTests.documents,
    ].map { Array($0.utf8) }
    + BadInputTests.names.prefix(60).compactMap {
      try? Array(Data(contentsOf: BadInputTests.folder.appending(path: $0)))
    }

  private static func mutated(_ random: inout SeededRandom) -> [UInt8] {
    var bytes = seeds.randomElement(using: &random) ?? []
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let at = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: at)
      case 1:
        let end = min(bytes.count, at + Int.random(in: 0...20, using: &random))
        bytes.removeSubrange(at..<end)
      case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
      case 3:
        let end = min(bytes.count, at + Int.random(in: 0...60, using: &random))
        let to = Int.random(in: 0...bytes.count, using: &random)
        bytes.insert(contentsOf: Array(bytes[at..<end]), at: to)
      default: bytes.removeLast(bytes.count - at)
      }
    }
    return bytes
  }

  /// What is wrong with the result of loading, or nil.
  private static func problem(_ result: LoadResult) -> String? {
    let hasError = result.diagnostics.contains { $0.severity == .error }
    if hasError != (result.state == nil) { return "a state in spite of errors, or none without" }
    let lines = lengths(result.catalog.source(0)?.bytes ?? [])
    for diagnostic in result.diagnostics {
      if ManifestCode(rawValue: diagnostic.code) == nil { return "unknown code \(diagnostic.code)" }
      for span in [diagnostic.span].compactMap(\.self) + diagnostic.related.map(\.span) {
        if !lies(span, in: lines) { return "\(diagnostic.code): \(span) is outside" }
      }
    }
    let text = result.report.text()
    if !text.unicodeScalars.allSatisfy({ $0 == "\n" || Sanitizer.isHarmless($0) }) {
      return "the drawing is not harmless"
    }
    for collection in result.state?.collections ?? [] {
      for field in collection.fields where !lies(field.provenance.span, in: lines) {
        return "\(field.path): \(field.provenance.span) is outside"
      }
    }
    return nil
  }

  /// The lengths of the lines of a text, in scalars.
  private static func lengths(_ bytes: [UInt8]) -> [Int] {
    var lines = [0]
    var previous: UInt8 = 0
    for byte in bytes {
      if byte == 0x0A || byte == 0x0D {
        if byte != 0x0A || previous != 0x0D { lines.append(0) }
      } else if byte & 0xC0 != 0x80 {
        lines[lines.count - 1] += 1
      }
      previous = byte
    }
    return lines
  }

  /// Whether a place is in its text; the place just after the last character counts.
  private static func lies(_ span: SourceSpan, in lines: [Int]) -> Bool {
    func isIn(_ line: Int32, _ column: Int32) -> Bool {
      line >= 1 && Int(line) <= lines.count && column >= 1
        && Int(column) <= lines[Int(line) - 1] + 2
    }
    return span.file == 0 && isIn(span.line, span.column) && isIn(span.endLine, span.endColumn)
      && (span.line, span.column) <= (span.endLine, span.endColumn)
  }

  /// `MANIFEST_MUTATIONS` makes it longer: a hundred thousand were tried by hand.
  @Test(arguments: [1, 2, 20_261_125, 4] as [UInt64])
  func `Whatever the bytes, nothing traps and every place lies in its file`(seed: UInt64) {
    let count = ProcessInfo.processInfo.environment["MANIFEST_MUTATIONS"].flatMap(Int.init) ?? 300
    var random = SeededRandom(seed)
    for round in 0..<count {
      let bytes = HostileInputTests.mutated(&random)
      let environment = random.chance(0.5) ? "prod" : nil
      if let problem = HostileInputTests.problem(load(bytes: bytes, environment)) {
        Issue.record(
          "seed \(seed), round \(round): \(problem)\n\(String(decoding: bytes, as: UTF8.self))")
        return
      }
    }
  }

  @Test func `Random bytes are refused quietly`() {
    var random = SeededRandom(4711)
    for _ in 0..<500 {
      let bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      #expect(HostileInputTests.problem(load(bytes: bytes)) == nil)
    }
  }

  /// The deepest texts that are accepted, and deeper ones, on a stack of 1 MiB; debug code was
  /// measured to need between 256 and 384 KiB.
  @Test func `Nesting costs a bounded stack`() async {
    let flow = String(repeating: "{a: [", count: 48) + "1" + String(repeating: "]}", count: 48)
    let valid = "kind: Collection\nname: a\nvectors: {}\nmetadata:\n"
    let chain = (1...93).map { "  a\($0): &a\($0) {<<: *a\($0 - 1), k\($0): 1}\n" }.joined()
    let texts = [
      valid + "  x: \(flow)\n",
      valid + "  a0: &a0 {k0: 1}\n" + chain,
      String(repeating: "[", count: 100_000), String(repeating: "- ", count: 100_000),
      String(repeating: "? ", count: 100_000), String(repeating: "{a: ", count: 100_000),
    ]
    #expect(await loads(texts, stack: 1 << 20) == [true, true, false, false, false, false])
  }

  /// Composition copies and merges values; debug code was measured to need between 512 and 768 KiB.
  @Test func `Nesting costs composition a bounded stack`() async {
    let flow = String(repeating: "{a: ", count: 90) + "1" + String(repeating: "}", count: 90)
    let fields = "metadata:\n  x: \(flow)\n"
    let text =
      "kind: Class\nname: b\n\(fields)---\nkind: Class\nname: c\nclass: b\n\(fields)---\n"
      + "kind: Collection\nname: a\nclass: c\nvectors: {}\n\(fields)"
    #expect(await loads([text], stack: 2 << 20) == [true])
  }

  /// Which texts load without errors, on a thread with a stack of so many bytes.
  private func loads(_ texts: [String], stack: Int) async -> [Bool] {
    await withCheckedContinuation { continuation in
      let thread = Thread {
        let results = texts.map { load($0).state != nil }
        continuation.resume(returning: results)
      }
      thread.stackSize = stack
      thread.start()
    }
  }
}
