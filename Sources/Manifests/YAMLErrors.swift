import CYAML
import Diagnostics

/// libyaml's errors in our words: what is wrong with this text, at the place where it can be
/// mended.
extension YAMLReader {
  /// The diagnostic for the error in which the parser stands.
  func syntaxError(_ parser: yaml_parser_t) -> Diagnostic {
    let problem = parser.problem.map { String(cString: $0) } ?? "it cannot be read"
    let context = parser.context.map { String(cString: $0) } ?? ""
    let error = Failure(
      problem: problem, context: context, line: Int(clamping: parser.problem_mark.line) + 1,
      column: Int(clamping: parser.problem_mark.column) + 1,
      contextLine: Int(clamping: parser.context_mark.line) + 1,
      contextColumn: Int(clamping: parser.context_mark.column) + 1)
    return known(error) ?? Messages.syntax(problem, at: clamped(error.line, error.column))
  }

  /// What libyaml says.
  private struct Failure {
    var problem: String
    var context: String
    var line: Int
    var column: Int
    var contextLine: Int
    var contextColumn: Int
  }

  private func known(_ error: Failure) -> Diagnostic? {
    let here = clamped(error.line, error.column)
    let opener = clamped(error.contextLine, error.contextColumn)
    switch error.problem {
    case "mapping values are not allowed in this context":
      return missingSpace(error) ?? Messages.valueNotAllowed(at: here)
    case "could not find expected ':'":
      return missingSpace(error) ?? Messages.expectedColon(at: opener)
    case "found unknown escape character":
      return Messages.unknownEscape(at: clamped(error.line, error.column, length: 2))
    case "did not find expected ',' or ']'", "did not find expected ',' or '}'":
      return Messages.unclosed(
        error.problem.hasSuffix("']'") ? "[" : "{", at: opener, stopped: here)
    case "found unexpected end of stream", "found unexpected document indicator":
      return Messages.unterminatedText(at: opener, stopped: here)
    case "found unknown directive name", "could not find expected directive name",
      "found duplicate %YAML directive", "found duplicate %TAG directive",
      "did not find expected version number", "found extremely long version number":
      return Messages.unknownDirective(at: opener)
    case "found incompatible YAML document":
      return Messages.versionDirective("", at: here)
    case "found undefined tag handle", "did not find expected tag URI":
      return Messages.tag(at: here)
    case "did not find expected <document start>":
      return closing(error) ?? Messages.expectedSeparator(at: here)
    default: return knownByContext(error, here, opener)
    }
  }

  private func knownByContext(
    _ error: Failure, _ here: SourceSpan, _ opener: SourceSpan
  ) -> Diagnostic? {
    if error.problem.hasPrefix("found a tab character") { return Messages.tab(at: here) }
    if error.context == "while scanning a block scalar" {
      return Messages.blockHeader(at: opener, stopped: here)
    }
    if error.problem == "found character that cannot start any token" {
      let found = scalar(at: error)
      if found == "\t" { return Messages.tab(at: here) }
      return Messages.reservedCharacter(found.map { String($0) } ?? "", at: here)
    }
    if error.problem.hasSuffix("not allowed in this context") {
      return scalar(at: error) == "-" ? Messages.itemInMapping(at: here) : nil
    }
    if let closing = closing(error) { return closing }
    if error.problem == "did not find expected node content", let opener = openBracket(),
      scalar(at: error) == nil
    {
      return Messages.unclosed(opener.text, at: opener.span, stopped: here)
    }
    if scalar(at: error) == ":" { return Messages.emptyKey(at: here) }
    switch error.problem {
    case "did not find expected key": return expectedKey(error, here)
    case "did not find expected '-' indicator":
      return isOpenColumn(error.column) ? Messages.keyInSequence(at: here) : dedent(error, here)
    default: return nil
    }
  }

  /// A `]` or `}` where none can stand.
  private func closing(_ error: Failure) -> Diagnostic? {
    guard let found = scalar(at: error), found == "]" || found == "}" else { return nil }
    return Messages.unexpectedClosing(String(found), at: clamped(error.line, error.column))
  }

  /// The innermost `[` or `{` that is open.
  private func openBracket() -> (text: String, span: SourceSpan)? {
    guard let frame = frames.last else { return nil }
    let node = tree.nodes[Int(frame.node)]
    let line = lineText(Int(node.line))
    guard let found = line.dropFirst(Int(node.column) - 1).first, found == "[" || found == "{"
    else { return nil }
    return (String(found), place(Int(node.line), Int(node.column)))
  }

  /// Within a block mapping something else than a key: a list item, an empty key, a wrong column.
  private func expectedKey(_ error: Failure, _ here: SourceSpan) -> Diagnostic {
    let line = lineText(error.line)
    let rest = line.dropFirst(error.column - 1)
    let isFirst = line.prefix(error.column - 1).allSatisfy { $0 == " " }
    if isFirst, !isOpenColumn(error.column) {
      return missingSpace(error) ?? dedent(error, here)
    }
    if rest.first == "-", rest.dropFirst().first.map({ $0 == " " }) ?? true {
      return Messages.itemInMapping(at: here)
    }
    return Messages.unexpectedText(at: here)
  }

  private func dedent(_ error: Failure, _ here: SourceSpan) -> Diagnostic {
    let columns = openColumns.map { String($0 - 1) }
    return Messages.indentation(found: error.column - 1, expected: columns, at: here)
  }

  /// The columns at which open block collections stand.
  private var openColumns: [Int] {
    var columns: [Int] = []
    for frame in frames {
      let column = Int(tree.nodes[Int(frame.node)].column)
      if columns.last.map({ $0 < column }) ?? true { columns.append(column) }
    }
    return columns
  }

  private func isOpenColumn(_ column: Int) -> Bool { openColumns.contains(column) }

  private func scalar(at error: Failure) -> Unicode.Scalar? {
    lineText(error.line).dropFirst(error.column - 1).first
  }

  /// `size:384`: a scalar with a colon and no space, on the line of the error or the one before.
  private func missingSpace(_ error: Failure) -> Diagnostic? {
    guard lastScalar >= 0, Int(lastScalar) < tree.nodes.count else { return nil }
    let node = tree.nodes[Int(lastScalar)]
    for number in Set([Int(node.line), error.line, error.line - 1]).sorted() {
      let line = lineText(number)
      guard let start = line.firstIndex(where: { $0 != " " && $0 != "-" }) else { continue }
      let token = line[start...].prefix { $0 != " " && $0 != "\t" }
      if YAMLReader.lacksSpace(token) {
        return Messages.missingSpace(at: place(number, start + 1, length: token.count))
      }
    }
    return nil
  }

  /// Whether a token is `word:something`.
  static func lacksSpace(_ token: some BidirectionalCollection<Unicode.Scalar>) -> Bool {
    guard let colon = token.firstIndex(of: ":"), colon != token.startIndex else { return false }
    let after = token.index(after: colon)
    guard after != token.endIndex, token[after] != "/", token[after] != ":" else { return false }
    return token[..<colon].allSatisfy {
      $0 == "_" || $0 == "-" || ("a"..."z").contains($0) || ("A"..."Z").contains($0)
    }
  }

  /// A place that surely lies in the text.
  private func clamped(_ line: Int, _ column: Int, length: Int = 1) -> SourceSpan {
    line > Int(last.line)
      ? place(Int(last.line), Int(last.column))
      : place(max(1, line), max(1, column), length: length)
  }
}
