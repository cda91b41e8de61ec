import Diagnostics
import JSON
import ResourceModel

/// What a key or value out of place was probably meant to be.
extension ManifestDecoder {
  /// Tells about a key that no row has here.
  mutating func unknownField(
    _ entry: YAMLTree.Entry, _ kind: CompiledKind, _ position: Position
  ) {
    let text = key(entry.key)
    let place = span(entry.key)
    maskIfSecret(entry, kind, position)
    if YAMLReader.lacksSpace(Array(text.unicodeScalars)) {
      report(Messages.missingSpace(at: place))
      return
    }
    if let diagnostic = misplaced(text, kind, position, at: place) {
      report(diagnostic)
      return
    }
    let siblings = siblings(kind, position)
    let hint =
      didYouMean(text, among: siblings).map { "did you mean '\($0)'?" }
      ?? (siblings.count <= 10 ? "known here: " + siblings.joined(separator: ", ") : nil)
    let path = kind.nodes[position.node].path
    let what = path.segments.isEmpty ? kind.name : "'\(path)'"
    report(Messages.unknownField(text, in: what, at: place, hint: hint))
  }

  /// A key that is right elsewhere: under another part of this kind, or in another kind.
  private func misplaced(
    _ text: String, _ kind: CompiledKind, _ position: Position, at place: SourceSpan
  ) -> Diagnostic? {
    let isRoot = position.node == 0
    let owners = kind.nodes.map(\.path).filter { path in
      path.segments.count > 1 && path.segments.last == .key(text)
    }.map { FieldPattern(segments: Array($0.segments.dropLast())) }
    let here = kind.nodes[position.node].path
    let best =
      owners.first { !here.segments.isEmpty && $0.isWithin(here) }
      ?? owners.min { ($0.segments.count, $0.description) < ($1.segments.count, $1.description) }
    if let best {
      return Messages.misplacedField(
        "\(Messages.quoted(text)) does not belong here", at: place,
        hint: "it belongs under '\(best)'")
    }
    if kind.nodes[0].keys.keys.contains(where: { reader.keys[$0].string.hasSameBytes(as: text) }),
      !isRoot
    {
      return Messages.misplacedField(
        "\(Messages.quoted(text)) does not belong here", at: place,
        hint: "it belongs to \(kind.name) itself: check the indentation")
    }
    guard isRoot else { return nil }
    for other in rootKinds where other.name != kind.name && other.keys.contains(text) {
      return Messages.misplacedField(
        "\(Messages.quoted(text)) belongs to \(other.name), not to \(kind.name)", at: place,
        hint: nil)
    }
    return nil
  }

  /// The kinds of documents with the keys at their roots.
  private var rootKinds: [(name: String, keys: Set<String>)] {
    let special = collectionSpecials.subtracting(rootSpecials).map { reader.keys[$0].string }
    return [
      (collectionKind.name, rootKeys(collectionKind).union(special)),
      (clusterKind.name, rootKeys(clusterKind)), (workspaceKind.name, rootKeys(workspaceKind)),
    ]
  }

  private func rootKeys(_ kind: CompiledKind) -> Set<String> {
    Set(kind.nodes[0].keys.keys.map { reader.keys[$0].string })
  }

  /// The keys that are known at a place, sorted.
  private func siblings(_ kind: CompiledKind, _ position: Position) -> [String] {
    let symbols = Set(kind.nodes[position.node].keys.keys).union(position.specials ?? [])
    return symbols.map { reader.keys[$0].string }.sorted()
  }

  /// Keeps the value of a key that looks like a secret's out of every drawing.
  private mutating func maskIfSecret(
    _ entry: YAMLTree.Entry, _ kind: CompiledKind, _ position: Position
  ) {
    let text = key(entry.key).lowercased()
    let words = ["key", "secret", "token", "password", "credential"]
    let path = kind.nodes[position.node].path
    let isUnderSecret = path.segments.contains { segment in
      if case .key(let key) = segment { return LocalKinds.secrets.contains(key) }
      return false
    }
    if isUnderSecret || words.contains(where: text.contains) {
      reader.findings.masks.append(span(entry.value))
    }
  }

  /// Tells that a mapping is due.
  mutating func expectedMapping(_ value: Int32, _ kind: CompiledKind, _ position: Position) {
    if isNull(value) {
      report(
        Messages.missingValue(at: nullPlace(value), hint: "write {} for an empty mapping"))
      return
    }
    let text = reader.tree.string(value)
    if YAMLReader.lacksSpace(Array(text.unicodeScalars)) {
      report(Messages.missingSpace(at: span(value)))
      return
    }
    report(Messages.expectedMapping(found(value), word: nil, at: span(value)))
  }

  /// Tells about `null`, written or by leaving the value out.
  mutating func missingValue(_ value: Int32, _ row: FieldSpec) {
    if reader.tree.nodes[Int(reader.tree.resolved(value))].length == 0 {
      report(
        Messages.missingValue(
          at: nullPlace(value), hint: "write \(row.type.expectation), or leave the line out"))
    } else {
      report(Messages.cannotUnset(row, at: span(value)))
    }
  }

  /// Where a value is missing: just after the colon, one column wide.
  func nullPlace(_ value: Int32) -> SourceSpan { span(value) }
}
