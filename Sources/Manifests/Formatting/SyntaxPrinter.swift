import ResourceModel

/// Writes a `SyntaxTree` in the one canonical form.
///
/// - Two columns a level; an item of a list two columns to the right of its key.
/// - Keys in the order of their kind; what people name keeps its order, and so does all of a
///   document with anchors, where an alias must come after its anchor.
/// - What was written with brackets stays so while it fits on its line and no comment is in it.
/// - At most one blank line, none at the beginning of anything; `---` between documents.
struct SyntaxPrinter {
  /// How many columns a line with brackets may have.
  static let width = 100

  private var tree: SyntaxTree
  let schema: ResourceSchema
  /// Whether keys of the document that is being written are sorted.
  private var isSorting = true

  init(_ tree: SyntaxTree, schema: ResourceSchema) {
    self.tree = tree
    self.schema = schema
  }

  /// The whole text.
  static func text(_ tree: SyntaxTree, schema: ResourceSchema) -> String {
    var printer = SyntaxPrinter(tree, schema: schema)
    return tree.documents.map { printer.document($0) }.joined(separator: "---\n")
  }

  private mutating func document(_ root: Int) -> String {
    isSorting = !tree.hasAnchors(root)
    let order = KeyOrder(kind: kind(of: root), schema: schema)
    let entry = tree.entries[root]
    var head = entry.leading + entry.trailing.map { SyntaxTree.Comment(text: $0) }
    if let first = entry.children.first {
      // What stands at the top of a document is said of all of it.
      let (own, rest) = heading(first)
      head += own
      tree.entries[first].leading = rest
    }
    let tail = entry.closing.map { SyntaxTree.Comment(text: $0) } + entry.tail
    let body = comments(head, indent: 0) + joined(children(of: root, order, indent: 0))
    return String((body + comments(tail, indent: 0)).drop { $0 == "\n" })
  }

  private func kind(of root: Int) -> String {
    for child in tree.entries[root].children where tree.entries[child].key?.text == "kind" {
      if case .scalar(let text, _) = tree.entries[child].value { return text }
    }
    return ""
  }

  /// The comments above a document's first entry: the document's, and the entry's own.
  ///
  /// They are the entry's own from the last blank line on, unless the entry is one that every
  /// document begins with.
  private func heading(_ first: Int) -> ([SyntaxTree.Comment], [SyntaxTree.Comment]) {
    let all = tree.entries[first].leading
    let isUsual = ["kind", "name"].contains(tree.entries[first].key?.text)
    guard isSorting, !isUsual else { return (all, []) }
    let start = all.lastIndex { $0.isAfterBlank } ?? 0
    let last = all.lastIndex { $0.text.hasPrefix("# yaml-language-server:") }.map { $0 + 1 } ?? 0
    let split = max(start, last)
    return (Array(all[..<split]), Array(all[split...]))
  }

  /// What is below an entry, in the order in which it is written.
  private func children(of parent: Int, _ order: KeyOrder, indent: Int) -> [Written] {
    let children = tree.entries[parent].children
    let inner = order.applied(to: children.compactMap { tree.entries[$0].key?.text })
    let sorted =
      isSorting ? order.sorted(children) { tree.entries[$0].key?.text } : children
    return sorted.map { child in
      guard let key = tree.entries[child].key else {
        return item(child, order.ofItems, indent: indent)
      }
      return member(child, key, inner.under(key.text), indent: indent)
    }
  }

  /// An entry as it is written, and what is written above it.
  private struct Written {
    var leading: [SyntaxTree.Comment]
    var isAfterBlank: Bool
    var indent: Int
    var text: String
  }

  private func joined(_ entries: [Written]) -> String {
    entries.map { entry in
      comments(entry.leading, indent: entry.indent) + (entry.isAfterBlank ? "\n" : "")
        + entry.text
    }.joined()
  }

  /// Everything below a line, without blank lines at its beginning.
  private func block(_ entries: [Written], _ tail: [SyntaxTree.Comment], indent: Int) -> String {
    String((joined(entries) + comments(tail, indent: indent)).drop { $0 == "\n" })
  }

  private func comments(_ comments: [SyntaxTree.Comment], indent: Int) -> String {
    comments.map { comment in
      (comment.isAfterBlank ? "\n" : "") + spaces(indent) + comment.text + "\n"
    }.joined()
  }

  private func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }

  private func remark(_ comment: String?) -> String { (comment.map { " " + $0 } ?? "") + "\n" }

  /// An entry of a mapping.
  private func member(
    _ id: Int, _ key: SyntaxTree.Key, _ order: KeyOrder, indent: Int
  ) -> Written {
    let entry = tree.entries[id]
    var opening = spaces(indent) + (key.anchor.map { "&\($0) " } ?? "")
    if key.isMerge {
      opening += "<<:"
    } else if YAMLWriter.isLongKey(key.text) {
      opening += "? \(YAMLWriter.scalar(key.text))\n" + spaces(indent) + ":"
    } else {
      opening += YAMLWriter.scalar(key.text) + ":"
    }
    if let anchor = entry.anchor { opening += " &" + anchor }
    var written = Written(
      leading: entry.leading, isAfterBlank: entry.isAfterBlank, indent: indent, text: "")
    if let short = short(id, order, indent: indent, column: opening.unicodeScalars.count + 1) {
      let remarks = entry.trailing + entry.closing
      written.leading += entry.tail + SyntaxPrinter.own(remarks.dropLast())
      written.text = opening + short.first + remark(remarks.last) + short.rest
    } else {
      // The comment behind a bracket that is written no more goes below what it closed, or, when
      // there is no other, to the key.
      var closing = entry.closing
      var trailing = entry.trailing
      if trailing.isEmpty, let last = closing.popLast() { trailing = [last] }
      written.leading += SyntaxPrinter.own(trailing.dropLast())
      let tail = entry.tail + SyntaxPrinter.own(closing[...])
      written.text =
        opening + remark(trailing.last)
        + block(children(of: id, order, indent: indent + 2), tail, indent: indent + 2)
    }
    return written
  }

  /// An item of a list: the dash and the first entry below it share a line.
  private func item(_ id: Int, _ order: KeyOrder, indent: Int) -> Written {
    let entry = tree.entries[id]
    let opening = spaces(indent) + "-" + (entry.anchor.map { " &" + $0 } ?? "")
    let remarks = entry.trailing + entry.closing
    var written = Written(
      leading: entry.leading, isAfterBlank: entry.isAfterBlank, indent: indent, text: "")
    if let short = short(id, order, indent: indent, column: opening.unicodeScalars.count + 1) {
      written.leading += entry.tail + SyntaxPrinter.own(remarks.dropLast())
      written.text = opening + short.first + remark(remarks.last) + short.rest
      return written
    }
    written.leading += SyntaxPrinter.own(remarks[...])
    var children = children(of: id, order, indent: indent + 2)
    guard entry.anchor == nil else {
      written.text = opening + "\n" + block(children, entry.tail, indent: indent + 2)
      return written
    }
    written.leading += children[0].leading
    children[0].leading = []
    let body = block(children, entry.tail, indent: indent + 2)
    written.text = opening + " " + body.dropFirst(indent + 2)
    return written
  }

  /// Comments of ends of lines as lines of their own.
  private static func own(_ comments: ArraySlice<String>) -> [SyntaxTree.Comment] {
    comments.map { SyntaxTree.Comment(text: $0) }
  }

  /// A value that begins on the line of its key or dash, with a blank before it, and the lines that
  /// follow; nil when it is a block.
  private func short(
    _ id: Int, _ order: KeyOrder, indent: Int, column: Int
  ) -> (first: String, rest: String)? {
    let entry = tree.entries[id]
    switch entry.value {
    case .scalar(let text, let style):
      if let lines = BlockScalar(text, style, indent: indent + 2) {
        return (" " + lines.header, lines.text)
      }
      let scalar = ScalarText.text(text, style)
      return (scalar.isEmpty ? "" : " " + scalar, "")
    case .alias(let name): return (" *" + name, "")
    case .mapping(let isFlow), .list(let isFlow):
      let isEmpty = entry.children.isEmpty
      if !isEmpty, !isFlow || tree.hasInnerComments(id) { return nil }
      let flow = flow(id, order)
      return isEmpty || column + flow.unicodeScalars.count <= SyntaxPrinter.width
        ? (" " + flow, "") : nil
    }
  }

  /// A value on one line, with brackets.
  private func flow(_ id: Int, _ order: KeyOrder) -> String {
    let entry = tree.entries[id]
    let children = entry.children
    let inner = order.applied(to: children.compactMap { tree.entries[$0].key?.text })
    let sorted =
      isSorting ? order.sorted(children) { tree.entries[$0].key?.text } : children
    let parts = sorted.map { child in
      let key = tree.entries[child].key
      let order = key.map { inner.under($0.text) } ?? order.ofItems
      let anchor = tree.entries[child].anchor.map { "&\($0) " } ?? ""
      let value = anchor + flow(child, order)
      guard let key else { return value }
      let name = key.isMerge ? "<<" : YAMLWriter.scalar(key.text)
      return (key.anchor.map { "&\($0) " } ?? "") + name + ": " + value
    }
    switch entry.value {
    case .scalar(let text, let style):
      let scalar = ScalarText.text(text, style)
      return scalar.isEmpty ? "null" : scalar
    case .alias(let name): return "*" + name
    case .mapping: return "{" + parts.joined(separator: ", ") + "}"
    case .list: return "[" + parts.joined(separator: ", ") + "]"
    }
  }
}
