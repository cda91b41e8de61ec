package import JSON

/// The forms for programs: the same facts, in the same order, none left out.
extension DiagnosticReport {
  /// An array of objects, one per diagnostic; places are nil where there is none.
  package var json: JSONValue {
    var offsets = ByteOffsets(catalog)
    return .array(
      diagnostics.map { diagnostic in
        var object: JSONObject = [
          "code": .string(diagnostic.code), "severity": .string(diagnostic.severity.rawValue),
          "message": .string(Sanitizer.line(diagnostic.message)),
        ]
        place(diagnostic.span, into: &object, &offsets)
        object["hint"] = diagnostic.hint.map { .string(Sanitizer.line($0)) } ?? .null
        object["related"] = .array(
          diagnostic.related.map { related in
            var entry: JSONObject = ["message": .string(Sanitizer.line(related.message))]
            place(related.span, into: &entry, &offsets)
            return .object(entry)
          })
        return .object(object)
      })
  }

  private func place(
    _ span: SourceSpan?, into object: inout JSONObject, _ offsets: inout ByteOffsets
  ) {
    guard let span else {
      for key in ["file", "line", "column", "endLine", "endColumn", "byteOffset"] {
        object[key] = .null
      }
      return
    }
    object["file"] = .string(Sanitizer.line(catalog.path(span.file)))
    object["line"] = .integer(Int(span.line))
    object["column"] = .integer(Int(span.column))
    object["endLine"] = .integer(Int(span.endLine))
    object["endColumn"] = .integer(Int(span.endColumn))
    object["byteOffset"] = offsets.offset(of: span).map { .integer($0) } ?? .null
  }

  /// Workflow commands of GitHub Actions: `::error file=…,line=…::…`, one a line.
  package var githubAnnotations: String {
    diagnostics.map { diagnostic in
      let command = diagnostic.severity == .note ? "notice" : diagnostic.severity.rawValue
      var properties = ["title=" + DiagnosticReport.property(diagnostic.code)]
      if let span = diagnostic.span {
        properties =
          [
            "file=" + DiagnosticReport.property(catalog.path(span.file)), "line=\(span.line)",
            "endLine=\(span.endLine)", "col=\(span.column)", "endColumn=\(span.endColumn)",
          ] + properties
      }
      let message = diagnostic.message + (diagnostic.hint.map { " (\($0))" } ?? "")
      return "::\(command) \(properties.joined(separator: ","))"
        + "::\(DiagnosticReport.data(message))\n"
    }.joined()
  }

  private static func data(_ text: String) -> String { escaped(text, "%") }

  private static func property(_ text: String) -> String { escaped(text, "%:,") }

  /// By scalars, since a combining mark after a comma would hide it from a search by characters.
  private static func escaped(_ text: String, _ special: String) -> String {
    var result = ""
    for scalar in Sanitizer.line(text).unicodeScalars {
      if special.unicodeScalars.contains(scalar) {
        result += "%" + String(scalar.value, radix: 16, uppercase: true)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A SARIF 2.1.0 log with one run.
  package func sarif(tool: String, version: String) -> JSONValue {
    let rules = Set(diagnostics.map(\.code)).sorted()
    let driver: JSONObject = [
      "name": .string(tool), "version": .string(version),
      "rules": .array(rules.map { .object(["id": .string($0)]) }),
    ]
    return .object([
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
      "version": "2.1.0",
      "runs": .array([
        .object([
          "tool": .object(["driver": .object(driver)]),
          "columnKind": "unicodeCodePoints",
          "results": .array(diagnostics.map(sarifResult)),
        ])
      ]),
    ])
  }

  private func sarifResult(_ diagnostic: Diagnostic) -> JSONValue {
    let text = Sanitizer.line(diagnostic.message + (diagnostic.hint.map { " (\($0))" } ?? ""))
    var object: JSONObject = [
      "ruleId": .string(diagnostic.code), "level": .string(diagnostic.severity.rawValue),
      "message": .object(["text": .string(text)]),
    ]
    if let span = diagnostic.span {
      object["locations"] = .array([sarifLocation(span, message: nil)])
    }
    if !diagnostic.related.isEmpty {
      object["relatedLocations"] = .array(
        diagnostic.related.map { sarifLocation($0.span, message: $0.message) })
    }
    return .object(object)
  }

  private func sarifLocation(_ span: SourceSpan, message: String?) -> JSONValue {
    var object: JSONObject = [
      "physicalLocation": .object([
        "artifactLocation": .object(["uri": .string(uri(catalog.path(span.file)))]),
        "region": .object([
          "startLine": .integer(Int(span.line)), "startColumn": .integer(Int(span.column)),
          "endLine": .integer(Int(span.endLine)), "endColumn": .integer(Int(span.endColumn)),
        ]),
      ])
    ]
    if let message { object["message"] = .object(["text": .string(Sanitizer.line(message))]) }
    return .object(object)
  }

  /// A path as a relative URI: everything but the unreserved characters and `/` is escaped.
  private func uri(_ path: String) -> String {
    var result = ""
    for byte in path.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x7E:
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let hex = String(byte, radix: 16, uppercase: true)
        result += "%" + (hex.count == 1 ? "0" : "") + hex
      }
    }
    return result
  }
}

/// Finds the byte of a place, with one line table per text.
private struct ByteOffsets {
  private let catalog: SourceCatalog
  private var tables: [Int32: LineTable] = [:]

  init(_ catalog: SourceCatalog) { self.catalog = catalog }

  /// From the start of the file, its byte order mark included.
  mutating func offset(of span: SourceSpan) -> Int? {
    guard let source = catalog.source(span.file) else { return nil }
    let table = tables[span.file] ?? LineTable(source.bytes)
    tables[span.file] = table
    return table.offset(line: span.line, column: span.column).map { $0 + source.skippedBytes }
  }
}
