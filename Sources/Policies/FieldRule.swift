import Diagnostics
import JSON
import ResourceModel

/// A rule about the value of one field of a collection, wherever the field is mounted.
struct FieldRule: CollectionRule {
  let spec: PolicyRuleSpec
  /// Where the field stands; the first is the collection's own and has no name in it when the
  /// field must be said.
  let patterns: [FieldPattern]
  let demand: Demand
  /// Whether a manifest that does not say it violates the rule.
  var isRequired = false
  /// A newer field that says the same when it has that value.
  var substitute: (path: FieldPath, value: JSONValue)?

  init(
    _ patterns: FieldPattern..., demand: Demand, isRequired: Bool = false,
    substitute: (path: FieldPath, value: JSONValue)? = nil, _ spec: PolicyRuleSpec
  ) {
    self.patterns = patterns
    self.demand = demand
    self.isRequired = isRequired
    self.substitute = substitute
    self.spec = spec
  }

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    if let substitute, let field = collection.field(substitute.path) {
      // The newer field overrides the older one on servers that know it.
      if field.value == substitute.value { return [] }
      return [
        PolicyViolation(
          collection.address, path: field.path, at: field.provenance,
          "expected \(field.path) to be \(substitute.value.string ?? substitute.value.text()), "
            + "found \(field.value.string ?? field.value.text())",
          fix: spec.hasFix ? collection.edit(field.path, substitute.value, instead: field) : nil)
      ]
    }
    var found: [PolicyViolation] = []
    if isRequired, let path = patterns[0].fixedPath, collection.field(path) == nil {
      found.append(violation(collection, path, nil, settings))
    }
    for field in collection.fields where patterns.contains(where: { $0.matches(field.path) }) {
      if !demand.isSatisfied(by: field.value, settings) {
        found.append(violation(collection, field.path, field, settings))
      }
    }
    return found
  }

  private func violation(
    _ collection: DesiredResource, _ path: FieldPath, _ field: DesiredField?,
    _ settings: PolicySettings
  ) -> PolicyViolation {
    var fix: ManifestEdit?
    if spec.hasFix, let value = demand.nearest(to: field?.value, settings) {
      fix = collection.edit(path, value, instead: field)
    }
    let found = field.map { $0.value.string ?? $0.value.text() } ?? "nothing"
    return PolicyViolation(
      collection.address, path: path, at: field?.provenance ?? collection.provenance,
      "expected \(path) to be \(demand.words(settings)), found \(found)",
      hint: field == nil ? "what no manifest says is whatever the server was configured to" : nil,
      fix: fix)
  }
}

extension FieldPattern {
  /// Whether a path is one of the pattern's.
  func matches(_ path: FieldPath) -> Bool { names(in: path) != nil }
}

extension DesiredResource {
  /// The edit that gives a field of this collection a value: where the value stands now, or in the
  /// collection's own document when nobody says it.
  ///
  /// A value of a class, a tree or an overlay is changed for all that take it, so that whoever
  /// makes the edit has to see whether it is right for each.
  func edit(
    _ path: FieldPath, _ value: JSONValue, instead field: DesiredField?, existing: Int = 0
  ) -> ManifestEdit {
    let said = field?.provenance
    let isOwn = said.map { $0.isOwn && $0.span.file == span.file } ?? true
    return ManifestEdit(
      isOwn ? .document(span) : .value(said?.span ?? span), path: path, value: value,
      existing: max(existing, path.namedParts))
  }

  /// The elements of a kind that are asked to be there.
  func present(_ kind: ResourceKind) -> [DesiredElement] {
    elements.filter { $0.kind == kind && $0.isPresent }
  }

  /// The children of a kind that are asked to be there.
  func presentChildren(_ kind: ResourceKind) -> [DesiredResource] {
    children.filter { $0.address.kind == kind && $0.isPresent }
  }

  /// A vector's own field: `hnsw_config.m` of `dense`.
  func field(of element: DesiredElement, _ dotted: String) -> DesiredField? {
    field(FieldPath(element.path.segments + FieldPath(dotted).segments))
  }

  /// Whether anything is asked for below a path.
  func mentions(below path: FieldPath) -> Bool {
    fields.contains { $0.path != path && $0.path.isWithin(path) }
  }
}

extension FieldPath {
  /// How many leading keys lead to a vector by its name; 0 for other paths.
  fileprivate var namedParts: Int {
    ["vectors", "sparse_vectors"].contains(segments.first?.string) ? 2 : 0
  }
}

extension DesiredElement {
  /// The name for a sentence.
  var title: String { name.string.isEmpty ? "the unnamed vector" : "vector '\(name)'" }

  /// Its address in a collection.
  func address(in collection: ResourceAddress) -> ResourceAddress {
    ResourceAddress(
      kind: kind, collection: collection.collection, name: name, cluster: collection.cluster)
  }
}
