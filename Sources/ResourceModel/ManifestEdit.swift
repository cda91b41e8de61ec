package import Diagnostics
package import JSON

/// A change of a manifest's text by its meaning: a key that is to have a value.
///
/// What it does to the text, and whether it can be done without touching anything else, is the
/// business of whoever knows the text.
package struct ManifestEdit: Sendable, Hashable {
  /// What is edited.
  package enum Target: Sendable, Hashable {
    /// The document whose name stands there; a key that it does not have is written.
    case document(SourceSpan)
    /// The value that stands there, in a class, a tree or an overlay, for all that take it.
    case value(SourceSpan)

    /// A place in the text that changes.
    package var span: SourceSpan {
      switch self {
      case .document(let span), .value(let span): span
      }
    }
  }

  package var target: Target
  /// The keys from the root of the resource.
  package var path: FieldPath
  package var value: JSONValue
  /// So many of the keys must be there already: an edit makes no vectors and no indexes.
  package var existing: Int
  /// The key that a scalar in place of the last mapping stands for: `category: keyword` is short
  /// for `category: {type: keyword}`.
  package var shortField: String?

  package init(
    _ target: Target, path: FieldPath, value: JSONValue, existing: Int = 0,
    shortField: String? = nil
  ) {
    self.target = target
    self.path = path
    self.value = value
    self.existing = existing
    self.shortField = shortField
  }
}
