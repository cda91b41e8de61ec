package import JSON
package import ResourceModel

/// The `path = value` pairs that a mark remembers, and the paths by themselves.
package struct ManagedPairs: Sendable {
  let schema: ResourceSchema

  package init(schema: ResourceSchema) { self.schema = schema }

  /// One pair: `hnsw_config.m=16`, `index/price:type="float"`; an absent value is what it means.
  package func pair(
    _ kind: ResourceKind, child: ExactString?, path: FieldPath, row: Int?, value: JSONValue?
  ) -> String {
    let text: String
    if let row, let rows = schema.kinds[kind]?.rows {
      text = ManagedPairs.text(value, rows, row)
    } else {
      text = ManagedPairs.text(value ?? .null)
    }
    return managed(kind, child: child, path: path) + "=" + text
  }

  /// The path of a pair, which says that the field was managed, whatever its value.
  package func managed(_ kind: ResourceKind, child: ExactString?, path: FieldPath) -> String {
    let place = child.map { "\(kind.rawValue)/\($0):" } ?? ""
    return place + path.description
  }

  /// The value by its meaning. The row is looked at in its place: copying one is not cheap.
  private static func text(_ value: JSONValue?, _ rows: [FieldSpec], _ row: Int) -> String {
    let meaning = value.nonNull ?? rows[row].absentEquals ?? .null
    switch meaning {
    case .number, .bool, .null: return text(meaning)
    default: return text(rows[row].type.canonical(meaning))
    }
  }

  private static func text(_ value: JSONValue) -> String {
    switch value {
    case .number(let number): number.text
    case .bool(let flag): flag ? "true" : "false"
    case .null: "null"
    default: String(decoding: value.canonicalBytes(), as: UTF8.self)
    }
  }

  /// The pair that says that a named part or a child is there.
  package func presence(_ kind: ResourceKind, _ name: ExactString) -> String {
    "\(kind.rawValue)/\(name)"
  }

  /// Whatever a mark remembers of a collection as its manifest asks for it.
  package func pairs(of collection: DesiredResource) -> [String] {
    var pairs = collection.fields.flatMap { remembered($0, .collection, child: nil) }
    if let leaf = collection.leaf { pairs.append("tree=\(leaf)") }
    pairs += collection.elements.filter(\.isPresent).map { presence($0.kind, $0.name) }
    for child in collection.children where child.isPresent {
      let address = child.address
      pairs.append(presence(address.kind, address.name))
      pairs += child.fields.flatMap { remembered($0, address.kind, child: address.name) }
    }
    return pairs
  }

  private func remembered(
    _ field: DesiredField, _ kind: ResourceKind, child: ExactString?
  ) -> [String] {
    [
      managed(kind, child: child, path: field.path),
      pair(kind, child: child, path: field.path, row: field.row, value: field.value),
    ]
  }
}
