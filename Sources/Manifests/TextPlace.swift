import Diagnostics
import JSON
import ResourceModel

/// The way from the root of a document to a value in it.
struct TextPlace {
  /// One step down.
  enum Step: Equatable {
    case key(ExactString)
    case item(Int)
  }

  var document: Int
  var steps: [Step]

  /// Whether the way ends with these keys: `overlays`, 0, `set`, and then the field's.
  func ends(with keys: [ExactString]) -> Bool {
    steps.count >= keys.count
      && zip(steps.suffix(keys.count), keys).allSatisfy { $0 == .key($1) }
  }
}

extension EditedText {
  /// The value that stands exactly there; what lies behind an alias stands at its anchor.
  func place(of span: SourceSpan) -> TextPlace? {
    for (index, root) in tree.documents.enumerated() {
      if let steps = steps(from: root, to: span) {
        return TextPlace(document: index, steps: steps)
      }
    }
    return nil
  }

  /// The node at the end of a way, through what stands in the mappings themselves.
  func node(at place: TextPlace) -> Int32? {
    var node = tree.documents[place.document]
    for step in place.steps {
      guard let next = parts(of: node).first(where: { $0.step == step }) else { return nil }
      node = next.node
    }
    return node
  }

  private func steps(from node: Int32, to span: SourceSpan) -> [TextPlace.Step]? {
    for part in parts(of: node) {
      let value = tree.nodes[Int(part.node)]
      let isThere =
        value.kind == .scalar && value.line == span.line && value.column == span.column
        && value.endLine == span.endLine && value.endColumn == span.endColumn
      if isThere { return [part.step] }
      if let rest = steps(from: part.node, to: span) { return [part.step] + rest }
    }
    return nil
  }

  private func parts(of node: Int32) -> [(step: TextPlace.Step, node: Int32)] {
    switch tree.nodes[Int(node)].kind {
    case .mapping:
      ownEntries(node).compactMap { entry in name(entry.key).map { (.key($0), entry.value) } }
    case .sequence:
      tree.elements(of: node).enumerated().map { (.item($0.offset), $0.element) }
    case .scalar, .alias: []
    }
  }
}

extension JSONValue {
  /// The same with another value at the end of a way; itself when the way leads nowhere.
  func setting(_ value: JSONValue, at steps: ArraySlice<TextPlace.Step>) -> JSONValue {
    guard let step = steps.first else { return value }
    switch step {
    case .key(let key):
      guard var object, let part = object[key.string] else { return self }
      object[key.string] = part.setting(value, at: steps.dropFirst())
      return .object(object)
    case .item(let index):
      guard var array, array.indices.contains(index) else { return self }
      array[index] = array[index].setting(value, at: steps.dropFirst())
      return .array(array)
    }
  }
}
