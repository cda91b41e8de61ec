import JSON
package import ResourceModel

/// What the rows say about fields, for people.
package struct FieldReference: Sendable {
  let schema: ResourceSchema

  package init(schema: ResourceSchema) { self.schema = schema }

  private struct Entry {
    var path: String
    var row: FieldSpec
  }

  /// Fields of other kinds than collections carry the kind's name: `index.type`.
  private var entries: [Entry] {
    ResourceKind.allCases.flatMap { kind -> [Entry] in
      (schema.kinds[kind]?.rows ?? []).map { row in
        let path = row.path.description
        return Entry(path: kind == .collection ? path : "\(kind.rawValue).\(path)", row: row)
      }
    }
  }

  /// All paths that can be asked for.
  package var paths: [String] { entries.map(\.path) }

  /// The explanation of a field, or of all fields below a key; nil when there is none.
  package func text(about path: String) -> String? {
    if let entry = entries.first(where: { matches($0.path, path) }) { return text(entry) }
    let below = entries.filter { $0.path.hasPrefix(path + ".") }
    let named = below.isEmpty ? entries.filter { $0.path.hasSuffix("." + path) } : below
    guard !named.isEmpty else { return nil }
    return named.map { "\($0.path)\n    \($0.row.summary)\n" }.joined()
  }

  /// A path matches as written, or with a name in place of `*`.
  private func matches(_ pattern: String, _ path: String) -> Bool {
    if pattern == path { return true }
    guard pattern.contains("*") else { return false }
    let left = pattern.split(separator: ".")
    let right = path.split(separator: ".")
    return left.count == right.count && zip(left, right).allSatisfy { $0 == "*" || $0 == $1 }
  }

  private func text(_ entry: Entry) -> String {
    let row = entry.row
    var lines = [entry.path, "    \(row.summary)", "    takes: \(row.type.expectation)"]
    if let value = row.absentEquals, !value.isNull {
      lines.append("    when unset: the same as \(ValueText.text(value))")
    }
    lines.append("    changing it: \(FieldReference.words(row))")
    if case .impossible = row.unset, row.mutability == .inPlace {
      lines.append("    once set, Qdrant cannot unset it again")
    }
    if let since = row.since { lines.append("    since Qdrant \(since.short)") }
    if let removed = row.removedIn { lines.append("    gone from Qdrant \(removed.short) on") }
    if let notice = row.deprecated {
      lines.append("    deprecated since Qdrant \(notice.since.short): use \(notice.replacement)")
    }
    for (value, since) in row.valuesSince.sorted(by: { $0.key < $1.key }) {
      lines.append("    the value \(value) needs Qdrant \(since.short)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  static func words(_ row: FieldSpec) -> String {
    let effect = PlanView.words(row.effect).map { "; \($0)" } ?? ""
    return switch row.mutability {
    case .inPlace: "in place" + effect
    case .replace: "only by making the collection anew"
    case .ownEndpoint: "by a request of its own" + effect
    case .local: "at once; it does not reach a server"
    }
  }
}
