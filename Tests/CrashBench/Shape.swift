import Diagnostics
import JSON
import LawBench
import QdrantSchema
import ResourceModel

/// A collection in short words, from which a manifest's form is made.
struct Shape: Sendable {
  /// Paths with their values.
  var fields: [String: JSONValue]
  /// Vectors by their paths; false for one that is to be absent.
  var elements: [String: Bool]
  var indexes: [String: [String: JSONValue]] = [:]
  var aliases: Set<String> = []
  /// Whether it is a leaf of a tree, whose one alias is renamed when it has another name.
  var isLeaf = false
  /// False asks for the collection to be deleted.
  var isPresent = true
  /// False leaves the collection without a mark, as somebody else makes it.
  var isMarked = true
  /// What is written past the planner once the prior state stands: the body of an update.
  var afterwards: [String: JSONValue] = [:]

  /// One dense vector, and everything else unset.
  static let plain = Shape(
    fields: ["vectors.dense.size": 4, "vectors.dense.distance": "Cosine"],
    elements: ["vectors.dense": true])

  /// As a manifest asks for it.
  func desired(_ name: String) -> DesiredResource {
    let span = RandomCollections.span
    let address = ResourceAddress.collection(ExactString(name), cluster: "c")
    var collection = DesiredResource(address: address, span: span, isPresent: isPresent)
    guard isPresent else {
      collection.lifecycle.onDelete = .delete
      return collection
    }
    collection.fields = Shape.fields(.collection, fields)
    collection.elements = elements.map { path, isPresent in
      DesiredElement(
        path: FieldPath(path), kind: path.hasPrefix("sparse") ? .sparseVector : .vector,
        isPresent: isPresent, span: span)
    }.sorted { $0.path < $1.path }
    collection.children =
      indexes.map { field, rows in
        var place = address
        place.kind = .index
        place.name = ExactString(field)
        return DesiredResource(address: place, span: span, fields: Shape.fields(.index, rows))
      }
      + aliases.map { DesiredResource(address: .alias(ExactString($0), cluster: "c"), span: span) }
    if isLeaf {
      collection.leaf = TreeLeaf(hierarchy: "tree", values: [name])
    }
    collection.children.sort { $0.address < $1.address }
    collection.listedChildren = [.index: span, .alias: span]
    return collection
  }

  private static func fields(
    _ kind: ResourceKind, _ values: [String: JSONValue]
  ) -> [DesiredField] {
    values.map { path, value in
      let path = FieldPath(path)
      guard let row = QdrantResources.schema.tree(kind).index(of: path) else {
        preconditionFailure("\(kind) has no field \(path)")
      }
      return DesiredField(
        path: path, value: value, row: row, provenance: Provenance(RandomCollections.span))
    }.sorted { $0.path < $1.path }
  }
}
