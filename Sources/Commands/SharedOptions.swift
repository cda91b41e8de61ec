import OptionParsing

/// Options and rows that several commands have.
enum SharedOptions {
  /// The version of all commands.
  static let version = "0.1.0"

  static let paths = ArgumentSpec(
    "PATH", .any, completion: .files,
    summary: "Manifests: files, folders, or - for standard input (default: manifests).")

  static let output: [OptionSpec] = [
    OptionSpec(
      "--color", .oneOf(["auto", "always", "never"]), standard: "auto", group: "Output",
      summary: "When to colour; NO_COLOR is respected."),
    OptionSpec("--quiet", group: "Output", summary: "Prints the verdict only."),
    OptionSpec(
      "--verbose", group: "Output", summary: "Prints the requests, or what is in sync, too."),
  ]

  /// Which variables and overlays are used.
  static let manifestEnvironment = OptionSpec(
    "--environment", .text("NAME"), group: "Selection",
    summary: "The environment whose variables, overlays and clusters are used.")

  static let selection: [OptionSpec] = [
    manifestEnvironment,
    OptionSpec(
      "--cluster", .text("NAME"), repeatable: true, group: "Selection",
      summary: "Only this cluster."),
    OptionSpec(
      "--only", .text("ADDRESS"), repeatable: true, group: "Selection",
      summary: "Only this collection, as in collection/products."),
    OptionSpec(
      "--except", .text("ADDRESS"), repeatable: true, group: "Selection",
      summary: "All but this collection."),
  ]

  static let acceptLoss = OptionSpec(
    "--accept-loss", .counted("ADDRESS", "COUNT"), repeatable: true, group: "Consent",
    summary: "Agrees that the resource goes with at most so many points.")

  static let consent: [OptionSpec] = [
    acceptLoss,
    OptionSpec(
      "--adopt", group: "Consent",
      summary: "Writes our mark also on collections that bear none and that nothing else changes."),
    OptionSpec(
      "--prune", group: "Consent",
      summary: "Plans the removal of collections that bear our mark and stand in no manifest."),
  ]

  /// The forms that a plan is printed in.
  static let planFormats = ["text", "json", "markdown"]

  static let planOutput: [OptionSpec] = [
    OptionSpec(
      "--format", .oneOf(planFormats), standard: "text", group: "Output",
      summary: "What standard output gets."),
    OptionSpec(
      "--report", .keyed("FORMAT", planFormats, "FILE"), repeatable: true, group: "Output",
      summary: "Writes a further form to a new file."),
  ]

  static let environment: [CommandTable.Row] = [
    CommandTable.Row(
      "QDRANT_URL", "A cluster without a Cluster manifest; with QDRANT_API_KEY as its key."),
    CommandTable.Row("NO_COLOR", "No colours, when it is set and not empty."),
    CommandTable.Row("TERM", "No colours, when it is dumb."),
  ]

  /// The rows of help for those statuses.
  static func statuses(_ list: [ExitStatus]) -> [CommandTable.Row] {
    list.map { CommandTable.Row(String($0.rawValue), $0.meaning) }
  }
}
