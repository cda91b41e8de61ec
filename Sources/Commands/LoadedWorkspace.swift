import ClusterProviders
import Diagnostics
import JSON
import Manifests
import OptionParsing
import Planning
import Policies
import QdrantSchema
import Rendering
import ResourceModel

/// Manifests that were read without errors, and how to find a place in them.
struct LoadedWorkspace {
  var state: DesiredState
  let locate: Planner.Locate
  let catalog: SourceCatalog
  /// Where the manifests are, as they were named.
  let folder: String
  /// How paths of documents become places.
  var hierarchies: [Hierarchy] = []

  /// Where the runs are kept: beside the manifests, unless the workspace says otherwise.
  var statePath: String { RunStore.path(state.workspace.state, beside: folder) }
}

/// Reads the manifests of a command line, and says everything that is wrong with them.
struct WorkspaceLoader {
  /// What is read when no path is given.
  static let standardPath = "manifests"

  let context: CommandContext
  let palette: Bool
  /// The environment that was asked for.
  var environment: String?

  init(_ command: ParsedCommand, _ context: CommandContext) {
    self.context = context
    palette = Tool.palette(command, context).isOn
    environment = command.text("--environment")
  }

  /// What came of loading: the workspace, or statuses when it cannot be used.
  enum Outcome {
    case loaded(LoadedWorkspace)
    case failed(Set<ExitStatus>)
  }

  /// All findings, as `validate` prints them.
  func findings(
    _ paths: [String]
  ) -> (state: DesiredState?, report: DiagnosticReport) {
    let (result, report) = read(paths, validates: true)
    return (result.state, report)
  }

  /// All that these manifests can mean: without an environment, and with each that they declare.
  ///
  /// A state is nil where the manifests are wrong in that environment.
  func meanings(_ paths: [String]) -> [(environment: String?, state: DesiredState?)] {
    let names = read(paths).0.environments
    return ([nil] + names.map { $0 }).map { name in
      var loader = self
      loader.environment = name
      return (name, loader.read(paths).0.state)
    }
  }

  /// `validates`: also tells what a plan would say about single clusters and collections without
  /// asking a server; a plan tells it by itself, and plans the rest.
  private func read(
    _ paths: [String], validates: Bool = false
  ) -> (LoadResult, DiagnosticReport) {
    let paths = paths.isEmpty ? [WorkspaceLoader.standardPath] : paths
    let input = paths.contains("-") ? context.readInput() : []
    var result = ManifestLoader.load(
      sources: paths.map { DiskSource(path: $0, standardInput: input) },
      schema: QdrantResources.schema.demanding(PolicyTable.specs), rules: QdrantResources.rules,
      environment: environment, implicitCluster: implicitCluster)
    var diagnostics = result.diagnostics
    for cluster in result.clusters {
      diagnostics += check(cluster, &result.catalog)
      if validates { diagnostics += ForeseenRefusals.of(cluster, &result.catalog) }
    }
    if validates {
      diagnostics += (result.state?.collections ?? []).flatMap(ForeseenRefusals.of)
    }
    diagnostics += AddressCheck.shared(result.state?.clusters ?? []).map { first, second in
      Diagnostic(
        .warning, "M504",
        "the clusters '\(first.name)' and '\(second.name)' are one server, whose lock one run "
          + "takes once: it cannot change both", at: second.spans["url"] ?? second.span,
        hint: "leave one of them out, or select one with --cluster")
    }
    let files = diagnostics.flatMap { diagnostic in
      [diagnostic.span?.file].compactMap { $0 } + diagnostic.related.map { $0.span.file }
    }
    result.catalog.maskCredentials(in: Set(files))
    return (result, DiagnosticReport(diagnostics, catalog: result.catalog))
  }

  /// Whether a plan file stands among the manifests, which is then told.
  func holdsPlan(_ paths: [String]) -> Bool {
    guard let path = paths.first(where: { PlanFiles.bytes($0) != nil && PlanFiles.isPlan($0) })
    else { return false }
    context.complain(
      "\(path) is a plan file and no manifest: 'qdrant-plan show' prints it, and qdrant-apply "
        + "applies it")
    return true
  }

  func load(_ paths: [String]) -> Outcome {
    if holdsPlan(paths) { return .failed([.usage]) }
    let (result, report) = read(paths)
    if !report.diagnostics.isEmpty {
      context.console.error(report.text(color: palette))
    }
    guard let state = result.state, report.count(.error) == 0 else {
      return .failed([.invalidManifests])
    }
    let catalog = report.catalog
    return .loaded(
      LoadedWorkspace(
        state: state, locate: { WorkspaceLoader.position($0, in: catalog) }, catalog: catalog,
        folder: paths.first ?? WorkspaceLoader.standardPath, hierarchies: result.hierarchies))
  }

  /// A span as a place that can be read without the files.
  static func position(_ span: SourceSpan, in catalog: SourceCatalog) -> SourcePosition? {
    SourcePosition(
      file: catalog.path(span.file), line: Int(span.line), column: Int(span.column))
  }

  /// The cluster that `QDRANT_URL` makes.
  private var implicitCluster: ClusterDeclaration? {
    guard let url = context.environment["QDRANT_URL"], !url.isEmpty else { return nil }
    var cluster = ClusterDeclaration(name: "default")
    cluster.url = url
    if context.environment["QDRANT_API_KEY"] != nil {
      cluster.apiKey = .environment("QDRANT_API_KEY")
    }
    return cluster
  }

  private func check(
    _ cluster: ClusterDeclaration, _ catalog: inout SourceCatalog
  ) -> [Diagnostic] {
    AddressCheck.findings(cluster).map { finding in
      var span = cluster.spans["url"] ?? cluster.span
      if finding.mustMask, let whole = span { catalog.mask(whole) }
      if !finding.mustMask, var part = span, part.line == part.endLine, let url = cluster.url {
        // Quoted values start one column later; a plain one starts where the span starts.
        let width = Int(part.endColumn - part.column)
        let quote = width == url.unicodeScalars.count ? 0 : 1
        // Columns count scalars; the finding counts bytes.
        func column(_ offset: Int) -> Int32 {
          let scalars = url.utf8.prefix(offset).count { $0 & 0xC0 != 0x80 }
          return part.column &+ Int32(truncatingIfNeeded: quote + scalars)
        }
        let (first, last) = (column(finding.range.lowerBound), column(finding.range.upperBound))
        part.endColumn = min(part.endColumn, max(last, first + 1))
        part.column = min(first, part.endColumn - 1)
        span = part
      }
      let source = cluster.span == nil ? " (QDRANT_URL)" : ""
      return Diagnostic(
        finding.isError ? .error : .warning, finding.isError ? "M501" : "M502",
        finding.message + source, at: span, hint: finding.hint)
    }
  }
}
