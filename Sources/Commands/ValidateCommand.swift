import JSON
import Rendering
import Diagnostics
import OptionParsing
import Planning
import Policies
import QdrantSchema
import ResourceModel

/// `qdrant-plan validate`: everything that can be said of manifests without a server.
enum ValidateCommand {
  static func run(_ command: ParsedCommand, _ context: CommandContext) -> Set<ExitStatus> {
    let palette = Tool.palette(command, context)
    let loader = WorkspaceLoader(command, context)
    if loader.holdsPlan(command.arguments) { return [.usage] }
    if command.has("--fix") {
      if command.arguments.contains("-") {
        context.complain("--fix cannot change standard input")
        return [.usage]
      }
      fix(loader, command, context)
    }
    let (state, found) = loader.findings(command.arguments)
    var diagnostics = found.diagnostics
    if let text = command.text("--server") {
      guard let version = ServerVersion(text) else {
        context.complain("'\(text)' is no version like 1.18.3")
        return [.usage]
      }
      for collection in state?.collections ?? [] {
        diagnostics += unknown(collection, to: version)
      }
    }
    let policies = state.map { PolicyCheck.offline($0, context) } ?? PolicyReport()
    diagnostics += policies.diagnostics
    let format = command.text("--format") ?? "text"
    if command.has("--verbose") || format == "json" { diagnostics += policies.waivedDiagnostics }
    let report = DiagnosticReport(diagnostics, catalog: found.catalog)
    switch format {
    case "json": context.console.output(report.json.text(.indented) + "\n")
    case "sarif":
      let document = report.sarif(tool: "qdrant-plan", version: SharedOptions.version)
      context.console.output(document.text(.indented) + "\n")
    case "github": context.console.output(report.githubAnnotations)
    default:
      if !diagnostics.isEmpty { context.console.output(report.text(color: palette.isOn)) }
      if !policies.waived.isEmpty, !command.has("--quiet") {
        context.console.output(PolicyCheck.count(of: policies.waived) + "\n")
      }
      if report.count(.error) == 0, !command.has("--quiet") {
        let count = state?.collections.count ?? 0
        context.console.output(
          "Valid: \(count) \(count == 1 ? "collection" : "collections").\n")
      }
    }
    return status(of: report)
  }

  /// Mends what can be mended, and says what was and what was not.
  private static func fix(
    _ loader: WorkspaceLoader, _ command: ParsedCommand, _ context: CommandContext
  ) {
    let (state, found) = loader.findings(command.arguments)
    guard let state else {
      return context.console.complain("nothing is fixed while there are errors")
    }
    let findings = PolicyCheck.offline(state, context).findings
    let shared = SharedValues(loader.meanings(command.arguments)) { state in
      PolicyCheck.offline(state, context).findings
    }
    for line in ManifestFix(catalog: found.catalog, shared: shared).apply(findings) {
      context.console.complain(line)
    }
  }

  /// Manifests that are right and violate a policy are refused, not invalid.
  private static func status(of report: DiagnosticReport) -> Set<ExitStatus> {
    let errors = report.diagnostics.filter { $0.severity == .error }
    if errors.isEmpty { return [.success] }
    return errors.allSatisfy { PolicyTable.spec($0.code) != nil } ? [.refused] : [.invalidManifests]
  }

  /// What servers of that version would ignore or refuse.
  private static func unknown(
    _ collection: DesiredResource, to version: ServerVersion
  ) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    for resource in [collection] + collection.children {
      let rows = QdrantResources.schema.kinds[resource.address.kind]?.rows ?? []
      for field in resource.fields {
        let row = rows[field.row]
        let needed = [row.since, field.value.string.flatMap { row.valuesSince[$0] }]
          .compactMap { $0 }.max()
        if let needed, version < needed {
          diagnostics.append(
            Diagnostic(
              .error, "M401", "\(field.path) needs Qdrant \(needed.short) or later, not \(version)",
              at: field.provenance.span))
        } else if let removed = row.removedIn, version >= removed {
          diagnostics.append(
            Diagnostic(
              .error, "M402",
              "\(field.path) does not exist any more from Qdrant \(removed.short) on",
              at: field.provenance.span))
        } else if let notice = row.deprecated, version >= notice.since {
          diagnostics.append(
            Diagnostic(
              .warning, "M403", "\(field.path) is deprecated since Qdrant \(notice.since.short)",
              at: field.provenance.span, hint: "use \(notice.replacement)"))
        }
      }
    }
    return diagnostics
  }
}
