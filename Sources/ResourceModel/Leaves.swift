package import JSON

extension ResourceSchema {
  /// One value that a server reported, with the row that it belongs to.
  package struct Leaf: Sendable, Hashable {
    package var path: FieldPath
    package var value: JSONValue
    package var row: Int
  }

  /// The values with a row at or below a path, in order of path; unknown keys have no row.
  ///
  /// An object whose presence says something is a leaf of its own, before its members.
  package func leaves(
    _ kind: ResourceKind, of object: JSONObject, below path: FieldPath = FieldPath([])
  ) -> [Leaf] {
    var found: [Leaf] = []
    if path.segments.isEmpty {
      walk(tree(kind), .object(object), path, &found)
    } else if let node = tree(kind).node(at: path), let value = object.value(at: path) {
      walk(node, value, path, &found)
    }
    return found.sorted { $0.path < $1.path }
  }

  private func walk(
    _ node: RowTree, _ value: JSONValue, _ path: FieldPath, _ found: inout [Leaf]
  ) {
    let descends = !node.keys.isEmpty || node.anyName != nil
    if let row = node.row, !value.isNull, !descends || value.object == nil || node.isMarker {
      found.append(Leaf(path: path, value: node.isMarker ? [:] : value, row: row))
    }
    guard descends, let object = value.object else { return }
    for member in object.members {
      guard let next = node.keys[member.key] ?? node.anyName else { continue }
      walk(next, member.value, path.appending(member.key), &found)
    }
  }
}
