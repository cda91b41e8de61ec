import ClusterProviders
import JSON
import OptionParsing
import Planning
import QdrantSchema
import Rendering
import ResourceModel

/// `qdrant-drift`: reports what differs, and writes nothing to a cluster.
package enum DriftCommand {
  private enum Failing: String { case drift, pending, unmanaged, unchecked, never }

  /// The whole command, for tests and for `main`.
  package static func run(_ context: CommandContext) async -> ExitStatus {
    await Tool.run(CommandTables.drift, context) { command, context in
      await report(command, context)
    }
  }

  private static func report(
    _ command: ParsedCommand, _ context: CommandContext
  ) async -> Set<ExitStatus> {
    let palette = Tool.palette(command, context)
    var workspace: LoadedWorkspace
    switch WorkspaceLoader(command, context).load(command.arguments) {
    case .failed(let statuses): return statuses
    case .loaded(let loaded): workspace = loaded
    }
    if let problem = Selection(command).apply(to: &workspace.state) {
      context.complain(problem)
      return [.usage]
    }
    let planner = Planner(schema: QdrantResources.schema, locate: workspace.locate)
    let reading = await ClusterReader(context: context, access: .read).read(
      workspace.state, planner: planner, everything: false)
    defer { reading.shutdown() }
    var report = DriftFinder(schema: QdrantResources.schema, locate: workspace.locate)
      .report(workspace.state, readings: reading.readings)
    NameEnforcement(hierarchies: workspace.hierarchies, clusters: workspace.state.clusters)
      .apply(to: &report)
    let isSelection = !Selection(command).isEverything
    func text(_ format: String, isReport: Bool) -> String {
      format == "json"
        ? DriftJSON.document(report).text(.indented) + "\n"
        : DriftText(
          report, palette: isReport ? Palette(isOn: false) : palette, isSelection: isSelection
        )
        .text(showingInSync: command.has("--verbose"))
    }
    let format = command.text("--format") ?? "text"
    let isShort = command.has("--quiet") && format == "text"
    context.console.output(
      isShort
        ? DriftText(report, isSelection: isSelection).verdict + "\n" : text(format, isReport: false)
    )
    await LockNotice(workspace: report.workspace, connections: reading.connections).tell(context)
    var statuses = statuses(of: report, command)
    for (format, path) in command.pairs("--report") {
      do throws(OutputFile.Problem) {
        try OutputFile.write(Array(text(format, isReport: true).utf8), to: path)
      } catch {
        context.complain(error.message)
        statuses.insert(.failed)
      }
    }
    return statuses
  }

  private static func statuses(
    of report: DriftReport, _ command: ParsedCommand
  ) -> Set<ExitStatus> {
    let given = command.choices("--fail-on", as: Failing.self)
    let failing: [Failing] = given.isEmpty ? [.drift, .unchecked] : given
    guard !failing.contains(.never) else { return [.success] }
    var statuses: Set<ExitStatus> = [.success]
    if failing.contains(.drift), report.drifted > 0 { statuses.insert(.drift) }
    if failing.contains(.pending), report.count(.pending) > 0 { statuses.insert(.drift) }
    if failing.contains(.unmanaged), report.count(.unmanaged) > 0 { statuses.insert(.drift) }
    guard failing.contains(.unchecked) else { return statuses }
    if report.count(.unchecked) > 0 { statuses.insert(.unchecked) }
    for part in report.unreachable {
      statuses.insert(part.category == .other ? .unchecked : RunStatus.status(part.category))
    }
    return statuses
  }
}
