package import JSON
import Planning
import ResourceModel

/// All that a server holds, field by field, to compare what was with what is.
struct Picture {
  /// A field of a collection, of an index, or where an alias points.
  struct Place: Hashable, Comparable {
    var collection: String
    /// The field of an index; nil for the collection's own.
    var index: String?
    var path: String

    static func < (left: Place, right: Place) -> Bool {
      (left.collection, left.index ?? "", left.path)
        < (right.collection, right.index ?? "", right.path)
    }
  }

  private(set) var values: [Place: JSONValue] = [:]

  /// What the server reports explicitly and only because nobody set it is left out.
  init(_ observed: ObservedCluster, schema: ResourceSchema) {
    func add(
      _ kind: ResourceKind, _ fields: JSONObject, place: (FieldPath) -> Place
    ) {
      for leaf in schema.leaves(kind, of: fields) {
        guard let row = schema.kinds[kind]?.rows[leaf.row], !row.isSame(nil, leaf.value) else {
          continue
        }
        values[place(leaf.path)] = row.type.canonical(leaf.value)
      }
    }
    for (name, collection) in observed.collections {
      add(.collection, collection.fields) { Place(collection: name.string, path: "\($0)") }
      for (field, index) in collection.indexes {
        values[Place(collection: name.string, index: field.string, path: "")] = true
        add(.index, index) {
          Place(collection: name.string, index: field.string, path: "\($0)")
        }
      }
      values[Place(collection: name.string, path: "")] = true
    }
    for (alias, target) in observed.aliases {
      values[Place(collection: "alias " + alias.string, path: "")] = .string(target.string)
    }
  }

  /// Where another picture differs, in order, but for what the steps said that stays: a value that
  /// was unset and cannot be unset again.
  func residue(_ after: Picture, of steps: [Step]) -> [Residue] {
    let sticky = Set(
      steps.filter { $0.stepClass == .sticky }.flatMap { step in
        step.after.map { Place(collection: step.address.collection.string, path: "\($0.path)") }
      })
    return Set(values.keys).union(after.values.keys)
      .filter { values[$0] != after.values[$0] }
      .filter { !(sticky.contains($0) && values[$0] == nil) }
      .sorted()
      .map { place in
        let what = [place.collection, place.index.map { "index " + $0 } ?? "", place.path]
        return Residue(
          place: what.filter { !$0.isEmpty }.joined(separator: " "), was: values[place],
          is: after.values[place])
      }
  }
}

/// What a rollback left other than it was, although no step said so.
package struct Residue: Sendable, Hashable {
  /// The collection, index or alias, and the field.
  package var place: String
  package var was: JSONValue?
  package var `is`: JSONValue?
}
