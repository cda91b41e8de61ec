package import Diagnostics

/// A law over several fields of one collection that can be told without asking a server.
///
/// Types and bounds of single values are the rows' business; a rule sees what was mentioned, after
/// classes and overlays, and says all that is wrong with it.
package protocol Rule: Sendable {
  /// The stable code of its diagnostics: `M301`.
  var code: String { get }

  /// What is wrong with that collection; empty when all is well.
  func check(_ collection: DesiredResource, schema: ResourceSchema) -> [Diagnostic]
}
