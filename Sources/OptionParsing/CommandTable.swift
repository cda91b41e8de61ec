/// All that is to know about a command's line: one literal, read by the parser, help, completions
/// and the manual page.
///
/// `--help`, `--version`, `--completions SHELL` and `--man-page` are every command's own and are
/// not listed. No option may carry a secret: all users of a machine can read arguments.
package struct CommandTable: Sendable, Equatable {
  /// A line of a list with two columns, such as an exit status and what it means.
  package struct Row: Sendable, Equatable {
    package var term: String
    package var summary: String

    package init(_ term: String, _ summary: String) {
      self.term = term
      self.summary = summary
    }
  }

  /// The program's name, or the subcommand's word.
  package var name: String
  /// What `--version` prints; subcommands leave it empty.
  package var version: String
  /// One sentence.
  package var summary: String
  /// Paragraphs that help and the manual page show below the usage line.
  package var discussion: [String]
  package var arguments: [ArgumentSpec]
  package var options: [OptionSpec]
  /// Options of this command and of all its subcommands.
  package var shared: [OptionSpec]
  package var subcommands: [CommandTable]
  /// Environment variables that the command reads.
  package var environment: [Row]
  package var exitStatuses: [Row]
  /// Command lines with what they do.
  package var examples: [Row]
  /// Said to a person who tried to give a secret as an option.
  package var secretHint: String

  package init(
    name: String, version: String = "", summary: String, discussion: [String] = [],
    arguments: [ArgumentSpec] = [], options: [OptionSpec] = [], shared: [OptionSpec] = [],
    subcommands: [CommandTable] = [], environment: [Row] = [], exitStatuses: [Row] = [],
    examples: [Row] = [], secretHint: String = CommandTable.usualSecretHint
  ) {
    self.name = name
    self.version = version
    self.summary = summary
    self.discussion = discussion
    self.arguments = arguments
    self.options = options
    self.shared = shared
    self.subcommands = subcommands
    self.environment = environment
    self.exitStatuses = exitStatuses
    self.examples = examples
    self.secretHint = secretHint
  }

  package static let usualSecretHint =
    "keys are never arguments, which every user of the machine can read: set QDRANT_API_KEY, or "
    + "refer to a key in a Cluster manifest, as in 'api_key: {env: NAME}' or '{file: PATH}'"

  /// The options that every command has.
  static let builtIn: [OptionSpec] = [
    OptionSpec("--help", short: "-h", group: "Other options", summary: "Prints this help."),
    OptionSpec("--version", group: "Other options", summary: "Prints the version."),
    OptionSpec(
      "--completions", .oneOf(Shell.allCases.map(\.rawValue)), group: "Other options",
      summary: "Prints a completion script for that shell."),
    OptionSpec(
      "--man-page", group: "Other options", summary: "Prints the manual page in roff."),
  ]

  /// A subcommand by its word.
  func subcommand(_ word: String) -> CommandTable? {
    subcommands.first { $0.name.utf8.elementsEqual(word.utf8) }
  }

  /// The subcommand that a mistyped word was likely meant to be.
  package func subcommand(near word: String) -> String? {
    Suggestions.nearest(to: word, among: subcommands.map(\.name))
  }

  /// The options of this command, or of one of its subcommands, without the built-in ones.
  func options(of subcommand: CommandTable?) -> [OptionSpec] {
    (subcommand?.options ?? options) + shared
  }

  /// Those and the built-in ones, in the order of help.
  func allOptions(of subcommand: CommandTable?) -> [OptionSpec] {
    options(of: subcommand) + CommandTable.builtIn
  }
}

/// The shells that completions are written for.
package enum Shell: String, Sendable, CaseIterable {
  case bash
  case zsh
  case fish
}
