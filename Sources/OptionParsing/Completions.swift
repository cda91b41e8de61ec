extension CommandTable {
  /// A completion script, made from the same table as the parser.
  package func completions(for shell: Shell) -> String {
    switch shell {
    case .bash: BashCompletions(table: self).script
    case .zsh: ZshCompletions(table: self).script
    case .fish: FishCompletions(table: self).script
    }
  }

  /// The name of the shell function that completes this command.
  var functionName: String { "_" + String(name.map { $0.isLetter || $0.isNumber ? $0 : "_" }) }
}

extension String {
  /// In single quotes, for any of the shells.
  var shellQuoted: String {
    "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}

/// For bash, without the bash-completion package.
private struct BashCompletions {
  let table: CommandTable

  var script: String {
    let function = table.functionName
    var lines = [
      "# bash completion for \(table.name)",
      "# load it with: source <(\(table.name) --completions bash)",
      "\(function)() {",
      "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} "
        + "subcommand= index",
      // An equals sign is a word of its own to bash.
      "  if [[ $current == = ]]; then current=; "
        + "elif [[ $previous == = ]]; then previous=${COMP_WORDS[COMP_CWORD-2]}; fi",
      "  COMPREPLY=()",
    ]
    if !table.subcommands.isEmpty {
      let words = table.subcommands.map(\.name).joined(separator: "|")
      lines += [
        "  for ((index = 1; index < COMP_CWORD; index++)); do",
        "    case ${COMP_WORDS[index]} in \(words)) subcommand=${COMP_WORDS[index]}; break ;; esac",
        "  done",
      ]
    }
    lines.append("  case $subcommand in")
    for other in table.subcommands { lines += branch(other.name, other) }
    lines += branch("*", nil)
    lines += ["  esac", "}", "complete -o filenames -F \(function) \(table.name)"]
    return lines.joined(separator: "\n") + "\n"
  }

  private func branch(_ pattern: String, _ subcommand: CommandTable?) -> [String] {
    let options = table.allOptions(of: subcommand)
    var lines = ["    \(pattern))", "      case $previous in"]
    for option in options where option.valueName != nil {
      let names = [option.name, option.short].compactMap(\.self).joined(separator: "|")
      lines.append("        \(names)) \(reply(to: option)); return ;;")
    }
    lines += [
      "      esac", "      if [[ $current == -* ]]; then",
      "        \(words(options.map(\.name)))", "      else",
    ]
    var plain = subcommand == nil ? table.subcommands.map(\.name) : []
    var files = false
    for argument in (subcommand ?? table).arguments {
      switch argument.completion {
      case .nothing: break
      case .files: files = true
      case .words(let more): plain += more
      }
    }
    lines.append("        \(words(plain))")
    if files { lines.append("        COMPREPLY+=($(compgen -f -- \"$current\"))") }
    return lines + ["      fi ;;"]
  }

  private func reply(to option: OptionSpec) -> String {
    switch option.value {
    case .file: "COMPREPLY=($(compgen -f -- \"$current\"))"
    case .directory: "COMPREPLY=($(compgen -d -- \"$current\"))"
    case .oneOf(_, let list): words(list)
    case .keyed(_, let list, _): "compopt -o nospace; " + words(list.map { $0 + "=" })
    case .none, .text, .integer, .counted: ":"
    }
  }

  private func words(_ list: [String]) -> String {
    "COMPREPLY=($(compgen -W \(list.joined(separator: " ").shellQuoted) -- \"$current\"))"
  }
}

/// For zsh, through `_arguments`.
private struct ZshCompletions {
  let table: CommandTable

  var script: String {
    let function = table.functionName
    var lines = [
      "#compdef \(table.name)", "# zsh completion for \(table.name)", "\(function)() {",
      "  local subcommand= word",
    ]
    if !table.subcommands.isEmpty {
      let words = table.subcommands.map(\.name).joined(separator: "|")
      lines += [
        "  for word in ${words[2,CURRENT-1]}; do",
        "    case $word in \(words)) subcommand=$word; break ;; esac",
        "  done",
      ]
    }
    lines.append("  case $subcommand in")
    for other in table.subcommands { lines += branch(other.name, other) }
    lines += branch("*", nil)
    lines += [
      "  esac", "}",
      "if [[ ${funcstack[1]} == \(function) ]]; then \(function) \"$@\"; "
        + "else compdef \(function) \(table.name); fi",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private func branch(_ pattern: String, _ subcommand: CommandTable?) -> [String] {
    var specs = table.allOptions(of: subcommand).flatMap(spec)
    if subcommand == nil, !table.subcommands.isEmpty {
      let rows = table.subcommands.map { "\(part($0.name))\\:\($0.summary.zshListText)" }
      specs.append("'1:command:((\(rows.joined(separator: " "))))'")
    } else if subcommand != nil {
      specs.append("'1: :(\(part(pattern)))'")
    }
    for argument in (subcommand ?? table).arguments {
      switch argument.completion {
      case .nothing: specs.append("'*:\(part(argument.name)): '")
      case .files: specs.append("'*:\(part(argument.name)):_files'")
      case .words(let words):
        specs.append("'*:\(part(argument.name)):(\(part(words.joined(separator: " "))))'")
      }
    }
    return ["    \(pattern))", "      _arguments -s \\"]
      + specs.map { "        \($0) \\" } + ["        && return 0 ;;"]
  }

  private func spec(_ option: OptionSpec) -> [String] {
    let action =
      switch option.value {
      case .none: ""
      case .text, .integer, .counted: ":\(part(option.valueName ?? "")): "
      case .file: ":\(part(option.valueName ?? "")):_files"
      case .directory: ":\(part(option.valueName ?? "")):_files -/"
      case .oneOf(_, let words): ":value:(\(words.joined(separator: " ")))"
      case .keyed(_, let words, _): ":value:(\(words.map { $0 + "=" }.joined(separator: " ")))"
      }
    let names = [option.name, option.short].compactMap(\.self)
    return names.map { name in
      let equals = option.valueName != nil && name.hasPrefix("--") ? "=" : ""
      return "'\(option.repeatable ? "*" : "")\(name)\(equals)"
        + "[\(part(option.summary))]\(action)'"
    }
  }

  /// Text within a specification in single quotes.
  private func part(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "'": result += "’"
      case "[", "]", ":", "\\": result += "\\" + String(character)
      default: result.append(character)
      }
    }
    return result
  }

}

extension String {
  /// Within a list in double parentheses, which zsh evaluates once more: everything but letters
  /// and digits is escaped, and colons, which end the word, are dashes.
  fileprivate var zshListText: String {
    var result = ""
    for character in self {
      switch character {
      case ":": result += "\\ -"
      case "'": result += "’"
      case _ where character.isLetter || character.isNumber: result.append(character)
      default: result += "\\" + String(character)
      }
    }
    return result
  }
}

/// For fish.
private struct FishCompletions {
  let table: CommandTable

  var script: String {
    var lines = ["# fish completion for \(table.name)", "complete -c \(table.name) -f"]
    let words = table.subcommands.map(\.name).joined(separator: " ")
    let atRoot = words.isEmpty ? "" : " -n 'not __fish_seen_subcommand_from \(words)'"
    for other in table.subcommands {
      lines.append(
        "complete -c \(table.name)\(atRoot) -a \(other.name) -d \(other.summary.shellQuoted)")
    }
    lines += arguments(table.arguments, atRoot)
    for option in table.shared + CommandTable.builtIn { lines.append(line(option, "")) }
    for option in table.options { lines.append(line(option, atRoot)) }
    for other in table.subcommands {
      let within = " -n '__fish_seen_subcommand_from \(other.name)'"
      lines += arguments(other.arguments, within)
      for option in other.options { lines.append(line(option, within)) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func arguments(_ specs: [ArgumentSpec], _ condition: String) -> [String] {
    specs.compactMap { argument in
      switch argument.completion {
      case .nothing: nil
      case .files: "complete -c \(table.name)\(condition) -F"
      case .words(let words):
        "complete -c \(table.name)\(condition) -a \(words.joined(separator: " ").shellQuoted)"
      }
    }
  }

  private func line(_ option: OptionSpec, _ condition: String) -> String {
    var text = "complete -c \(table.name)\(condition) -l \(option.name.dropFirst(2))"
    if let short = option.short { text += " -s \(short.dropFirst())" }
    switch option.value {
    case .none: break
    case .text, .integer, .counted: text += " -x"
    case .file: text += " -r -F"
    case .directory: text += " -x -a '(__fish_complete_directories)'"
    case .oneOf(_, let words): text += " -x -a \(words.joined(separator: " ").shellQuoted)"
    case .keyed(_, let words, _):
      text += " -x -a \(words.map { $0 + "=" }.joined(separator: " ").shellQuoted)"
    }
    return text + " -d \(option.summary.shellQuoted)"
  }
}
