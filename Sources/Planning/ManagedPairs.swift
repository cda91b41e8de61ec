package import JSON
package import ResourceModel

/// The `path = value` pairs that a mark remembers.
package struct ManagedPairs: Sendable {
  let schema: ResourceSchema

  package init(schema: ResourceSchema) { self.schema = schema }

  /// One pair: `hnsw_config.m=16`, `index/price:type="float"`; an absent value is what it means.
  package func pair(
    _ kind: ResourceKind, child: ExactString?, path: FieldPath, row: Int?, value: JSONValue?
  ) -> String {
    let spec = row.flatMap { index in schema.kinds[kind]?.rows[index] }
    let meaning = (value.flatMap { $0.isNull ? nil : $0 }) ?? spec?.absentEquals ?? .null
    let canonical = spec?.type.canonical(meaning) ?? meaning
    let place = child.map { "\(kind.rawValue)/\($0):" } ?? ""
    let text = String(decoding: canonical.canonicalBytes(), as: UTF8.self)
    return "\(place)\(path)=\(text)"
  }

  /// The pair that says that a named part or a child is there.
  package func presence(_ kind: ResourceKind, _ name: ExactString) -> String {
    "\(kind.rawValue)/\(name)"
  }

  /// All pairs of a collection as its manifest asks for them.
  package func pairs(of collection: DesiredResource) -> [String] {
    var pairs = collection.fields.map { field in
      pair(.collection, child: nil, path: field.path, row: field.row, value: field.value)
    }
    pairs += collection.elements.filter(\.isPresent).map { presence($0.kind, $0.name) }
    for child in collection.children where child.isPresent {
      let address = child.address
      pairs.append(presence(address.kind, address.name))
      pairs += child.fields.map { field in
        pair(
          address.kind, child: address.name, path: field.path, row: field.row,
          value: field.value)
      }
    }
    return pairs
  }
}
