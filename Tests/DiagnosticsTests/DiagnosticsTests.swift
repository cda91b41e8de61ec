import Diagnostics
import JSON
import TestSupport
import Testing

@Suite struct DiagnosticsTests {
  private func report(_ text: String, _ diagnostics: [Diagnostic]) -> DiagnosticReport {
    var catalog = SourceCatalog()
    _ = catalog.add(path: "manifests/a.yaml", bytes: Array(text.utf8))
    return DiagnosticReport(diagnostics, catalog: catalog)
  }

  private func span(_ line: Int32, _ column: Int32, _ length: Int32) -> SourceSpan {
    SourceSpan(file: 0, line: line, column: column, endLine: line, endColumn: column + length)
  }

  @Test func `A diagnostic is drawn with its line, its carets and its hint`() {
    let diagnostic = Diagnostic(
      .error, "M101", "unknown field 'hnsw_conf' in a collection", at: span(2, 3, 9),
      hint: "did you mean 'hnsw_config'?",
      related: [.init(span: span(1, 1, 4), message: "in this collection")])
    #expect(
      report("kind: Collection\n  hnsw_conf:\n", [diagnostic]).text() == """
        manifests/a.yaml:2:3: error[M101]: unknown field 'hnsw_conf' in a collection
            2 |   hnsw_conf:
              |   ^^^^^^^^^ did you mean 'hnsw_config'?
        manifests/a.yaml:1:1: note: in this collection
            1 | kind: Collection
              | ^^^^
        1 error

        """)
  }

  @Test func `Diagnostics stand in the order of their places, and the rest is counted`() {
    let all = (1...120).reversed().map {
      Diagnostic(.warning, "M1", "number \($0)", at: span(Int32($0), 1, 1))
    }
    let text = report(String(repeating: "x\n", count: 130), all).text()
    #expect(text.hasPrefix("manifests/a.yaml:1:1: warning[M1]: number 1\n"))
    #expect(text.hasSuffix("^\n… and 20 more\n120 warnings\n"))
    #expect(!text.contains("number 101"))
  }

  @Test(arguments: [
    ("a: \u{4E2D}\u{6587}x", 6, "        ^"),  // two wide characters before
    ("a: e\u{301}x", 6, "     ^"),  // a mark without width before
    ("a: \u{202E}x", 5, "            ^"),  // shown escaped
    ("a:\tx", 4, "       ^"),
  ])
  func `Carets stand under wide, combining and escaped characters`(
    line: String, column: Int32, carets: String
  ) {
    let text = report(line, [Diagnostic(.error, "M1", "m", at: span(1, column, 1))]).text()
    #expect(text.split(separator: "\n")[2] == "      |" + carets)
  }

  @Test func `A very long line is clipped around the place`() {
    let line = String(repeating: "a", count: 5_000_000) + "X" + String(repeating: "b", count: 5000)
    let text = report(line, [Diagnostic(.error, "M1", "m", at: span(1, 5_000_001, 1))]).text()
    let lines = text.split(separator: "\n")
    #expect(lines[1].count < 120)
    #expect(lines[1].contains("aXb"))
    let caret = lines[2].firstIndex(of: "^").map {
      lines[2].distance(from: lines[2].startIndex, to: $0)
    }
    let place = lines[1].firstIndex(of: "X").map {
      lines[1].distance(from: lines[1].startIndex, to: $0)
    }
    #expect(caret == place)
  }

  @Test func `A span outside of its text draws no excerpt and does not trap`() {
    let wild = [
      SourceSpan(file: 7, line: 1, column: 1, endLine: 1, endColumn: 2),
      SourceSpan(file: 0, line: 99, column: 1, endLine: 99, endColumn: 2),
      SourceSpan(file: 0, line: 1, column: 500, endLine: 0, endColumn: -3),
      SourceSpan(file: -1, line: 0, column: 0, endLine: 0, endColumn: 0),
    ]
    let text = report("abc", wild.map { Diagnostic(.error, "M1", "m", at: $0, hint: "h") }).text()
    #expect(text.contains("= h"))
  }

  @Test func `A masked place and the value of a secret-looking key are not drawn`() {
    var catalog = SourceCatalog()
    let file = catalog.add(
      path: "a", bytes: Array("x: s3cret, y: 1\napiKey: hunter2\napi_key: {env: A}\n".utf8))
    catalog.mask(SourceSpan(file: file, line: 1, column: 4, endLine: 1, endColumn: 10))
    let text = DiagnosticReport(
      (1...3).map { Diagnostic(.error, "M1", "m", at: span($0, 1, 1)) }, catalog: catalog
    ).text()
    #expect(!text.contains("s3cret") && !text.contains("hunter2"))
    #expect(text.contains("x: ••••••, y: 1"))
    #expect(text.contains("api_key: {env: A}"))
  }

  @Test func `Colour repeats the words and adds none`() {
    let one = report("abc", [Diagnostic(.error, "M1", "m", at: span(1, 1, 1))])
    let stripped = one.text(color: true).replacing("\u{1B}[1;31m", with: "")
      .replacing("\u{1B}[0m", with: "")
    #expect(stripped == one.text())
    #expect(one.text(color: true) != one.text())
  }

  @Test func `The JSON form holds every fact, with the byte as well as the column`() {
    let diagnostic = Diagnostic(
      .error, "M1", "m", at: span(2, 4, 1), hint: "h",
      related: [.init(span: span(1, 1, 1), message: "r")])
    let value = report("\u{FEFF}é\n éx1", [diagnostic]).json
    #expect(
      value.text()
        == #"[{"code":"M1","severity":"error","message":"m","file":"manifests/a.yaml","#
        + #""line":2,"column":4,"endLine":2,"endColumn":5,"byteOffset":10,"hint":"h","#
        + #""related":[{"message":"r","file":"manifests/a.yaml","line":1,"column":1,"#
        + #""endLine":1,"endColumn":2,"byteOffset":3}]}]"#)
  }

  @Test func `A workflow command cannot be injected into the annotations`() {
    var catalog = SourceCatalog()
    _ = catalog.add(path: "a,b:c.yaml", bytes: Array("x".utf8))
    let report = DiagnosticReport(
      [Diagnostic(.note, "M1", "50%\n::error::x", at: span(1, 1, 1))], catalog: catalog)
    #expect(
      report.githubAnnotations
        == "::notice file=a%2Cb%3Ac.yaml,line=1,endLine=1,col=1,endColumn=2,title=M1"
        + "::50%25\\u{A}::error::x\n")
  }

  @Test func `The SARIF form has one result per diagnostic with its region`() {
    let value = report("abc", [Diagnostic(.warning, "M7", "m", at: span(1, 2, 1), hint: "h")])
      .sarif(tool: "qdrant-plan", version: "1")
    #expect(value["version"] == "2.1.0")
    let result = value["runs"]?.array?.first?["results"]?.array?.first
    #expect(result?["ruleId"] == "M7")
    #expect(result?["level"] == "warning")
    #expect(result?[path: ["message", "text"]] == "m (h)")
    let region = result?["locations"]?.array?.first?[path: ["physicalLocation", "region"]]
    #expect(region?["startColumn"] == 2)
  }
}

@Suite struct SanitizerTests {
  @Test(arguments: [
    ("plain é 中 🙂", "plain é 中 🙂"), ("a\u{1B}]52;c;x\u{7}", "a\\u{1B}]52;c;x\\u{7}"),
    ("\u{202E}\u{200D}\u{2066}", "\\u{202E}\\u{200D}\\u{2066}"), ("a\rb\nc", "a\\u{D}b\\u{A}c"),
    ("\u{2028}\u{2029}\u{85}\u{9B}\u{7F}\u{0}", "\\u{2028}\\u{2029}\\u{85}\\u{9B}\\u{7F}\\u{0}"),
    ("\u{FEFF}\u{AD}\u{3164}\u{E0041}", "\\u{FEFF}\\u{AD}\\u{3164}\\u{E0041}"),
  ])
  func `What could steer a terminal or deceive a reader is shown by number`(
    text: String, expected: String
  ) {
    #expect(Sanitizer.line(text) == expected)
  }

  @Test func `Whatever the bytes, the text is one line of harmless scalars of bounded length`() {
    var random = SeededRandom(42)
    for _ in 0..<5000 {
      let count = Int.random(in: 0...40, using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      let shown = Sanitizer.line(String(decoding: bytes, as: UTF8.self), limit: 20)
      #expect(shown.unicodeScalars.allSatisfy(Sanitizer.isHarmless))
      #expect(shown.unicodeScalars.count <= 20 * 10 + 1)
    }
  }
}

@Suite struct DidYouMeanTests {
  private let known = ["hnsw_config", "vectors", "Cosine", "Dot", "size", "distance", "name"]

  @Test(arguments: [
    ("hnsw_conf", "hnsw_config"), ("vector", "vectors"), ("cosine", "Cosine"), ("sizee", "size"),
    ("szie", "size"), ("DOT", "Dot"), ("distnace", "distance"), ("xyz", nil), ("", nil),
    ("quantization", nil),
  ])
  func `The nearest word is found, and a far one is not`(word: String, expected: String?) {
    #expect(didYouMean(word, among: known) == expected)
  }

  @Test func `A word that only one goes on from is meant, however long that is`() {
    let words = ["replication_factor", "warning", "on_disk", "on_delete"]
    #expect(didYouMean("warn", among: words) == "warning")
    #expect(didYouMean("replica", among: words) == "replication_factor")
    #expect(didYouMean("on_d", among: words) == nil)
    #expect(didYouMean("wa", among: words) == nil)
  }
}
