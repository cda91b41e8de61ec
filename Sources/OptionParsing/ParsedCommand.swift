/// What stood on a command line, checked against its table.
///
/// Getters take the option's name with its dashes. A name that stands nowhere in the table is a
/// mistake of the program and traps; one of another subcommand is merely not given.
package struct ParsedCommand: Sendable {
  /// The subcommand's word; nil for the command itself.
  package var subcommand: String?
  /// Everything that is no option, in order.
  package var arguments: [String]
  /// Values as they stood on the line, by the option's full name; a flag has an empty text.
  var given: [String: [String]]
  /// Every option that stands in the table, subcommands included, by its full name.
  let known: [String: OptionSpec]

  /// The first argument.
  package var argument: String? { arguments.first }

  /// Whether the option stood on the line.
  package func has(_ name: String) -> Bool {
    _ = spec(name)
    return given[name] != nil
  }

  /// The value given, or the standard one.
  package func text(_ name: String) -> String? { texts(name).last }

  /// All values given, or the standard one.
  package func texts(_ name: String) -> [String] {
    let spec = spec(name)
    let raw = given[name] ?? spec.standard.map { [$0] } ?? []
    guard spec.repeatable, case .oneOf = spec.value else { return raw }
    return raw.flatMap { $0.split(separator: ",").map(String.init) }
  }

  /// The value of an option that takes a whole number.
  package func integer(_ name: String) -> Int? { text(name).flatMap { Int($0) } }

  /// The value of an option that takes one of a few words, as an enumeration of those words.
  package func choice<Choice: RawRepresentable<String>>(
    _ name: String, as type: Choice.Type = Choice.self
  ) -> Choice? {
    text(name).flatMap(Choice.init(rawValue:))
  }

  /// The values of a repeatable option that takes one of a few words.
  package func choices<Choice: RawRepresentable<String>>(
    _ name: String, as type: Choice.Type = Choice.self
  ) -> [Choice] {
    texts(name).compactMap(Choice.init(rawValue:))
  }

  /// The two halves of each `WORD=TEXT`.
  package func pairs(_ name: String) -> [(key: String, value: String)] {
    texts(name).compactMap { text in
      guard let at = text.firstIndex(of: "=") else { return nil }
      return (String(text[..<at]), String(text[text.index(after: at)...]))
    }
  }

  /// The two halves of each `TEXT=COUNT`.
  package func counts(_ name: String) -> [(key: String, count: Int)] {
    texts(name).compactMap { text in
      guard let at = text.lastIndex(of: "="), let count = Int(text[text.index(after: at)...])
      else { return nil }
      return (String(text[..<at]), count)
    }
  }

  private func spec(_ name: String) -> OptionSpec {
    guard let spec = known[name] else {
      preconditionFailure("the option \(name) stands in no table of this command")
    }
    return spec
  }
}

/// What a command line asks for.
package enum ParsedLine: Sendable {
  /// Do the work.
  case run(ParsedCommand)
  /// Print this and succeed: help, the version, completions, the manual page.
  case print(String)
}
