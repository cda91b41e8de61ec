import OptionParsing

/// The command lines of `qdrant-plan` that help to write and to read manifests.
enum AuthoringTables {
  static let graph = CommandTable(
    name: "graph", summary: "Draws the steps of a plan, and what waits for what.",
    arguments: [
      ArgumentSpec(
        "PATH|PLANFILE", .any, completion: .files,
        summary: "Manifests to plan, or a plan made with --out (default: manifests).")
    ],
    options: SharedOptions.selection + SharedOptions.consent + [
      OptionSpec(
        "--format", .oneOf(["dot", "mermaid"]), standard: "dot", group: "Output",
        summary: "The language of the graph.")
    ])

  static let importing = CommandTable(
    name: "import", summary: "Writes manifests for what is live on a cluster.",
    arguments: [SharedOptions.paths],
    options: [
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
