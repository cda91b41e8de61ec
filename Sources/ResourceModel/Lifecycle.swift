package import Diagnostics
package import JSON

/// What a manifest says about a collection's life: how it goes, how it is replaced.
///
/// Decoded whole from the first day; what is asked for and not built yet is a refusal in the plan.
package struct Lifecycle: Sendable {
  /// How a collection goes.
  package enum OnDelete: String, Sendable, CaseIterable { case retire, snapshot, delete, forbid }
  /// How an immutable change is made.
  package enum OnReplace: String, Sendable, CaseIterable { case shadow, recreate, forbid }
  /// What happens to payload indexes and aliases beyond the lists.
  package enum Unlisted: String, Sendable, CaseIterable { case remove, keep }

  package var onDelete: OnDelete = .retire
  /// Nil: shadow when an alias serves the collection, otherwise forbid.
  package var onReplace: OnReplace?
  package var unlisted: Unlisted = .remove
  /// Fields that are not compared.
  package var ignore: [FieldPath] = []
  /// What was written of the gates, and of the parts that later stages build: key, value as
  /// written, place.
  package var later: [Later] = []
  /// Where each key stands, for refusals.
  package var spans: [String: SourceSpan] = [:]

  /// A part that is checked, kept as it is written, and read by the planner, which refuses what is
  /// not built yet.
  package struct Later: Sendable, Hashable {
    package var key: String
    package var value: JSONValue
    package var span: SourceSpan

    package init(key: String, value: JSONValue, span: SourceSpan) {
      self.key = key
      self.value = value
      self.span = span
    }
  }

  package init() {}
}
