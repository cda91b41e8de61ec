import Diagnostics
import JSON
import ResourceModel

extension DesiredResource {
  /// The value that is asked for at a path without names.
  func value(_ dotted: String) -> JSONValue? { field(FieldPath(dotted))?.value }

  /// A vector's own field: `vectors.dense.hnsw_config.m`.
  func vectorField(_ name: ExactString, _ dotted: String) -> DesiredField? {
    field(FieldPath(["vectors", name] + FieldPath(dotted).segments))
  }

  /// The elements of a kind that are asked to be there.
  func present(_ kind: ResourceKind) -> [DesiredElement] {
    elements.filter { $0.kind == kind && $0.isPresent }
  }

  /// The children of a kind that are asked to be there.
  func presentChildren(_ kind: ResourceKind) -> [DesiredResource] {
    children.filter { $0.address.kind == kind && $0.isPresent }
  }

  /// Whether a quantization is asked for at or below a path.
  func quantizes(at path: FieldPath) -> Bool {
    fields.contains { $0.path.isWithin(path) && $0.path != path }
  }
}

extension DesiredField {
  /// Where the value stands.
  var span: SourceSpan { provenance.span }
}

extension DesiredElement {
  /// The name for a sentence.
  var title: String { name.string.isEmpty ? "the unnamed vector" : "vector '\(name)'" }
}
