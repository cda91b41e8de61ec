import Diagnostics

/// What a person, or a pipeline, says yes to.
enum Approval {
  /// The command line that was given, with further options: whoever copies it asks for the same.
  static func line(_ options: [String], _ context: CommandContext) -> String {
    let words = context.arguments
    // Behind `--` nothing is an option any more.
    let all = words.contains("--") ? options + words : words + options
    return Sanitizer.line((["qdrant-apply"] + all.map(ShellWord.quoted)).joined(separator: " "))
  }
}
