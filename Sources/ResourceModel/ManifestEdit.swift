package import Diagnostics
package import JSON

/// A change of a manifest's text by its meaning: a key that is to have a value.
///
/// What it does to the text, and whether it can be done without touching anything else, is the
/// business of whoever knows the text.
package struct ManifestEdit: Sendable, Hashable {
  /// Where the name of the document stands that is to change.
  package var document: SourceSpan
  /// The keys from the root of the document.
  package var path: FieldPath
  package var value: JSONValue
  /// So many of the keys must be there already: an edit makes no vectors and no indexes.
  package var existing: Int
  /// The key that a scalar in place of the last mapping stands for: `category: keyword` is short
  /// for `category: {type: keyword}`.
  package var shortField: String?

  package init(
    document: SourceSpan, path: FieldPath, value: JSONValue, existing: Int = 0,
    shortField: String? = nil
  ) {
    self.document = document
    self.path = path
    self.value = value
    self.existing = existing
    self.shortField = shortField
  }
}
