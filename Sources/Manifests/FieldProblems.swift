import Diagnostics
import JSON
import ResourceModel

/// What a key or value out of place was probably meant to be.
extension ManifestDecoder {
  /// Tells about a key that no row has here.
  mutating func unknownField(
    _ entry: YAMLTree.Entry, _ kind: CompiledKind, _ position: Position
  ) {
    maskIfSecret(entry, kind, position)
    if reader.findings.isFull { return }
    let text = key(entry.key)
    let place = span(entry.key)
    if YAMLReader.lacksSpace(Array(text.unicodeScalars)) {
      report(Messages.missingSpace(at: place))
      return
    }
    let path = kind.nodes[position.node].path
    let what = path.segments.isEmpty ? kind.name : "'\(path)'"
    if let diagnostic = misplaced(entry, kind, position) {
      report(diagnostic)
    } else if reader.findings.diagnostics.count > ManifestDecoder.hintLimit {
      report(Messages.unknownField(text, in: what, at: place, hint: nil))
    } else {
      let siblings = siblings(kind, position)
      let hint =
        OtherWords.hint(text, among: siblings)
        ?? didYouMean(text, among: siblings).map { "did you mean '\($0)'?" }
        ?? (siblings.count <= 10 ? "known here: " + siblings.joined(separator: ", ") : nil)
      report(Messages.unknownField(text, in: what, at: place, hint: hint))
    }
  }

  /// From so many diagnostics on no hint is searched for: nobody reads them, and it takes time.
  private static let hintLimit = 1000

  /// A key that is right elsewhere: under another part of this kind, or in another kind.
  private func misplaced(
    _ entry: YAMLTree.Entry, _ kind: CompiledKind, _ position: Position
  ) -> Diagnostic? {
    let symbol = symbol(entry)
    let place = span(entry.key)
    let text = Messages.quoted(key(entry.key))
    let here = kind.nodes[position.node].path
    if let owners = kind.owners[symbol] {
      let best =
        owners.first { !here.segments.isEmpty && $0.isWithin(here) }
        ?? owners.min { ($0.segments.count, $0.description) < ($1.segments.count, $1.description) }
      return Messages.misplacedField(
        "\(text) does not belong here", at: place,
        hint: best.map { "it belongs under '\($0)'" })
    }
    if position.node != 0 {
      guard isRootKey(symbol, kind) else { return nil }
      return Messages.misplacedField(
        "\(text) does not belong here", at: place,
        hint: "it belongs to \(kind.name) itself: check the indentation")
    }
    for other in [collectionKind, clusterKind, workspaceKind, environmentKind]
    where isRootKey(symbol, other) {
      return Messages.misplacedField(
        "\(text) belongs to \(other.name), not to \(kind.name)", at: place, hint: nil)
    }
    return nil
  }

  private func isRootKey(_ symbol: Int32, _ kind: CompiledKind) -> Bool {
    kind.child(of: 0, symbol) >= 0 || kind.specials.contains(symbol)
  }

  /// The keys that are known at a place, sorted.
  private func siblings(_ kind: CompiledKind, _ position: Position) -> [String] {
    let symbols = Set(kind.nodes[position.node].keys.keys).union(
      position.node == 0 ? kind.specials : [])
    return symbols.map { reader.keys[$0].string }
      .filter { !LocalKinds.unbuiltKeys.contains($0) }.sorted()
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
