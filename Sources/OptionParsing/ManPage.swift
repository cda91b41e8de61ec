extension CommandTable {
  /// The manual page (section 1) in roff.
  package func manPage() -> String {
    var page = ManPage()
    page.line(
      ".TH \"\(ManPage.argument(name.uppercased()))\" 1 \"\" "
        + "\"\(ManPage.argument("\(name) \(version)"))\" \"User Commands\"")
    page.heading("NAME")
    page.text("\(name) - \(summary)")
    page.heading("SYNOPSIS")
    synopsis(of: nil, into: &page)
    for other in subcommands { synopsis(of: other, into: &page) }
    page.heading("DESCRIPTION")
    for paragraph in [summary] + discussion { page.paragraph(paragraph) }
    page.arguments(arguments)
    for group in HelpText.grouped(allOptions(of: nil)) {
      page.heading(group.title.uppercased())
      for option in group.options { page.option(option) }
    }
    if !subcommands.isEmpty { page.heading("SUBCOMMANDS") }
    for other in subcommands {
      page.subheading("\(name) \(other.name)")
      for paragraph in [other.summary] + other.discussion { page.paragraph(paragraph) }
      for argument in other.arguments { page.entry(argument.name, argument.summary) }
      for option in other.options { page.option(option) }
    }
    for (title, rows) in [
      ("ENVIRONMENT", environment), ("EXIT STATUS", exitStatuses), ("EXAMPLES", examples),
    ] where !rows.isEmpty {
      page.heading(title)
      for row in rows { page.entry(row.term, row.summary) }
    }
    return page.output
  }

  private func synopsis(of subcommand: CommandTable?, into page: inout ManPage) {
    let subject = subcommand ?? self
    let shown = subcommand == nil ? options + shared : subject.options
    let words = subject.arguments.map(\.invocation) + shown.map(HelpText.usageWord)
    let start = ([name] + [subcommand?.name].compactMap(\.self)).joined(separator: " ")
    page.line(".HP")
    page.line("\\fB\(ManPage.escape(start))\\fR " + ManPage.escape(words.joined(separator: " ")))
  }
}

/// Writes roff; all text is escaped, so that none of it can be a macro.
private struct ManPage {
  var output = ""

  mutating func line(_ text: String) { output += text + "\n" }

  mutating func heading(_ title: String) { line(".SH \"\(ManPage.argument(title))\"") }

  mutating func subheading(_ title: String) { line(".SS \"\(ManPage.argument(title))\"") }

  mutating func text(_ text: String) { line(ManPage.escape(text)) }

  mutating func paragraph(_ text: String) {
    line(".PP")
    self.text(text)
  }

  mutating func entry(_ term: String, _ summary: String) {
    line(".TP")
    line("\\fB\(ManPage.escape(term))\\fR")
    text(summary)
  }

  mutating func arguments(_ arguments: [ArgumentSpec]) {
    guard !arguments.isEmpty else { return }
    heading("ARGUMENTS")
    for argument in arguments { entry(argument.name, argument.summary) }
  }

  mutating func option(_ option: OptionSpec) {
    entry(HelpText.term(option), HelpText.summary(option))
  }

  /// Text within a line: backslashes and dashes are roff's own, a first dot or quote is a macro.
  static func escape(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "…": result += "..."
      case "\n": result += " "
      default: result.append(character)
      }
    }
    return result.hasPrefix(".") || result.hasPrefix("'") ? "\\&" + result : result
  }

  /// Text within the quotes of a macro's argument.
  static func argument(_ text: String) -> String {
    escape(text).split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\\(dq")
  }
}
