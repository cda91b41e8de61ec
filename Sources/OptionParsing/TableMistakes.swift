extension CommandTable {
  /// What is wrong with the table itself; empty for a good one. For a test of every table.
  package func mistakes() -> [String] {
    var found: [String] = []
    for subject in [nil] + subcommands {
      let place = ([name] + [subject?.name].compactMap(\.self)).joined(separator: " ")
      found += mistakes(in: allOptions(of: subject)).map { "\(place): \($0)" }
      found += mistakes(in: (subject ?? self).arguments).map { "\(place): \($0)" }
      let sentences = (subject ?? self).arguments.map(\.summary) + [(subject ?? self).summary]
      for sentence in sentences where !sentence.hasSuffix(".") {
        found.append("\(place): no full stop: \(sentence)")
      }
      if subject?.subcommands.isEmpty == false { found.append("\(place): subcommands nest") }
    }
    if Set(subcommands.map(\.name)).count != subcommands.count {
      found.append("\(name): two subcommands of one name")
    }
    if version.isEmpty { found.append("\(name): no version") }
    return found
  }

  private func mistakes(in options: [OptionSpec]) -> [String] {
    var found: [String] = []
    var names: Set<String> = []
    for option in options {
      for form in [option.name, option.short].compactMap(\.self) where !names.insert(form).inserted
      {
        found.append("\(form) stands twice")
      }
      if !option.name.hasPrefix("--") || option.name.count < 4 || option.name.contains("=") {
        found.append("\(option.name) is no name of an option")
      }
      if let short = option.short, short.count != 2 || !short.hasPrefix("-") || short == "--" {
        found.append("\(short) is no short form")
      }
      if !option.summary.hasSuffix(".") { found.append("\(option.name): no full stop") }
      if let standard = option.standard, case .oneOf(_, let words) = option.value {
        let parts = option.repeatable ? standard.split(separator: ",").map(String.init) : [standard]
        if !parts.allSatisfy(words.contains) {
          found.append("\(option.name): the standard value is not allowed")
        }
      }
      if option.standard != nil, option.value == .none {
        found.append("\(option.name): a flag has no standard value")
      }
    }
    return found
  }

  private func mistakes(in arguments: [ArgumentSpec]) -> [String] {
    var found: [String] = []
    for (argument, next) in zip(arguments, arguments.dropFirst()) {
      if argument.count == .any || argument.count == .several {
        found.append("\(argument.name) takes all, so \(next.name) never gets one")
      }
      if argument.count == .optional, next.count == .one || next.count == .several {
        found.append("\(next.name) is required after an optional argument")
      }
    }
    return found
  }
}
