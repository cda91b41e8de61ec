import Diagnostics
import JSON
import ResourceModel

/// The parts of a kind that people name: vectors.
extension ManifestDecoder {
  /// Reads a container of elements.
  ///
  /// A part of a collection may say something about the unnamed vector without its size.
  mutating func elements(
    _ entry: YAMLTree.Entry, _ kind: CompiledKind, _ index: Int, _ output: inout Output
  ) {
    let spec = kind.elements[index]
    let container = kind.child(of: 0, reader.tree.nodes[Int(entry.key)].symbol)
    guard container >= 0, kind.shapes[container].anyName >= 0 else { return }
    let node = Int(kind.shapes[container].anyName)
    let entries = reader.tree.entries(of: entry.value)
    let isPart =
      isPartial && !spec.anonymousKeys.isEmpty
      && entries.allSatisfy { kind.child(of: node, symbol($0)) >= 0 }
    if let marker = entries.first(where: { isPart || isUnnamed($0, kind, node, spec) }) {
      unnamed(entry, marker, kind, Position(node: node, name: words.unnamed), &output)
      var element = DesiredElement(
        path: spec.container.path(names: []).appending(""), kind: spec.kind, isPresent: true,
        span: span(entry.key))
      element.chain = reader.tree.chain(entry.key)
      output.elements.append(element)
      return
    }
    for element in entries {
      let symbol = reader.tree.nodes[Int(element.key)].symbol
      guard symbol >= 0 else { continue }
      let name = reader.keys[symbol].string
      let rules = NameRules(what: "vector name", bytes: spec.nameBytes)
      for diagnostic in rules.check(
        name, at: span(element.key), isPlain: false, source: reader.source)
      {
        report(diagnostic)
      }
      self.element(element, kind, Position(node: node, name: symbol), spec, &output)
    }
  }

  /// A key such as `size` that stands for the unnamed vector's own field; a vector may be named so.
  private func isUnnamed(
    _ entry: YAMLTree.Entry, _ kind: CompiledKind, _ node: Int, _ spec: ElementSpec
  ) -> Bool {
    let symbol = reader.tree.nodes[Int(entry.key)].symbol
    return symbol >= 0 && reader.tree.kind(entry.value) != .mapping
      && spec.anonymousKeys.contains(reader.keys[symbol].string)
  }

  private mutating func unnamed(
    _ container: YAMLTree.Entry, _ marker: YAMLTree.Entry, _ kind: CompiledKind,
    _ place: Position, _ output: inout Output
  ) {
    let named = reader.tree.entries(of: container.value).filter { entry in
      kind.child(of: place.node, reader.tree.nodes[Int(entry.key)].symbol) < 0
        && reader.tree.kind(entry.value) == .mapping
    }
    for entry in named {
      report(
        Messages.unnamedAndNamed(key(entry.key), at: span(entry.key), unnamed: span(marker.key)))
    }
    if named.isEmpty { walk(container.value, kind, place, into: &output) }
  }

  private mutating func element(
    _ entry: YAMLTree.Entry, _ kind: CompiledKind, _ place: Position, _ spec: ElementSpec,
    _ output: inout Output
  ) {
    let symbol = place.name
    var isPresent = true
    switch reader.tree.kind(entry.value) {
    case .mapping:
      walk(entry.value, kind, place, into: &output)
    case .scalar where reader.tree.string(entry.value) == "absent":
      isPresent = false
    case .scalar where isNull(entry.value):
      report(
        Messages.missingValue(
          at: nullPlace(entry.value), hint: "write {} for a vector with default settings"))
      return
    default:
      report(
        Messages.expectedMapping(
          found(entry.value), word: "absent", at: span(entry.value),
          hint: unnamedHint(entry, kind, place.node, spec)))
      return
    }
    var element = DesiredElement(
      path: elementPath(spec, symbol), kind: spec.kind, isPresent: isPresent,
      span: span(entry.key))
    element.chain = reader.tree.chain(entry.key)
    output.elements.append(element)
  }

  /// A single value in the place of a named vector is often a mistyped key of the unnamed one.
  private func unnamedHint(
    _ entry: YAMLTree.Entry, _ kind: CompiledKind, _ node: Int, _ spec: ElementSpec
  ) -> String? {
    guard !spec.anonymousKeys.isEmpty, reader.tree.kind(entry.value) == .scalar else { return nil }
    let keys = kind.nodes[node].keys.keys.map { reader.keys[$0].string }.sorted()
    let near = didYouMean(key(entry.key), among: keys).map { "did you mean '\($0)'? " } ?? ""
    return near + "the unnamed vector is written {size: 768, distance: Cosine}"
  }

  private func elementPath(_ spec: ElementSpec, _ symbol: Int32) -> FieldPath {
    FieldPath(spec.container.path(names: []).segments + [reader.keys[symbol]])
  }
}
