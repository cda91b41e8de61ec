/// One option of a command: parsing, help, completions and the manual page all read it.
package struct OptionSpec: Sendable, Equatable {
  /// What follows an option's name.
  package enum Value: Sendable, Equatable {
    /// Nothing: the option is given or it is not.
    case none
    /// Any text; the string is what help calls it.
    case text(String)
    /// The path of a file; shells complete it.
    case file(String)
    /// The path of a folder; shells complete it.
    case directory(String)
    /// A whole number within bounds.
    case integer(String, ClosedRange<Int>)
    /// One of a few words; a repeatable option takes several with commas between them, too.
    case oneOf(String, [String])
    /// `WORD=TEXT` with the word from a list, split at the first `=`.
    case keyed(String, [String], String)
    /// `TEXT=COUNT` with a count that is not negative, split at the last `=`: names may hold one.
    case counted(String, String)
  }

  /// The name with its two dashes.
  package var name: String
  /// The short form with its dash, `-o`.
  package var short: String?
  package var value: Value
  package var repeatable: Bool
  /// What holds when the option is not given, as it would be written.
  package var standard: String?
  /// The heading in help under which it stands.
  package var group: String
  /// One sentence or a few, without markup.
  package var summary: String

  package init(
    _ name: String, short: String? = nil, _ value: Value = .none, repeatable: Bool = false,
    standard: String? = nil, group: String = "Options", summary: String
  ) {
    self.name = name
    self.short = short
    self.value = value
    self.repeatable = repeatable
    self.standard = standard
    self.group = group
    self.summary = summary
  }

  /// How help names the value, `auto|always|never` or `FILE`; nil for none.
  package var valueName: String? {
    switch value {
    case .none: nil
    case .text(let name), .file(let name), .directory(let name), .integer(let name, _),
      .oneOf(let name, _):
      name
    case .keyed(let key, _, let name): "\(key)=\(name)"
    case .counted(let name, let count): "\(name)=\(count)"
    }
  }

  /// The words that are allowed as the value, or before its `=`.
  package var words: [String] {
    switch value {
    case .oneOf(_, let words), .keyed(_, let words, _): words
    default: []
    }
  }

  /// `--out FILE`, as it stands in a usage line.
  var invocation: String { valueName.map { "\(name) \($0)" } ?? name }
}

extension OptionSpec.Value {
  /// One of a few words, named in help by listing them.
  package static func oneOf(_ words: [String]) -> OptionSpec.Value {
    .oneOf(words.joined(separator: "|"), words)
  }
}

/// What a command takes besides options.
package struct ArgumentSpec: Sendable, Equatable {
  /// How many there may be.
  package enum Count: Sendable, Equatable {
    case one
    case optional
    case any
    case several
  }

  /// What shells complete.
  package enum Completion: Sendable, Equatable {
    case nothing
    case files
    case words([String])
  }

  /// What help calls it, `PATH`.
  package var name: String
  package var count: Count
  package var completion: Completion
  package var summary: String

  package init(
    _ name: String, _ count: Count, completion: Completion = .nothing, summary: String
  ) {
    self.name = name
    self.count = count
    self.completion = completion
    self.summary = summary
  }

  /// `[PATH…]`, as it stands in a usage line.
  var invocation: String {
    switch count {
    case .one: name
    case .optional: "[\(name)]"
    case .any: "[\(name)…]"
    case .several: "\(name)…"
    }
  }
}
