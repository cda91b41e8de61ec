import Diagnostics
import JSON
import ResourceModel

/// What is wrong with fields and their values: expected before found.
extension Messages {
  static func unknownField(_ key: String, in what: String, at span: SourceSpan, hint: String?)
    -> Diagnostic
  {
    error(.unknownField, "unknown field \(quoted(key)) in \(what)", at: span, hint: hint)
  }

  static func misplacedField(_ message: String, at span: SourceSpan, hint: String?) -> Diagnostic {
    error(.misplacedField, message, at: span, hint: hint)
  }

  static func wrongType(
    _ expected: String, _ found: String, at span: SourceSpan, hint: String? = nil
  ) -> Diagnostic {
    error(.wrongType, "expected \(expected), found \(found)", at: span, hint: hint)
  }

  static func listOrMapping(
    _ type: ValueType, _ found: String, at span: SourceSpan, hint: String? = nil
  ) -> Diagnostic {
    error(.listOrMapping, "expected \(type.expectation), found \(found)", at: span, hint: hint)
  }

  static func expectedMapping(
    _ found: String, word: String?, at span: SourceSpan, hint: String? = nil
  ) -> Diagnostic {
    let expected = "a mapping" + (word.map { " or '\($0)'" } ?? "")
    return error(.listOrMapping, "expected \(expected), found \(found)", at: span, hint: hint)
  }

  static func expectedList(_ found: String, at span: SourceSpan) -> Diagnostic {
    error(
      .listOrMapping, "expected a list, found \(found)", at: span,
      hint: "begin every item with '- '")
  }

  static func outOfBounds(_ type: ValueType, _ found: String, at span: SourceSpan) -> Diagnostic {
    error(.outOfBounds, "expected \(type.expectation), found \(found)", at: span)
  }

  /// An integer above the largest one, which the type's own words may leave out.
  static func tooLarge(_ largest: UInt64, _ found: String, at span: SourceSpan) -> Diagnostic {
    error(.outOfBounds, "expected an integer of at most \(largest), found \(found)", at: span)
  }

  static func numberOutOfRange(at span: SourceSpan) -> Diagnostic {
    error(.numberOutOfRange, "the number is out of range", at: span)
  }

  static func notFinite(at span: SourceSpan) -> Diagnostic {
    error(.notFinite, "expected a finite number", at: span)
  }

  static func badDuration(_ found: String, at span: SourceSpan) -> Diagnostic {
    error(
      .badDuration, "expected \(ValueType.duration.expectation), found \(found)", at: span,
      hint: "write a number with a unit, and nothing else: 30s, 5m, 2h, 7d; at least 1s")
  }

  static func tooLong(_ most: String, _ found: String, at span: SourceSpan) -> Diagnostic {
    error(.outOfBounds, "expected a duration of at most \(most), found \(found)", at: span)
  }

  private static let yes: Set<String> = ["y", "yes", "on", "true"]
  private static let no: Set<String> = ["n", "no", "off", "false"]

  static func noBoolean(_ text: String, quoted isQuoted: Bool, at span: SourceSpan) -> Diagnostic {
    let word = text.lowercased()
    let meant = yes.contains(word) ? "true" : no.contains(word) ? "false" : nil
    let message = "expected true or false, found the text \(quoted(text))"
    guard let meant else { return error(.wrongType, message, at: span) }
    if isQuoted, word == meant {
      return error(.quotedValue, message, at: span, hint: "remove the quotes")
    }
    return error(
      .booleanWord, message, at: span, hint: "write \(meant); in YAML 1.2 this word is a text")
  }

  static func noNumber(
    _ type: ValueType, _ text: String, quoted isQuoted: Bool, at span: SourceSpan
  ) -> Diagnostic {
    let isDecimal = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    if isQuoted, isDecimal {
      return error(
        .quotedValue, "expected \(type.expectation), found the text \(quoted(text))", at: span,
        hint: "remove the quotes")
    }
    if case .integerOr(let word, _) = type, !text.utf8.contains(where: { $0 < 0x3A }) {
      return unknownWord(type, text, [word], at: span)
    }
    let first = text.utf8.first ?? 0x20
    let isNumeric = (0x30...0x39).contains(first) || first == 0x2B || first == 0x2D || first == 0x2E
    if isNumeric, case .number = type {
      return error(.wrongType, "expected a decimal number, found \(quoted(text))", at: span)
    }
    return isNumeric
      ? error(
        .notDecimalInteger, "expected a decimal integer, found \(quoted(text))", at: span,
        hint: "write digits only")
      : error(
        .wrongType, "expected \(type.expectation), found the text \(quoted(text))", at: span)
  }

  static func unknownWord(
    _ type: ValueType, _ text: String, _ words: [String], at span: SourceSpan
  ) -> Diagnostic {
    error(
      .unknownWord, "expected \(type.expectation), found \(quoted(text))", at: span,
      hint: didYouMean(text, among: words).map { "did you mean '\($0)'?" })
  }

  static func missingValue(at span: SourceSpan, hint: String?) -> Diagnostic {
    error(.missingValue, "the value is missing", at: span, hint: hint)
  }

  static func missingItem(at span: SourceSpan) -> Diagnostic {
    error(.missingValue, "the item is empty", at: span)
  }

  static func cannotUnset(_ row: FieldSpec, at span: SourceSpan) -> Diagnostic {
    let hint: String
    switch (row.type, row.unset) {
    case (.word(let word), _), (.integerOr(let word, _), _): hint = "write \(word)"
    case (_, .equals(let value)):
      hint = "write \(value.text()), which means the same as absence"
    case (_, .sameAs(let other)): hint = "write the value of \(other)"
    default: hint = "leave the line out to stop managing the field"
    }
    return error(
      .cannotUnset, "null does not unset this field: a server keeps its value", at: span,
      hint: hint)
  }

  static func missingField(
    _ key: String, type: ValueType?, at span: SourceSpan, hint: String? = nil
  ) -> Diagnostic {
    error(
      .missingField, "missing \(quoted(key))", at: span,
      hint: hint ?? type.map { "it takes \($0.expectation)" })
  }

  static func exclusive(
    _ key: String, _ names: [String], at span: SourceSpan, first place: SourceSpan
  ) -> Diagnostic {
    error(
      .exclusive, "only one of \(names.joined(separator: ", ")) may be given", at: span,
      hint: "keep one of them", related: first(place, "the first one"))
  }

  static func noneOf(_ names: [String], at span: SourceSpan) -> Diagnostic {
    error(
      .missingField, "expected one of \(names.joined(separator: ", ")), found nothing", at: span)
  }

  static func reservedKey(_ key: String, at span: SourceSpan) -> Diagnostic {
    error(
      .reservedKey, "the key \(quoted(key)) is reserved for the ownership mark", at: span,
      hint: "use another key")
  }

  static func unnamedAndNamed(_ key: String, at span: SourceSpan, unnamed: SourceSpan)
    -> Diagnostic
  {
    error(
      .unnamedAndNamed, "the unnamed vector and a named one cannot stand together", at: span,
      hint: "give every vector a name", related: first(unnamed, "this makes it the unnamed one"))
  }

  static func notAMapping(_ found: String, at span: SourceSpan) -> Diagnostic {
    error(
      .notAMapping, "expected a mapping with 'kind' and 'name', found \(found)", at: span)
  }

  static func missingKind(_ kinds: [String], at span: SourceSpan) -> Diagnostic {
    error(
      .unknownKind, "missing 'kind'", at: span, hint: "one of " + kinds.joined(separator: ", "))
  }

  static func unknownKind(_ found: String, _ kinds: [String], at span: SourceSpan) -> Diagnostic {
    let near = didYouMean(found, among: kinds).map { "did you mean '\($0)'?" }
    return error(
      .unknownKind, "expected one of \(kinds.joined(separator: ", ")), found \(quoted(found))",
      at: span, hint: near)
  }

  static func notSupportedYet(_ what: String, at span: SourceSpan) -> Diagnostic {
    error(.notSupportedYet, "\(what) is not supported yet by this version", at: span)
  }

  static func literalSecret(at span: SourceSpan) -> Diagnostic {
    error(
      .literalSecret, "a secret cannot stand in a manifest", at: span,
      hint: "refer to it: {env: NAME} or {file: PATH}")
  }

  static func tlsVerification(at span: SourceSpan) -> Diagnostic {
    error(
      .tlsVerification, "the check of certificates cannot be turned off", at: span,
      hint: "name the authority that signed the server's certificate: tls: {ca_file: ca.pem}")
  }
}
