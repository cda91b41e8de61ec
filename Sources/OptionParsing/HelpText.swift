extension CommandTable {
  /// The text of `--help`, for the command or one of its subcommands.
  func help(for subcommand: CommandTable?) -> String {
    let subject = subcommand ?? self
    var lines = TextLayout.paragraph(subject.summary) + [""]
    lines += usage(for: subcommand)
    if subcommand == nil {
      for other in subcommands { lines += usage(for: other, first: "       ") }
    }
    for paragraph in subject.discussion { lines += [""] + TextLayout.paragraph(paragraph) }
    if !subject.arguments.isEmpty {
      lines += HelpText.section("Arguments", subject.arguments.map { ($0.name, $0.summary) })
    }
    lines += HelpText.sections(of: allOptions(of: subcommand))
    if subcommand == nil {
      let rows = subcommands.map { ($0.name, $0.summary) }
      if !rows.isEmpty { lines += HelpText.section("Subcommands", rows) }
    }
    for (title, rows) in [
      ("Environment", subject.environment), ("Exit status", subject.exitStatuses),
      ("Examples", subject.examples),
    ] where !rows.isEmpty {
      lines += HelpText.section(title, rows.map { ($0.term, $0.summary) })
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// `Usage: qdrant-plan [PATH…] [--out FILE]`, in as many lines as it takes.
  func usage(for subcommand: CommandTable?, first: String = "Usage: ") -> [String] {
    let subject = subcommand ?? self
    let start = ([name] + [subcommand?.name].compactMap(\.self)).joined(separator: " ")
    let shown = subcommand == nil ? options + shared : subject.options
    let words = [start] + subject.arguments.map(\.invocation) + shown.map(HelpText.usageWord)
    return TextLayout.wrap(words, first: first, indent: first.count + start.count + 1)
  }
}

/// Pieces of help that the manual page does not share.
enum HelpText {
  /// `[--report F=FILE]…`
  static func usageWord(_ option: OptionSpec) -> String {
    "[\(option.invocation)]" + (option.repeatable ? "…" : "")
  }

  /// `-o, --out FILE`
  static func term(_ option: OptionSpec) -> String {
    (option.short.map { $0 + ", " } ?? "") + option.invocation
  }

  /// The sentence with what else the table knows.
  static func summary(_ option: OptionSpec) -> String {
    var text = option.summary
    if !option.words.isEmpty, option.valueName != option.words.joined(separator: "|") {
      text += " One of: \(option.words.joined(separator: ", "))."
    }
    if option.repeatable { text += " May be given several times." }
    if let standard = option.standard { text += " Default: \(standard)." }
    return text
  }

  static func section(_ title: String, _ rows: [(String, String)]) -> [String] {
    ["", title + ":"] + TextLayout.table(rows.map { (term: $0.0, text: $0.1) })
  }

  /// The options under their headings, which stand in the order of their first option.
  static func grouped(_ options: [OptionSpec]) -> [(title: String, options: [OptionSpec])] {
    var groups: [(title: String, options: [OptionSpec])] = []
    for option in options {
      if let index = groups.firstIndex(where: { $0.title == option.group }) {
        groups[index].options.append(option)
      } else {
        groups.append((option.group, [option]))
      }
    }
    return groups
  }

  static func sections(of options: [OptionSpec]) -> [String] {
    grouped(options).flatMap { group in
      section(group.title, group.options.map { (term($0), summary($0)) })
    }
  }
}
