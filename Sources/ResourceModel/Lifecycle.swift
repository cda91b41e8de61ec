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
  /// Everything that was written, by the keys of `lifecycle`: what a refusal tells the source of.
  package var written: [DesiredField] = []

  /// A part that is checked, kept as it is written, and read by the planner, which refuses what is
  /// not built yet.
  package struct Later: Sendable, Hashable {
    package var key: String
    package var value: JSONValue
    package var provenance: Provenance

    /// Where the value stands.
    package var span: SourceSpan { provenance.span }

    package init(key: String, value: JSONValue, provenance: Provenance) {
      self.key = key
      self.value = value
      self.provenance = provenance
    }
  }

  package init() {}

  /// Who says a key of `lifecycle`, when anybody does.
  package func provenance(of key: String) -> Provenance? {
    written.first { $0.path == FieldPath(key) }?.provenance
  }
}
