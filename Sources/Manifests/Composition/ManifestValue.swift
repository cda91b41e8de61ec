import Diagnostics
import JSON
import ResourceModel

/// A value of a document that takes part in composition, detached from the text it was read from.
///
/// Composition happens before anything is decoded: a merge of two values is again a value whose
/// parts know their places, so that the decoder tells of a wrong value where it was written.
struct ManifestValue: Sendable {
  /// What it is; aliases and merge keys are resolved.
  enum Content: Sendable {
    case scalar(String, isPlain: Bool)
    case list([ManifestValue])
    case mapping([Entry])
  }

  /// One key with its value.
  struct Entry: Sendable {
    /// The key's number.
    var key: Int32
    var keySpan: SourceSpan
    var value: ManifestValue
  }

  var content: Content
  var span: SourceSpan
  /// Who said something about it, the one that counts last; empty: the document itself and nobody
  /// else.
  var chain: [Provenance.Link] = []

  /// The entries of a mapping; none of anything else.
  var entries: [Entry] {
    if case .mapping(let entries) = content { return entries }
    return []
  }

  /// The items of a list; none of anything else.
  var items: [ManifestValue] {
    if case .list(let items) = content { return items }
    return []
  }

  /// The text of a scalar.
  var text: String? {
    if case .scalar(let text, _) = content { return text }
    return nil
  }

  var isMapping: Bool {
    if case .mapping = content { return true }
    return false
  }

  var isList: Bool {
    if case .list = content { return true }
    return false
  }

  /// Whether it is `null`, written or by leaving the value out.
  var isNull: Bool {
    guard case .scalar(let text, isPlain: true) = content else { return false }
    return text.isEmpty || text == "~" || text == "null"
  }

  /// What stands under a key of a mapping.
  subscript(key: Int32) -> ManifestValue? { entry(key)?.value }

  /// The entry of a key of a mapping.
  func entry(_ key: Int32) -> Entry? { entries.first { $0.key == key } }

  /// A mapping without some of its keys.
  func without(_ keys: Set<Int32>) -> ManifestValue {
    guard case .mapping(let entries) = content else { return self }
    var value = self
    value.content = .mapping(entries.filter { !keys.contains($0.key) })
    return value
  }

  /// The same with every part ascribed to a layer, at the part's own place; variables stay.
  func ascribed(to layer: String) -> ManifestValue {
    var value = self
    value.chain =
      [Provenance.Link(description: layer, span: span)]
      + chain.filter { $0.description != Provenance.own }
    switch content {
    case .scalar: break
    case .list(let items): value.content = .list(items.map { $0.ascribed(to: layer) })
    case .mapping(let entries):
      value.content = .mapping(
        entries.map { entry in
          Entry(key: entry.key, keySpan: entry.keySpan, value: entry.value.ascribed(to: layer))
        })
    }
    return value
  }

  /// The chain, also where it is only the document itself.
  var contributors: [Provenance.Link] { Provenance(span, chain: chain).contributors }
}

extension ManifestDecoder {
  /// Takes a value out of the tree, so that it outlives the text.
  func captured(_ node: Int32) -> ManifestValue {
    let tree = reader.tree
    let resolved = tree.resolved(node)
    let content: ManifestValue.Content
    switch tree.nodes[Int(resolved)].kind {
    case .scalar, .alias:
      content = .scalar(tree.string(resolved), isPlain: tree.nodes[Int(resolved)].isPlain)
    case .sequence: content = .list(tree.elements(of: resolved).map(captured))
    case .mapping:
      content = .mapping(
        tree.entries(of: resolved).compactMap { entry in
          let key = tree.nodes[Int(entry.key)].symbol
          guard key >= 0 else { return nil }
          return ManifestValue.Entry(
            key: key, keySpan: tree.span(entry.key), value: captured(entry.value))
        })
    }
    return ManifestValue(content: content, span: tree.span(node))
  }

  /// Makes a value the only document of the tree, to be decoded; gives its root.
  mutating func load(_ value: ManifestValue) -> Int32 {
    reader.tree.reset(file: value.span.file)
    reader.source = SourceText()
    reader.tree.append(value)
    reader.tree.documents = [0]
    composedCost += reader.tree.nodes.count + reader.tree.text.count / 16
    return 0
  }
}

extension YAMLTree {
  /// Appends a value with all that is below it.
  fileprivate mutating func append(_ value: ManifestValue) {
    let index = nodes.count
    var kind = YAMLNode.Kind.scalar
    if value.isMapping { kind = .mapping }
    if value.isList { kind = .sequence }
    nodes.append(YAMLNode(kind: kind, value.span))
    origins.append(Origin(file: value.span.file, chain: value.chain))
    switch value.content {
    case .scalar(let scalar, let isPlain):
      nodes[index].isPlain = isPlain
      nodes[index].text = Int32(truncatingIfNeeded: text.count)
      text.append(contentsOf: scalar.utf8)
      nodes[index].length = Int32(truncatingIfNeeded: text.count) - nodes[index].text
    case .list(let items):
      for item in items { append(item) }
    case .mapping(let entries):
      for entry in entries {
        var key = YAMLNode(kind: .scalar, entry.keySpan)
        key.symbol = entry.key
        key.end = Int32(truncatingIfNeeded: nodes.count + 1)
        nodes.append(key)
        origins.append(Origin(file: entry.keySpan.file, chain: entry.value.chain))
        append(entry.value)
      }
    }
    nodes[index].end = Int32(truncatingIfNeeded: nodes.count)
  }
}

extension YAMLNode {
  /// A node at a place.
  fileprivate init(kind: Kind, _ span: SourceSpan) {
    self.init(
      kind: kind, line: span.line, column: span.column, endLine: span.endLine,
      endColumn: span.endColumn)
  }
}
