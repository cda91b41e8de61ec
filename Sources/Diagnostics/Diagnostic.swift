/// One thing to tell the person who wrote the manifests, as a value.
///
/// Facts stand here; excerpt, caret and colour are the drawing's. Codes are stable: `M101` stays
/// the unknown field for ever, whatever its words.
package struct Diagnostic: Sendable, Hashable {
  /// How bad it is; only errors stop a plan.
  package enum Severity: String, Sendable, Hashable, Comparable {
    case error, warning, note

    private var rank: Int {
      switch self {
      case .error: 0
      case .warning: 1
      case .note: 2
      }
    }

    package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
  }

  /// Another place that matters: "first declared here".
  package struct Related: Sendable, Hashable {
    package var span: SourceSpan
    package var message: String

    package init(span: SourceSpan, message: String) {
      self.span = span
      self.message = message
    }
  }

  package var severity: Severity
  /// `M101` and the like.
  package var code: String
  /// One sentence without a full stop; what was expected before what was found.
  package var message: String
  /// Where; nil when it concerns no place in a file (an environment variable, say).
  package var span: SourceSpan?
  /// What to do about it.
  package var hint: String?
  package var related: [Related]

  package init(
    _ severity: Severity, _ code: String, _ message: String, at span: SourceSpan?,
    hint: String? = nil, related: [Related] = []
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.span = span
    self.hint = hint
    self.related = related
  }
}
