import Diagnostics

/// What is wrong with policies.
extension Messages {
  static func unknownRule(_ name: String, among known: [String], at span: SourceSpan)
    -> Diagnostic
  {
    error(
      .unknownRule, "there is no rule \(quoted(name))", at: span,
      hint: didYouMean(name, among: known).map { "did you mean '\($0)'?" }
        ?? "docs/policies.md lists all rules")
  }

  static func noDate(_ text: String, at span: SourceSpan) -> Diagnostic {
    error(
      .noDate, "expected a day such as 2027-01-31, found \(quoted(text))", at: span)
  }

  static func emptyBounds(_ least: String, _ most: String, at span: SourceSpan) -> Diagnostic {
    error(.outOfBounds, "expected min to be at most max (\(most)), found \(least)", at: span)
  }

  static func noPattern(_ text: String, at span: SourceSpan) -> Diagnostic {
    error(.noPattern, "expected a regular expression, found \(quoted(text))", at: span)
  }
}
