import OptionParsing

/// The command lines of `qdrant-plan` that help to write manifests.
enum AuthoringTables {
  static let importing = CommandTable(
    name: "import", summary: "Writes manifests for what is live on a cluster.",
    arguments: [SharedOptions.paths],
    options: [
      SharedOptions.manifestEnvironment,
      OptionSpec(
        "--url", .text("URL"), group: "Cluster",
        summary: "The server; its key is read from QDRANT_API_KEY."),
      OptionSpec(
        "--cluster", .text("NAME"), group: "Cluster",
        summary: "Without --url, a cluster of the manifests; with it, how to call the cluster."),
      OptionSpec(
        "--only", .text("PATTERN"), repeatable: true, group: "Selection",
        summary: "Only collections of such names; * stands for any text."),
      OptionSpec(
        "--out", .file("FOLDER"), group: "Output",
        summary: "Writes a file for each collection there, not one text to standard output."),
      OptionSpec("--force", group: "Output", summary: "Replaces files that are there already."),
      OptionSpec("--classes", group: "Output", summary: "Not built yet."),
    ])
}
