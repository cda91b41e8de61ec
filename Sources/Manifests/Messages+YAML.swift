import Diagnostics

/// What is wrong with YAML.
extension Messages {
  static func syntax(_ problem: String, at span: SourceSpan) -> Diagnostic {
    error(.syntax, "this is no YAML: \(problem)", at: span)
  }

  static func valueNotAllowed(at span: SourceSpan) -> Diagnostic {
    error(
      .valueNotAllowed, "a second ':' is not allowed here", at: span,
      hint: "put the value in quotes, or begin a new line")
  }

  static func missingSpace(at span: SourceSpan) -> Diagnostic {
    error(
      .missingSpace, "expected 'key: value', found a colon without a space", at: span,
      hint: "add a space after the colon")
  }

  static func expectedColon(at span: SourceSpan) -> Diagnostic {
    error(.syntax, "expected 'key: value', found no colon", at: span)
  }

  static func unexpectedText(at span: SourceSpan) -> Diagnostic {
    error(.syntax, "expected a key or the end of the value, found something else", at: span)
  }

  static func indentation(found: Int, expected: [String], at span: SourceSpan) -> Diagnostic {
    let list =
      expected.count > 1
      ? expected.dropLast().joined(separator: ", ") + " or " + (expected.last ?? "")
      : expected.first ?? "0"
    return error(
      .indentation, "expected an indentation of \(list), found \(found)", at: span,
      hint: "align the line with the block it belongs to")
  }

  static func unclosed(_ opener: String, at span: SourceSpan, stopped: SourceSpan) -> Diagnostic {
    let closing = opener == "[" ? "]" : "}"
    return error(
      .unclosed, "'\(opener)' is not closed", at: span,
      related: first(stopped, "expected ',' or '\(closing)' before this"))
  }

  static func unexpectedClosing(_ found: String, at span: SourceSpan) -> Diagnostic {
    error(.unexpectedClosing, "unexpected '\(found)'", at: span)
  }

  static func itemInMapping(at span: SourceSpan) -> Diagnostic {
    error(.itemsAndKeysMixed, "expected a key, found a list item inside a mapping", at: span)
  }

  static func keyInSequence(at span: SourceSpan) -> Diagnostic {
    error(.itemsAndKeysMixed, "expected a list item, found a key inside a list", at: span)
  }

  static func unknownEscape(at span: SourceSpan) -> Diagnostic {
    error(
      .unknownEscape, "unknown escape in a quoted text", at: span,
      hint: #"YAML has \\ \" \/ \n \t \r \0 \xNN \uNNNN \UNNNNNNNN; write \\ for a backslash"#)
  }

  static func versionDirective(_ version: String, at span: SourceSpan) -> Diagnostic {
    error(
      .versionDirective, "expected YAML 1.2, found a directive for another version", at: span,
      hint: "remove the directive")
  }

  static func tagDirective(at span: SourceSpan) -> Diagnostic {
    error(.otherDirective, "tag directives are not supported", at: span, hint: "remove it")
  }

  static func unknownDirective(at span: SourceSpan) -> Diagnostic {
    error(
      .otherDirective, "unknown or malformed directive", at: span,
      hint: "a value that begins with '%' needs quotes")
  }

  static func unknownAlias(
    _ name: String, among names: [String], at span: SourceSpan
  ) -> Diagnostic {
    error(
      .unknownAlias, "alias \(quoted(name)) is not defined", at: span,
      hint: didYouMean(name, among: names).map { "did you mean '*\($0)'?" })
  }

  static func unusedAnchor(at span: SourceSpan) -> Diagnostic {
    warning(.unusedAnchor, "this anchor is never used", at: span)
  }

  static func aliasOfAncestor(
    _ name: String, at span: SourceSpan, anchor: SourceSpan?
  ) -> Diagnostic {
    error(
      .aliasOfAncestor, "alias \(quoted(name)) stands inside of what it stands for", at: span,
      related: anchor.map { first($0, "defined here") } ?? [])
  }

  static func anchorRedefined(
    _ name: String, at span: SourceSpan, first place: SourceSpan
  ) -> Diagnostic {
    error(
      .anchorRedefined, "anchor \(quoted(name)) is defined twice", at: span,
      hint: "rename one of them", related: first(place, "first defined here"))
  }

  static func duplicateKey(
    _ key: String, at span: SourceSpan, first place: SourceSpan
  ) -> Diagnostic {
    error(
      .duplicateKey, "duplicate key \(quoted(key))", at: span, hint: "delete one of them",
      related: first(place, "first written here"))
  }

  static func lookAlikeKeys(
    _ key: String, at span: SourceSpan, first place: SourceSpan
  ) -> Diagnostic {
    error(
      .lookAlikeKeys, "this key looks like another one and has different characters", at: span,
      hint: "it is \(escapedASCII(key))", related: first(place, "the other one"))
  }

  /// A text with everything that is not ASCII by number.
  static func escapedASCII(_ text: String) -> String {
    let shown = text.unicodeScalars.prefix(60)
    return shown.map { $0.isASCII ? String($0) : Sanitizer.escaped($0) }.joined()
  }

  static func mergeTwice(at span: SourceSpan, first place: SourceSpan) -> Diagnostic {
    error(
      .mergeTwice, "'<<' stands twice in this mapping", at: span,
      hint: "write <<: [*a, *b]", related: first(place, "first written here"))
  }

  static func mergeOfNoMapping(at span: SourceSpan) -> Diagnostic {
    error(.mergeOfNoMapping, "'<<' expects a mapping, or a list of mappings", at: span)
  }

  static func mergeOverridden(
    _ key: String, at span: SourceSpan, merged: SourceSpan
  ) -> Diagnostic {
    Diagnostic(
      .note, ManifestCode.mergeOverridden.text,
      "\(quoted(key)) replaces the value that '<<' brings", at: span,
      related: first(merged, "the value that is replaced"))
  }

  static func keyIsNoText(at span: SourceSpan) -> Diagnostic {
    error(.keyIsNoText, "expected a text as key, found something else", at: span)
  }

  static func emptyKey(at span: SourceSpan) -> Diagnostic {
    error(.emptyKey, "there is no key before ':'", at: span)
  }

  static func blockHeader(at span: SourceSpan, stopped: SourceSpan) -> Diagnostic {
    error(
      .blockHeader, "invalid header of a block scalar", at: span,
      hint: "after '|' or '>' may stand an indentation of 1 to 9 and '+' or '-'",
      related: first(stopped, "it goes wrong here"))
  }

  static func unterminatedText(at span: SourceSpan, stopped: SourceSpan) -> Diagnostic {
    error(.unterminatedText, "the quoted text that starts here is not closed", at: span)
  }

  static func tab(at span: SourceSpan) -> Diagnostic {
    error(.tab, "expected spaces, found a tab", at: span, hint: "indent with spaces")
  }

  static func tag(at span: SourceSpan) -> Diagnostic {
    error(.tag, "tags are not supported", at: span, hint: "remove it")
  }

  static func reservedCharacter(_ found: String, at span: SourceSpan) -> Diagnostic {
    error(
      .reservedCharacter, "a value cannot begin with '\(found)'", at: span,
      hint: "put the value in quotes")
  }

  static func expectedSeparator(at span: SourceSpan) -> Diagnostic {
    error(
      .expectedSeparator, "expected '---' before a new document", at: span,
      hint: "separate documents with a line of three hyphens")
  }
}
