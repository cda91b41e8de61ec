import JSON
package import ResourceModel

/// The reference of all fields as Markdown, made of the rows: a table for each kind of document.
package enum ReferenceDocument {
  /// A part of the reference: what its heading says, and the rows.
  package struct Section: Sendable {
    package var title: String
    package var rows: [FieldSpec]
    /// Where the rows stand in a document, `*` for a name; empty for its root.
    package var place: String
    /// What may stand before the path of a row to say that this part is meant: `index`.
    package var words: [String]

    package init(
      _ title: String, _ rows: [FieldSpec], place: String = "", words: [String] = []
    ) {
      self.title = title
      self.rows = rows
      self.place = place
      self.words = words
    }
  }

  /// The whole document; sections without a row are left out.
  package static func markdown(_ sections: [Section]) -> String {
    var text = "# Fields of manifests\n\n"
    text += "Made of the rows by `qdrant-plan reference`; `*` stands for a name of your own.\n"
    for section in sections where !section.rows.isEmpty {
      text += "\n## \(section.title)\n\n"
      text += "| Field | Takes | What it does | Changing it |\n|---|---|---|---|\n"
      for row in section.rows { text += line(row) }
    }
    return text
  }

  private static func line(_ row: FieldSpec) -> String {
    let name = row.presence == .required ? "`\(row.path)` (required)" : "`\(row.path)`"
    let cells = [
      name, row.type.expectation, ([row.summary] + notes(row)).joined(separator: " "),
      FieldReference.words(row),
    ]
    return "| " + cells.map(cell).joined(separator: " | ") + " |\n"
  }

  private static func notes(_ row: FieldSpec) -> [String] {
    var notes: [String] = []
    if let value = row.absentEquals, !value.isNull {
      notes.append("Unset is the same as \(ValueText.text(value)).")
    }
    if case .impossible = row.unset, row.mutability == .inPlace {
      notes.append("Once set, Qdrant cannot unset it again.")
    }
    if let since = row.since { notes.append("Since Qdrant \(since.short).") }
    if let removed = row.removedIn { notes.append("Gone from Qdrant \(removed.short) on.") }
    if let notice = row.deprecated {
      notes.append("Deprecated since Qdrant \(notice.since.short): use \(notice.replacement).")
    }
    for (value, since) in row.valuesSince.sorted(by: {
      $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
    }) {
      notes.append("The value \(value) needs Qdrant \(since.short).")
    }
    return notes
  }

  /// A bar would end the cell.
  private static func cell(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}
