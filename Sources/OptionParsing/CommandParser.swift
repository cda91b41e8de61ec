extension CommandTable {
  /// Reads a command line (without the program's name).
  ///
  /// `--name value` and `--name=value` are the same; `--` ends the options; the first argument
  /// that is a subcommand's word selects it (write `./word` for a path of that name). An empty
  /// value or argument is refused: it is nearly always a shell variable that was not set.
  package func parse(_ line: some Sequence<String>) throws(UsageError) -> ParsedLine {
    var parser = CommandParser(table: self)
    return try parser.parse(Array(line))
  }
}

/// Walks over a command line once.
private struct CommandParser {
  let table: CommandTable
  var subcommand: CommandTable?
  var options: [OptionSpec]
  var given: [String: [String]] = [:]
  var arguments: [String] = []

  init(table: CommandTable) {
    self.table = table
    options = table.allOptions(of: nil)
  }

  mutating func parse(_ line: [String]) throws(UsageError) -> ParsedLine {
    var index = 0
    var optionsEnded = false
    while index < line.count {
      let word = line[index]
      index += 1
      if optionsEnded || word == "-" || !word.hasPrefix("-") {
        try take(argument: word, mayBeSubcommand: !optionsEnded)
      } else if word == "--" {
        optionsEnded = true
      } else {
        let (option, inline) = try option(of: word)
        if case .none = option.value {
          guard inline == nil else { throw failure(.unexpectedValue(option.name)) }
          given[option.name] = [""]
        } else {
          var value = inline
          if value == nil { value = try separateValue(of: option, in: line, at: &index) }
          try take(value: value ?? "", for: option)
        }
        if let text = builtIn(option.name) { return .print(text) }
      }
    }
    try checkArguments()
    return .run(
      ParsedCommand(
        subcommand: subcommand?.name, arguments: arguments, given: given, known: knownOptions()))
  }

  /// The option that a word names, and what stands behind its `=`.
  private func option(of word: String) throws(UsageError) -> (OptionSpec, String?) {
    let at = word.firstIndex(of: "=")
    let name = String(at.map { word[..<$0] } ?? word[...])
    let inline = at.map { String(word[word.index(after: $0)...]) }
    if let option = options.first(where: { $0.name == name || $0.short == name }) {
      return (option, inline)
    }
    let elsewhere = ([nil] + table.subcommands).contains { other in
      table.options(of: other).contains { $0.name == name || $0.short == name }
    }
    if elsewhere { throw failure(.optionOfAnotherCommand(name)) }
    if CommandParser.looksLikeSecret(name) {
      throw failure(.secretOption(name), hint: table.secretHint)
    }
    throw failure(
      .unknownOption(name),
      suggestion: Suggestions.nearest(to: name, among: options.map(\.name)))
  }

  /// Names under which people try to pass keys.
  private static func looksLikeSecret(_ name: String) -> Bool {
    let plain = name.lowercased().filter { $0 != "-" && $0 != "_" }
    return ["apikey", "token", "password", "passwd", "secret", "credential", "jwt", "bearer"]
      .contains { plain.contains($0) } || plain == "key"
  }

  private func separateValue(
    of option: OptionSpec, in line: [String], at index: inout Int
  ) throws(UsageError) -> String {
    guard index < line.count else { throw failure(.missingValue(option, next: nil)) }
    let next = line[index]
    if next.hasPrefix("-"), next != "-", Int(next) == nil {
      throw failure(
        .missingValue(option, next: next),
        hint: "for a value that begins with a dash write '\(option.name)=…'")
    }
    index += 1
    return next
  }

  private mutating func take(value: String, for option: OptionSpec) throws(UsageError) {
    guard !value.isEmpty else {
      throw failure(.emptyValue(option.name), hint: "is a shell variable not set?")
    }
    if given[option.name] != nil, !option.repeatable { throw failure(.repeated(option.name)) }
    switch option.value {
    case .none, .text, .file, .directory: break
    case .integer(_, let range):
      guard let number = Int(value), range.contains(number) else {
        throw failure(.notInteger(option: option.name, value: value, range))
      }
    case .oneOf(_, let words):
      let parts =
        option.repeatable ? value.split(separator: ",").map(String.init) : [value]
      if parts.isEmpty { throw failure(.emptyValue(option.name)) }
      for part in parts { try check(part, among: words, of: option) }
    case .keyed(_, let words, _):
      guard let at = value.firstIndex(of: "="), value.index(after: at) < value.endIndex else {
        throw failure(
          .malformed(option: option.name, value: value, form: option.valueName ?? ""))
      }
      try check(String(value[..<at]), among: words, of: option)
    case .counted:
      guard let at = value.lastIndex(of: "="), at > value.startIndex,
        let count = Int(value[value.index(after: at)...]), count >= 0
      else {
        throw failure(
          .malformed(option: option.name, value: value, form: option.valueName ?? ""))
      }
    }
    given[option.name, default: []].append(value)
  }

  private func check(
    _ word: String, among words: [String], of option: OptionSpec
  ) throws(UsageError) {
    guard !words.contains(word) else { return }
    throw failure(
      .notAllowed(option: option.name, value: word, words: words),
      suggestion: Suggestions.nearest(to: word, among: words))
  }

  private mutating func take(argument: String, mayBeSubcommand: Bool) throws(UsageError) {
    guard !argument.isEmpty else {
      throw failure(.emptyArgument, hint: "is a shell variable not set?")
    }
    if mayBeSubcommand, subcommand == nil, arguments.isEmpty,
      let selected = table.subcommand(argument)
    {
      subcommand = selected
      options = table.allOptions(of: selected)
      let lost = given.keys.sorted().first { name in !options.contains { $0.name == name } }
      if let lost { throw failure(.optionOfAnotherCommand(lost)) }
      return
    }
    arguments.append(argument)
  }

  private func checkArguments() throws(UsageError) {
    let specs = subcommand?.arguments ?? table.arguments
    let required = specs.filter { $0.count == .one || $0.count == .several }
    if arguments.count < required.count {
      throw failure(.missingArgument(required[arguments.count].name))
    }
    let open = specs.contains { $0.count == .any || $0.count == .several }
    if !open, arguments.count > specs.count {
      let extra = arguments[specs.count]
      let words = subcommand == nil ? table.subcommands.map(\.name) : []
      throw failure(
        .unexpectedArgument(extra), suggestion: Suggestions.nearest(to: extra, among: words))
    }
  }

  /// The text that a built-in option asks for.
  private func builtIn(_ name: String) -> String? {
    switch name {
    case "--help": table.help(for: subcommand)
    case "--version": "\(table.name) \(table.version)\n"
    case "--man-page": table.manPage()
    case "--completions":
      given[name]?.last.flatMap(Shell.init(rawValue:)).map { table.completions(for: $0) }
    default: nil
    }
  }

  private func knownOptions() -> [String: OptionSpec] {
    var known: [String: OptionSpec] = [:]
    for other in table.subcommands { for option in other.options { known[option.name] = option } }
    for option in table.allOptions(of: subcommand) { known[option.name] = option }
    for option in table.options where known[option.name] == nil { known[option.name] = option }
    return known
  }

  private func failure(
    _ reason: UsageError.Reason, suggestion: String? = nil, hint: String? = nil
  ) -> UsageError {
    UsageError(
      reason: reason,
      command: ([table.name] + [subcommand?.name].compactMap(\.self)).joined(
        separator: " "), suggestion: suggestion, hint: hint)
  }
}
