import JSON
import ResourceModel

/// What the rows say about fields, for people.
///
/// A field is found by its path as manifests and plans write it, with names in it or without; by
/// the kind's word before it (`index.type`); or by its end, when nothing else has that name.
package struct FieldReference: Sendable {
  private let entries: [Entry]

  package init(_ sections: [ReferenceDocument.Section]) {
    entries = sections.flatMap { section in
      section.rows.map { row in
        Entry(
          section: section, row: row,
          keys: PathPattern(section.place).keys + PathPattern(row.path.description).keys)
      }
    }
  }

  private struct Entry {
    var section: ReferenceDocument.Section
    var row: FieldSpec
    /// From the document's root, `*` for a name.
    var keys: [String]

    var path: String { keys.joined(separator: ".") }
    var rowKeys: [String] { PathPattern(row.path.description).keys }
  }

  /// All paths that can be asked for.
  package var paths: [String] { entries.map(\.path) }

  /// The explanation of a field, or of all fields that the path may mean; nil when there is none.
  package func text(about path: String) -> String? {
    let keys = PathPattern(path).keys
    guard !keys.isEmpty else { return nil }
    let found = [
      entries.filter { $0.keys == keys }, entries.filter { PathPattern($0.keys).matches(keys) },
      inKind(keys),
    ].first { !$0.isEmpty }
    if let found {
      let others = entries.filter { entry in
        found.contains { $0.keys.count < entry.keys.count && entry.keys.starts(with: $0.keys) }
      }
      let list = keys.count == 1 ? others + kind(keys[0], beside: others + found) : others
      let texts = found.count > 3 ? lines(found) : found.map(text).joined(separator: "\n")
      return texts + (list.isEmpty ? "" : "\n" + lines(list))
    }
    let below = group(keys)
    let listed = below.isEmpty ? entries.filter { PathPattern($0.keys).ends(with: keys) } : below
    if listed.count == 1, listed[0].keys != keys { return text(about: listed[0].path) }
    let rest = listed.isEmpty && keys.count == 1 ? kind(keys[0], beside: []) : listed
    return rest.isEmpty ? nil : lines(rest)
  }

  /// The fields below a path; where a name may be a key, the key is meant.
  private func group(_ keys: [String]) -> [Entry] {
    let depths = entries.map { PathPattern($0.keys).depth(of: keys) }
    guard let deepest = depths.compactMap(\.self).max() else { return [] }
    return zip(entries, depths).filter { $1 == deepest }.map(\.0)
  }

  /// Fields behind the word of a kind: `index.type`, `cluster.url`.
  private func inKind(_ keys: [String]) -> [Entry] {
    guard keys.count > 1 else { return [] }
    return entries.filter { entry in
      entry.section.words.contains(keys[0].lowercased())
        && PathPattern(entry.rowKeys).matches(Array(keys.dropFirst()))
    }
  }

  /// All fields of a kind that is asked for by its word, `Policy`.
  private func kind(_ word: String, beside shown: [Entry]) -> [Entry] {
    entries.filter { entry in
      entry.section.words.contains(word.lowercased())
        && !shown.contains { $0.section.title == entry.section.title && $0.keys == entry.keys }
    }
  }

  private func lines(_ entries: [Entry]) -> String {
    entries.map { "\($0.path)  (\($0.section.title))\n    \($0.row.summary)\n" }.joined()
  }

  private func text(_ entry: Entry) -> String {
    let row = entry.row
    var lines = [
      "\(entry.path)  (\(entry.section.title))", "    \(row.summary)",
      "    takes: \(row.type.expectation)",
    ]
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

  /// What changing a field costs.
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

/// The keys of a path, where `*` stands for names of one's own: none, one or several keys, since
/// the unnamed vector has none and payload fields have dots.
private struct PathPattern {
  let keys: [String]

  init(_ keys: [String]) { self.keys = keys }

  /// A path as it is printed: dotted, with quotes around keys that hold dots.
  init(_ text: String) {
    var keys: [String] = []
    var key = ""
    var isQuoted = false
    for character in text {
      switch character {
      case "\"": isQuoted.toggle()
      case "." where !isQuoted:
        keys.append(key)
        key = ""
      default: key.append(character)
      }
    }
    self.keys = (keys + [key]).filter { !$0.isEmpty }
  }

  func matches(_ path: [String]) -> Bool { PathPattern.matches(keys[...], path[...]) }

  /// When it goes on where the path ends: how many keys of the path are its own, and no names.
  func depth(of path: [String]) -> Int? {
    (1..<max(1, keys.count)).filter { PathPattern.matches(keys[..<$0], path[...]) }
      .map { keys[..<$0].count { $0 != "*" } }.max()
  }

  func ends(with path: [String]) -> Bool { keys.suffix(path.count).elementsEqual(path) }

  private static func matches(_ pattern: ArraySlice<String>, _ path: ArraySlice<String>) -> Bool {
    guard let first = pattern.first else { return path.isEmpty }
    let rest = pattern.dropFirst()
    guard first == "*" else {
      return path.first == first && matches(rest, path.dropFirst())
    }
    return (0...path.count).contains { matches(rest, path.dropFirst($0)) }
  }
}
