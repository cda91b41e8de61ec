import Diagnostics

/// What is found wrong while manifests are read: collected, never thrown.
struct Findings {
  var diagnostics: [Diagnostic] = []
  /// Places whose text must not be drawn.
  var masks: [SourceSpan] = []
  /// Whether a text could not be read to its end, so that what it declares is not known.
  var isIncomplete = false

  mutating func add(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

  var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
