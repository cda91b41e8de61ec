import Diagnostics
import JSON
import QdrantSchema
import ResourceModel
import TestSupport

/// Makes collections that a standalone server of one version can hold, over every row.
package struct RandomCollections {
  package let schema = QdrantResources.schema
  package let version: ServerVersion
  package var random: SeededRandom
  /// How likely an optional field is mentioned.
  package var density = 0.25
  package static let span = SourceSpan(file: 0, line: 1, column: 1, endLine: 1, endColumn: 2)

  package init(seed: UInt64, version: ServerVersion = ServerVersion(1, 18, 3)) {
    random = SeededRandom(seed)
    self.version = version
  }

  private func isKnown(_ row: FieldSpec) -> Bool {
    row.since.map { $0 <= version } ?? true && row.removedIn.map { version < $0 } ?? true
  }

  /// A collection of that name; `like` keeps what cannot be changed of another one.
  package mutating func collection(_ name: String, like other: DesiredResource? = nil)
    -> DesiredResource
  {
    let address = ResourceAddress.collection(ExactString(name), cluster: "c")
    var fields: [DesiredField] = []
    var elements = other?.elements ?? randomElements()
    let rows = schema.kinds[.collection]?.rows ?? []
    if let other {
      fields = other.fields.filter { rows[$0.row].mutability == .replace }
    }
    for (index, row) in rows.enumerated() where isKnown(row) && row.block == nil {
      if other != nil, row.mutability == .replace { continue }
      for path in paths(row, elements) {
        let isRequired = row.presence == .required
        guard isRequired || random.chance(density) else { continue }
        fields.append(field(path, index, row))
      }
    }
    fields += blocks(rows, elements, isChange: other != nil)
    elements.sort { $0.path < $1.path }
    var collection = DesiredResource(
      address: address, span: RandomCollections.span,
      fields: fields.sorted { $0.path < $1.path }, elements: elements)
    collection.children = indexes(address) + aliases(address)
    collection.listedChildren = [.index: RandomCollections.span, .alias: RandomCollections.span]
    keepLimit(of: other, in: &collection)
    makeConsistent(&collection, isChange: other != nil)
    return collection
  }

  package func field(_ path: FieldPath, _ row: Int, _ value: JSONValue) -> DesiredField {
    DesiredField(
      path: path, value: value, row: row, provenance: Provenance(RandomCollections.span))
  }

  private mutating func field(_ path: FieldPath, _ index: Int, _ row: FieldSpec) -> DesiredField {
    field(path, index, value(row.type, row))
  }

  /// The places where a row can stand, given the vectors that there are.
  private mutating func paths(_ row: FieldSpec, _ elements: [DesiredElement]) -> [FieldPath] {
    if let fixed = row.path.fixedPath { return [fixed] }
    let container = row.path.segments.first
    if container == .key("metadata") {
      let keys = ["team", "owner.name", "rev", "café", "_"].filter { _ in random.chance(0.3) }
      return keys.map { row.path.path(names: [ExactString($0)]) }
    }
    return elements.filter { element in
      row.path.description.hasPrefix(element.path.segments[0].string + ".")
    }.map { row.path.path(names: [$0.name]) }
  }

  private mutating func randomElements() -> [DesiredElement] {
    var elements: [DesiredElement] = []
    func element(_ container: String, _ name: String, _ kind: ResourceKind) -> DesiredElement {
      DesiredElement(
        path: FieldPath([ExactString(container), ExactString(name)]), kind: kind,
        isPresent: true, span: RandomCollections.span)
    }
    switch Int.random(in: 0..<4, using: &random) {
    case 0: elements.append(element("vectors", "", .vector))
    case 1: break
    default:
      for name in ["dense", "size", "a b"] where random.chance(0.6) {
        elements.append(element("vectors", name, .vector))
      }
    }
    for name in ["bm25", "splade.v2"] where random.chance(0.4) {
      elements.append(element("sparse_vectors", name, .sparseVector))
    }
    return elements
  }

  /// Parts that are written as a whole: one alternative with its required keys.
  private mutating func blocks(
    _ rows: [FieldSpec], _ elements: [DesiredElement], isChange: Bool
  ) -> [DesiredField] {
    var fields: [DesiredField] = []
    let known = rows.enumerated().filter { entry in
      isKnown(entry.element) && entry.element.block != nil
        && !(isChange && entry.element.mutability == .replace)
    }
    let groups = Dictionary(grouping: known, by: { $0.element.block?.description ?? "" })
    for (name, members) in groups.sorted(by: { $0.key < $1.key }) {
      let root = FieldPattern(name)
      let sample = FieldSpec(
        root, .any, mutability: .inPlace, wire: nil, summary: "")
      for path in paths(sample, elements) {
        let isRequired =
          members.contains { $0.element.presence == .required }
          && !members.contains { $0.element.type == .object }
        guard isRequired || random.chance(0.4) else { continue }
        fields += block(at: path, root, members)
      }
    }
    return fields
  }

  private mutating func block(
    at path: FieldPath, _ root: FieldPattern, _ members: [(offset: Int, element: FieldSpec)]
  ) -> [DesiredField] {
    let markers = members.filter { $0.element.type == .object && $0.element.path != root }
    if let whole = members.first(where: { $0.element.type == .object && $0.element.path == root }) {
      return [field(path, whole.offset, [:])]
        + plainBlock(path, members.filter { $0.offset != whole.offset })
    }
    let names = path.segments.count > 1 ? [path.segments[1]] : []
    func place(_ row: FieldSpec) -> FieldPath { row.path.path(names: names) }
    guard
      let marker = markers.sorted(by: { $0.offset < $1.offset })
        .randomElement(using: &random)
    else { return plainBlock(path, members) }
    if let word = members.first(where: { $0.element.path == root }), random.chance(0.2) {
      return [field(place(word.element), word.offset, .string("disabled"))]
    }
    var fields = [field(place(marker.element), marker.offset, [:])]
    for member in members.sorted(by: { $0.offset < $1.offset })
    where member.element.path.isWithin(marker.element.path)
      && member.element.path != marker.element.path
    {
      if member.element.presence == .required || random.chance(0.5) {
        fields.append(field(place(member.element), member.offset, member.element))
      }
    }
    return fields
  }

  /// A block without alternatives: a map by names, or a few keys.
  private mutating func plainBlock(
    _ path: FieldPath, _ members: [(offset: Int, element: FieldSpec)]
  ) -> [DesiredField] {
    var fields: [DesiredField] = []
    for member in members.sorted(by: { $0.offset < $1.offset }) {
      let row = member.element
      let open = row.path.segments.filter { $0 == .name }.count
      let given =
        path.segments.count > 1 && path.segments[0] != "strict_mode_config"
        ? [path.segments[1]] : []
      if open > given.count {
        for name in ["dense", "other"] where random.chance(0.6) {
          fields.append(
            field(row.path.path(names: given + [ExactString(name)]), member.offset, row))
        }
      } else if row.presence == .required || random.chance(0.7) {
        fields.append(field(row.path.path(names: given), member.offset, row))
      }
    }
    return fields
  }
}
