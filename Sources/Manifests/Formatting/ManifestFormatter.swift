package import Diagnostics
import JSON
package import ResourceModel

/// Writes a text of manifests in the one canonical form, `SyntaxPrinter`'s, and proves it.
///
/// Nothing is given that was not read again: it must mean, document by document, what the old text
/// meant, give no findings that were not there, and hold the same comments.
package enum ManifestFormatter {
  /// Why a text stays as it is.
  package enum Refusal: Error, Sendable {
    /// It is wrong, so that nobody knows what it means; with the places whose text is not shown.
    case invalid([Diagnostic], masks: [SourceSpan])
    /// What would be written is not the same; this should not happen.
    case unfaithful(String)
  }

  /// The canonical form of a text without a byte order mark; places of findings are in file 0.
  package static func format(
    _ bytes: [UInt8], schema: ResourceSchema
  ) throws(Refusal) -> [UInt8] {
    try format(bytes, schema: schema) { SyntaxPrinter.text($0, schema: schema) }
  }

  /// - Parameter writer: writes the text; what it writes is not believed.
  static func format(
    _ bytes: [UInt8], schema: ResourceSchema, writer: (SyntaxTree) -> String
  ) throws(Refusal) -> [UInt8] {
    let before = Meaning(of: bytes, schema: schema)
    let errors = before.findings.filter { $0.severity == .error }
    guard errors.isEmpty else { throw .invalid(errors, masks: before.masks) }
    guard let syntax = SyntaxReader(bytes) else { throw .unfaithful("it cannot be read again") }
    let text = Array(writer(syntax.tree).utf8)
    let after = Meaning(of: text, schema: schema)
    guard before.isSame(as: after) else { throw .unfaithful("it would mean something else") }
    guard let comments = SyntaxReader.comments(of: bytes),
      let written = SyntaxReader.comments(of: text),
      comments.elementsEqual(written, by: { $0.hasSameBytes(as: $1) })
    else { throw .unfaithful("a comment would be lost") }
    return text
  }
}

/// What a text means: its documents, and what is to be told about them.
private struct Meaning {
  let findings: [Diagnostic]
  let masks: [SourceSpan]
  let tree: YAMLTree
  let keys: [ExactString]

  init(of bytes: [UInt8], schema: ResourceSchema) {
    var decoder = ManifestDecoder(schema: schema)
    var catalog = SourceCatalog()
    let number = catalog.add(path: "manifest", bytes: bytes)
    decoder.read(number, catalog, path: "manifest")
    findings = decoder.reader.findings.diagnostics
    masks = decoder.reader.findings.masks
    // Decoding may have put composed documents in the place of those that were read.
    var reader = YAMLReader()
    reader.read(bytes, file: number, skippedBytes: 0)
    tree = reader.tree
    keys = reader.keys.strings
  }

  func isSame(as other: Meaning) -> Bool {
    var told = findings.map(\.code)[...]
    // What was only a matter of form may be gone; nothing may have come.
    let hasNews = other.findings.contains { finding in
      guard let place = told.firstIndex(of: finding.code) else { return true }
      told.remove(at: place)
      return false
    }
    return !hasNews && tree.documents.count == other.tree.documents.count
      && zip(tree.documents, other.tree.documents).allSatisfy { isSame($0, other, $1) }
  }

  /// Whether two values are one, whatever the order of keys and however it is written.
  private func isSame(_ node: Int32, _ other: Meaning, _ match: Int32) -> Bool {
    guard tree.kind(node) == other.tree.kind(match) else { return false }
    switch tree.kind(node) {
    case .scalar, .alias:
      let left = tree.scalar(node)
      guard left == other.tree.scalar(match) else { return false }
      return left == .null || tree.string(node).hasSameBytes(as: other.tree.string(match))
    case .sequence:
      let (left, right) = (tree.elements(of: node), other.tree.elements(of: match))
      return left.count == right.count
        && zip(left, right).allSatisfy { isSame($0, other, $1) }
    case .mapping:
      let entries = tree.entries(of: node)
      let matches = Dictionary(
        other.tree.entries(of: match).map { (other.key($0), $0.value) },
        uniquingKeysWith: { first, _ in first })
      return entries.count == matches.count
        && entries.allSatisfy { entry in
          matches[key(entry)].map { isSame(entry.value, other, $0) } ?? false
        }
    }
  }

  private func key(_ entry: YAMLTree.Entry) -> ExactString {
    let symbol = tree.nodes[Int(entry.key)].symbol
    return symbol >= 0 ? keys[Int(symbol)] : ExactString("")
  }
}
