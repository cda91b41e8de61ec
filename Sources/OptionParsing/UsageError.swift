/// A command line that cannot be understood; the exit status for it is 64.
package struct UsageError: Error, Sendable, Equatable {
  /// The fact, without prose.
  package enum Reason: Sendable, Equatable {
    case unknownOption(String)
    case secretOption(String)
    case optionOfAnotherCommand(String)
    case missingValue(OptionSpec, next: String?)
    case emptyValue(String)
    case unexpectedValue(String)
    case repeated(String)
    case notAllowed(option: String, value: String, words: [String])
    case notInteger(option: String, value: String, ClosedRange<Int>)
    case malformed(option: String, value: String, form: String)
    case emptyArgument
    case unexpectedArgument(String)
    case missingArgument(String)
  }

  package var reason: Reason
  /// The command and its subcommand, as one writes them.
  package var command: String
  /// What was likely meant; nil when nothing is near.
  package var suggestion: String?
  /// Advice in place of a suggestion.
  package var hint: String?

  /// What is printed on standard error: the error, a hint, and where help is.
  package var text: String {
    var lines = ["\(command): \(message)"]
    if let suggestion { lines.append("  did you mean '\(suggestion)'?") }
    if let hint { lines.append("  " + hint) }
    lines.append("Run '\(command) --help' for all options.")
    return lines.joined(separator: "\n") + "\n"
  }

  /// One line, without a value where that could be a secret.
  package var message: String {
    switch reason {
    case .unknownOption(let name), .secretOption(let name):
      "unknown option '\(name.escapedForTerminal)'"
    case .optionOfAnotherCommand(let name): "'\(command)' has no option '\(name)'"
    case .missingValue(let option, _):
      "'\(option.name)' needs a value: \(option.invocation)"
    case .emptyValue(let name): "the value of '\(name)' is empty"
    case .unexpectedValue(let name): "'\(name)' takes no value"
    case .repeated(let name): "'\(name)' is given twice"
    case .notAllowed(let option, let value, let words):
      "'\(value.escapedForTerminal)' is no value of '\(option)': "
        + words.joined(separator: ", ")
    case .notInteger(let option, let value, let range):
      "'\(option)' needs a whole number from \(range.lowerBound) to \(range.upperBound), "
        + "not '\(value.escapedForTerminal)'"
    case .malformed(let option, let value, let form):
      "'\(option)' needs \(form), not '\(value.escapedForTerminal)'"
    case .emptyArgument: "an argument is empty"
    case .unexpectedArgument(let text): "unexpected argument '\(text.escapedForTerminal)'"
    case .missingArgument(let name): "\(name) is missing"
    }
  }
}

extension String {
  /// Without control characters, which could drive a terminal, and of bounded length.
  var escapedForTerminal: String {
    var result = ""
    for scalar in unicodeScalars.prefix(200) {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return unicodeScalars.count > 200 ? result + "…" : result
  }
}
