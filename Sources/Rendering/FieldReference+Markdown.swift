import ResourceModel

extension FieldReference {
  /// Every field of every kind as a page of Markdown: a table a kind.
  package func markdown() -> String {
    let heads = [
      "# Fields",
      "Made from the rows by `qdrant-plan explain --all`; `qdrant-plan explain FIELD` tells more "
        + "of one. `*` stands for a name.",
    ]
    let tables = ResourceKind.allCases.compactMap { kind -> String? in
      let rows = schema.kinds[kind]?.rows ?? []
      guard !rows.isEmpty else { return nil }
      let lines = [
        "## \(kind.rawValue)", "", "| Field | Takes | Changing it | Since | What it is |",
        "|---|---|---|---|---|",
      ]
      return (lines + rows.map(FieldReference.line)).joined(separator: "\n")
    }
    return (heads + tables).joined(separator: "\n\n") + "\n"
  }

  private static func line(_ row: FieldSpec) -> String {
    var since = row.since.map(\.short) ?? ""
    if let removed = row.removedIn { since += " until \(removed.short)" }
    var summary = row.summary
    if let notice = row.deprecated {
      summary += " Deprecated since \(notice.since.short): use \(notice.replacement)."
    }
    let cells = [
      "`\(row.path)`", row.type.expectation, words(row), since, summary,
    ]
    return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
  }
}
