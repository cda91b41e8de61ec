package import OptionParsing

/// The command lines: one table a command, which parser, help, completions and manual read.
package enum CommandTables {
  /// `qdrant-plan`.
  package static let plan = CommandTable(
    name: "qdrant-plan", version: SharedOptions.version,
    summary: "Shows what would change on Qdrant clusters; it never writes to one.",
    arguments: [SharedOptions.paths],
    options: SharedOptions.selection + SharedOptions.consent + SharedOptions.planOutput + [
      OptionSpec(
        "--out", .file("PLANFILE"), group: "Output",
        summary: "Writes the plan to a new file, for qdrant-apply."),
      OptionSpec(
        "--show-rollback", group: "Output", summary: "Prints how the plan would be undone, too."),
      OptionSpec(
        "--rehearse", group: "Output",
        summary:
          "Tries the plan and its rollback on a simulated server with the state that was read."),
      OptionSpec(
        "--detailed-exitcode", group: "Output",
        summary: "Ends with status 2 when there are changes."),
    ],
    shared: SharedOptions.output,
    subcommands: [
      validate, format, show, explain, schema, reference, graph, locate, importing,
    ],
    environment: SharedOptions.environment,
    exitStatuses: SharedOptions.statuses([
      .success, .changesPending, .unchecked, .refused, .usage, .invalidManifests, .unreachable,
      .noPermission,
    ]),
    examples: [
      CommandTable.Row("qdrant-plan manifests --out plan.json", "plans, and keeps the plan"),
      CommandTable.Row("qdrant-plan explain hnsw_config.m", "what a field does"),
    ])

  private static let validate = CommandTable(
    name: "validate",
    summary: "Checks manifests without a server: syntax, fields, references, names, rules.",
    arguments: [SharedOptions.paths],
    options: [
      SharedOptions.manifestEnvironment,
      OptionSpec(
        "--server", .text("VERSION"), summary: "Also checks that such servers know everything."),
      OptionSpec(
        "--format", .oneOf(["text", "json", "sarif", "github"]), standard: "text",
        summary: "How findings are printed."),
      OptionSpec(
        "--fix", summary: "Edits manifests where a policy is violated and one edit mends it."),
    ])

  private static let format = CommandTable(
    name: "fmt",
    summary: "Writes manifests in the one canonical form; comments and meaning stay.",
    arguments: [
      ArgumentSpec(
        "PATH", .any, completion: .files,
        summary: "Files, folders (default: manifests), or - from standard input to output.")
    ],
    options: [
      OptionSpec(
        "--check",
        summary: "Writes nothing; tells which files would change, and ends with status 2.")
    ])

  private static let show = CommandTable(
    name: "show", summary: "Prints a stored plan.",
    arguments: [
      ArgumentSpec(
        "PLANFILE", .one, completion: .files, summary: "A file made with --out.")
    ],
    options: [
      OptionSpec(
        "--format", .oneOf(SharedOptions.planFormats), standard: "text",
        summary: "What standard output gets."),
      OptionSpec("--show-rollback", summary: "Prints how the plan would be undone, too."),
    ])

  private static let explain = CommandTable(
    name: "explain",
    summary:
      "Tells what a field does, what a rule or code means, or where a resource's values come from.",
    arguments: [
      ArgumentSpec(
        "FIELD|RULE|CODE|ADDRESS", .one, completion: .nothing,
        summary: "hnsw_config.m, index.type, P001, R302, alias-required, or collection/products."),
      SharedOptions.paths,
    ], options: [SharedOptions.manifestEnvironment])

  private static let locate = CommandTable(
    name: "locate",
    summary: "Tells where the documents of a path live, or which paths a collection serves.",
    arguments: [
      ArgumentSpec(
        "HIERARCHY PATH MANIFESTS", .any, completion: .files,
        summary: "A hierarchy, the values of its levels joined by /, and manifests; "
          + "with --collection or --mapping manifests only.")
    ],
    options: [
      SharedOptions.manifestEnvironment,
      OptionSpec(
        "--collection", .text("NAME"),
        summary: "Tells which paths this collection, or alias, serves."
      ),
      OptionSpec(
        "--mapping", .file("FILE"),
        summary: "Writes the whole mapping to a new file, for applications to read."),
      OptionSpec(
        "--format", .oneOf(["text", "json"]), standard: "text", summary: "How it is printed."),
    ])

  private static let schema = CommandTable(
    name: "schema", summary: "Prints the JSON Schema of manifests, for editors.")

  private static let reference = CommandTable(
    name: "reference", summary: "Prints the reference of all fields as Markdown.")

  private static let graph = CommandTable(
    name: "graph", summary: "Prints the steps of a plan as a graph: what each needs leads to it.",
    arguments: [
      ArgumentSpec(
        "PLANFILE|PATH", .any, completion: .files,
        summary: "A plan made with --out, or manifests to plan now (default: manifests).")
    ],
    options: SharedOptions.selection + SharedOptions.consent + [
      OptionSpec(
        "--format", .oneOf(["dot", "mermaid"]), standard: "dot", summary: "How it is written.")
    ])

  private static let importing = CommandTable(
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
      OptionSpec(
        "--classes", group: "Output",
        summary: "Says what collections have in common in classes, where that is shorter."),
    ])

  /// `qdrant-drift`.
  package static let drift = CommandTable(
    name: "qdrant-drift", version: SharedOptions.version,
    summary: "Reports what differs between manifests and servers; it never writes to one.",
    arguments: [SharedOptions.paths],
    options: SharedOptions.selection + [
      OptionSpec(
        "--format", .oneOf(["text", "json"]), standard: "text", group: "Output",
        summary: "What standard output gets."),
      OptionSpec(
        "--report", .keyed("FORMAT", ["text", "json"], "FILE"), repeatable: true,
        group: "Output", summary: "Writes a further form to a new file."),
      OptionSpec(
        "--fail-on", .oneOf(["drift", "pending", "unmanaged", "unchecked", "never"]),
        repeatable: true, standard: "drift,unchecked",
        summary: "What makes the status other than 0."),
    ],
    shared: SharedOptions.output,
    environment: SharedOptions.environment,
    exitStatuses: SharedOptions.statuses([
      .success, .drift, .unchecked, .usage, .invalidManifests, .unreachable, .noPermission,
    ]),
    examples: [
      CommandTable.Row(
        "qdrant-drift manifests --format json", "what changed behind the repository's back")
    ])
}
