import Diagnostics

/// What is found wrong while manifests are read: collected, never thrown.
struct Findings {
  /// So many are kept; a text with more is no text that a person mends one by one.
  static let limit = 20_000

  var diagnostics: [Diagnostic] = []
  /// Places whose text must not be drawn.
  var masks: [SourceSpan] = []
  /// Whether a text could not be read to its end, so that what it declares is not known.
  var isIncomplete = false
  /// What was added: what stands behind an anchor, or in a class, is met several times.
  private var seen: Set<Diagnostic> = []

  /// Adds one; the one that is too many says that no more are looked for.
  mutating func add(_ diagnostic: Diagnostic) {
    guard seen.insert(diagnostic).inserted else { return }
    if diagnostics.count < Findings.limit {
      diagnostics.append(diagnostic)
    } else if diagnostics.count == Findings.limit {
      diagnostics.append(Messages.tooManyProblems(at: diagnostic.span))
    }
  }

  /// Whether nothing more is looked for.
  var isFull: Bool { diagnostics.count > Findings.limit }
}
