package import OptionParsing

extension CommandTables {
  /// `qdrant-apply`.
  package static let apply = CommandTable(
    name: "qdrant-apply", version: SharedOptions.version,
    summary: "Carries out a plan on Qdrant clusters, step by step, and reads everything back.",
    discussion: [
      "A plan file is applied as it is: options that select or change a plan belong to "
        + "qdrant-plan.",
      "With --format json or markdown standard output gets one document when all is over, the plan "
        + "with what became of it (json: 'run' with id, end, done, steps and causes, and the exit "
        + "'status'); everything else goes to standard error.",
    ],
    arguments: [
      ArgumentSpec(
        "PLANFILE|PATH", .any, completion: .files,
        summary: "One plan file, or manifests to plan first (default: manifests).")
    ],
    options: SharedOptions.selection + SharedOptions.consent + SharedOptions.planOutput + [
      OptionSpec(
        "--yes", group: "Consent", summary: "Applies what was planned from paths without asking."),
      OptionSpec(
        "--expect-digest", .text("ID"), group: "Consent",
        summary: "Refuses any other plan than the one with this id (at least 8 digits of it)."),
      OptionSpec(
        "--after-rollback", group: "Consent",
        summary: "Applies a plan that was taken back before."),
    ] + run,
    shared: SharedOptions.output,
    subcommands: [resume, rollback, history, unlock],
    environment: SharedOptions.environment,
    exitStatuses: SharedOptions.statuses([
      .success, .failed, .unchecked, .refused, .stale, .lockHeld, .rolledBack, .halted,
      .interrupted, .notInEffect, .usage, .invalidManifests, .unreachable, .noPermission,
    ]),
    examples: [
      CommandTable.Row("qdrant-apply plan.json", "applies exactly that plan"),
      CommandTable.Row("qdrant-apply manifests --yes", "plans and applies"),
      CommandTable.Row("qdrant-apply resume", "goes on with the run that was interrupted"),
    ])

  private static let state = OptionSpec(
    "--state", .directory("DIR"), group: "Run",
    summary: "Where runs are kept (default: .qdrant-reconciler beside the manifests).")

  /// How a run goes about it.
  private static let run: [OptionSpec] = [
    OptionSpec(
      "--on-failure", .oneOf(["rollback", "stop"]), standard: "rollback", group: "Run",
      summary: "What happens when a step fails."),
    OptionSpec(
      "--rollback-scope", .oneOf(["wave", "all"]), standard: "wave", group: "Run",
      summary: "Whether the clusters of earlier waves go back, too."),
    OptionSpec(
      "--parallelism", .integer("N", 1...64), standard: "4", group: "Run",
      summary: "Clusters at once; the steps of one cluster run one after the other."),
    state,
    OptionSpec(
      "--events", .file("FILE"), group: "Run",
      summary: "Writes what happens to a new file, a JSON object a line."),
  ]

  private static let planFile = OptionSpec(
    "--plan", .file("PLANFILE"), group: "Run",
    summary: "The plan of a run whose journal is lost: every step is looked at.")

  /// One argument, since a run and manifests stand in one place.
  private static let runAndPaths = ArgumentSpec(
    "RUN|PATH", .any, completion: .files,
    summary: "The run (default: the one that is open), then its manifests or its plan file "
      + "(default: manifests).")

  private static let whichRun = [
    "A first argument like 20261126-072130-1a2b3c is a run; any other word is one when no file or "
      + "folder is called so (write ./word for a path).",
    "Runs are looked for in --state, or else where the manifests keep them; a printed command "
      + "names the folder where that is needed.",
  ]

  private static let resume = CommandTable(
    name: "resume", summary: "Goes on with a run that was interrupted or halted.",
    discussion: whichRun, arguments: [runAndPaths],
    options: [SharedOptions.manifestEnvironment] + run + [planFile])

  private static let rollback = CommandTable(
    name: "rollback",
    summary: "Takes a run back: an open one as it stands, one that is over by a plan of inverses.",
    discussion: whichRun, arguments: [runAndPaths],
    options: [SharedOptions.manifestEnvironment] + run + [
      planFile,
      OptionSpec("--yes", group: "Consent", summary: "Takes it back without asking."),
      SharedOptions.acceptLoss,
      OptionSpec(
        "--out", .file("PLANFILE"), group: "Output",
        summary: "Writes the plan of inverses to a new file, and applies nothing."),
      OptionSpec(
        "--format", .oneOf(SharedOptions.planFormats), standard: "text", group: "Output",
        summary: "What standard output gets."),
    ])

  private static let history = CommandTable(
    name: "history", summary: "Prints the runs that are recorded, or one of them.",
    arguments: [SharedOptions.paths],
    options: [
      SharedOptions.manifestEnvironment,
      OptionSpec("--run", .text("RUN"), summary: "Everything about this run."),
      state,
      OptionSpec(
        "--format", .oneOf(["text", "json"]), standard: "text",
        summary: "How it is printed."),
    ])

  private static let unlock = CommandTable(
    name: "unlock",
    summary: "Says that the holder of a cluster's lock is gone; its run stays to be gone on with.",
    arguments: [
      ArgumentSpec(
        "EPOCH", .one, completion: .nothing,
        summary: "The epoch, as the message about the lock tells it."),
      SharedOptions.paths,
    ],
    options: [
      SharedOptions.manifestEnvironment,
      OptionSpec("--cluster", .text("NAME"), summary: "The cluster, when there are several."),
      OptionSpec(
        "--abandon", summary: "Leaves what the run did as it is, and frees the lock."),
      state,
    ])
}
