import OptionParsing

/// A table with one of everything.
let sample = CommandTable(
  name: "qdrant-sample", version: "1.2.3", summary: "Compares things.",
  discussion: ["It says so's \"well\": \\ and [brackets]."],
  arguments: [
    ArgumentSpec("PATH", .any, completion: .files, summary: "Manifests or folders.")
  ],
  options: [
    OptionSpec("--out", short: "-o", .file("FILE"), summary: "Where the plan's file goes."),
    OptionSpec(
      "--accept-loss", .counted("ADDRESS", "COUNT"), repeatable: true, group: "Selection",
      summary: "Points that may be lost."),
    OptionSpec("--port", .integer("PORT", 0...65535), standard: "6333", summary: "The port."),
    OptionSpec("--prune", group: "Selection", summary: "Removes the rest."),
    OptionSpec(
      "--report", .keyed("F", ["text", "html"], "FILE"), repeatable: true,
      summary: "Further forms."),
    OptionSpec(
      "--fail-on", .oneOf(["drift", "pending", "never"]), repeatable: true,
      standard: "drift,pending", summary: "What makes the command fail."),
  ],
  shared: [
    OptionSpec(
      "--color", .oneOf(["auto", "always", "never"]), standard: "auto", summary: "Colour.")
  ],
  subcommands: [
    CommandTable(
      name: "validate", summary: "Checks: offline.",
      arguments: [ArgumentSpec("PATH", .any, completion: .files, summary: "Manifests.")],
      options: [OptionSpec("--server", .text("VERSION"), summary: "The server's version.")]),
    CommandTable(
      name: "locate", summary: "Says where a document goes.",
      arguments: [
        ArgumentSpec("HIERARCHY", .one, summary: "The hierarchy."),
        ArgumentSpec("DOCUMENT", .one, summary: "The document."),
      ]),
  ],
  environment: [.init("QDRANT_URL", "The server.")],
  exitStatuses: [.init("0", "In sync."), .init("64", "Usage.")],
  examples: [.init("qdrant-sample manifests", "Compares all.")])

/// What a line that is to run says.
func run(_ line: [String]) throws -> ParsedCommand {
  guard case .run(let command) = try sample.parse(line) else { throw NotRun() }
  return command
}

/// What a line prints.
func printed(_ line: [String]) throws -> String {
  guard case .print(let text) = try sample.parse(line) else { throw NotRun() }
  return text
}

/// The error of a line that cannot be understood.
func failure(_ line: [String]) -> UsageError? {
  do throws(UsageError) {
    _ = try sample.parse(line)
    return nil
  } catch { return error }
}

struct NotRun: Error {}
