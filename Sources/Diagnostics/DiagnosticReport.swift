/// Diagnostics in order of their places, and the forms in which they are given out.
package struct DiagnosticReport: Sendable {
  /// Sorted by file, place, severity and code; the placeless ones first.
  package let diagnostics: [Diagnostic]
  package let catalog: SourceCatalog

  package init(_ diagnostics: [Diagnostic], catalog: SourceCatalog) {
    self.catalog = catalog
    self.diagnostics = diagnostics.sorted { left, right in
      switch (left.span, right.span) {
      case (nil, .some): return true
      case (.some, nil): return false
      case (let leftSpan?, let rightSpan?) where leftSpan != rightSpan:
        if leftSpan.file == rightSpan.file { return leftSpan < rightSpan }
        let leftPath = catalog.path(leftSpan.file)
        let rightPath = catalog.path(rightSpan.file)
        if leftPath != rightPath { return leftPath.utf8.lexicographicallyPrecedes(rightPath.utf8) }
        return leftSpan < rightSpan
      default: break
      }
      if left.severity != right.severity { return left.severity < right.severity }
      return (left.code, left.message) < (right.code, right.message)
    }
  }

  /// How many there are of a severity.
  package func count(_ severity: Diagnostic.Severity) -> Int {
    diagnostics.reduce(0) { $0 + ($1.severity == severity ? 1 : 0) }
  }

  /// `2 errors, 1 warning`; empty when there is nothing.
  package var summary: String {
    let words: [(Diagnostic.Severity, String)] = [
      (.error, "error"), (.warning, "warning"), (.note, "note"),
    ]
    return words.compactMap { severity, word in
      let number = count(severity)
      return number == 0 ? nil : "\(number) \(word)\(number == 1 ? "" : "s")"
    }.joined(separator: ", ")
  }
}

extension DiagnosticReport {
  /// The text for people: message, excerpt, carets, hint, other places; a line with the counts.
  ///
  /// The first `limit` are drawn and the rest counted. Colour only repeats what the words say.
  package func text(color: Bool = false, limit: Int = 100) -> String {
    var drawing = Drawing(catalog: catalog, color: color)
    for diagnostic in diagnostics.prefix(limit) { drawing.add(diagnostic) }
    if diagnostics.count > limit {
      drawing.line("… and \(diagnostics.count - limit) more")
    }
    if !diagnostics.isEmpty { drawing.line(summary) }
    return drawing.text
  }
}

/// The text form under construction.
private struct Drawing {
  let catalog: SourceCatalog
  let color: Bool
  var text = ""
  private var tables: [Int32: LineTable] = [:]

  init(catalog: SourceCatalog, color: Bool) {
    self.catalog = catalog
    self.color = color
  }

  mutating func line(_ line: String) { text += line + "\n" }

  mutating func add(_ diagnostic: Diagnostic) {
    let word = diagnostic.severity.rawValue
    let label = paint("\(word)[\(Sanitizer.line(diagnostic.code))]", severity: diagnostic.severity)
    line(place(diagnostic.span) + label + ": " + Sanitizer.line(diagnostic.message))
    let hint = diagnostic.hint.map { Sanitizer.line($0) }
    if !excerpt(diagnostic.span, severity: diagnostic.severity, beside: hint), let hint {
      line("      = " + hint)
    }
    for related in diagnostic.related {
      line(place(related.span) + "note: " + Sanitizer.line(related.message))
      _ = excerpt(related.span, severity: .note, beside: nil)
    }
  }

  /// `path:line:col: `, or nothing; a path can begin no command of a CI system.
  private func place(_ span: SourceSpan?) -> String {
    guard let span else { return "" }
    let path = Sanitizer.line(catalog.path(span.file))
    let prefix = path.hasPrefix("::") || path.hasPrefix("##") ? "./" : ""
    return "\(prefix)\(path):\(span.line):\(span.column): "
  }

  private mutating func excerpt(
    _ span: SourceSpan?, severity: Diagnostic.Severity, beside hint: String?
  ) -> Bool {
    guard let span, let source = catalog.source(span.file) else { return false }
    let lines = tables[span.file] ?? LineTable(source.bytes)
    tables[span.file] = lines
    let masks = catalog.masks[span.file] ?? []
    guard let excerpt = Excerpt(span, source: source, lines: lines, masks: masks) else {
      return false
    }
    let number = String(span.line)
    line(String(repeating: " ", count: max(0, 5 - number.count)) + number + " | " + excerpt.text)
    let gutter = String(repeating: " ", count: max(5, number.count)) + " | "
    let carets = paint(excerpt.carets, severity: severity)
    line(gutter + carets + (hint.map { " " + $0 } ?? ""))
    return true
  }

  private func paint(_ text: String, severity: Diagnostic.Severity) -> String {
    guard color else { return text }
    let code =
      switch severity {
      case .error: "31"
      case .warning: "33"
      case .note: "36"
      }
    return "\u{1B}[1;\(code)m\(text)\u{1B}[0m"
  }
}
