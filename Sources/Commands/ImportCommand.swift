import ClusterProviders
import Foundation
import JSON
import Manifests
import OptionParsing
import Planning
import QdrantSchema
import Rendering
import ResourceModel

/// `qdrant-plan import`: manifests for what is live, so that the next plan changes nothing.
enum ImportCommand {
  /// The cluster that is read, and the documents that its collections need beside them.
  private struct Source {
    var declaration: ClusterDeclaration
    /// Nil when manifests declare the cluster already.
    var head: JSONObject?
    /// The workspace of those manifests.
    var workspace: String?
  }

  static func run(_ command: ParsedCommand, _ context: CommandContext) async -> Set<ExitStatus> {
    let source: Source
    switch self.source(command, context) {
    case .failure(let problem): return problem.statuses
    case .success(let found): source = found
    }
    let connection: ClusterConnection
    switch await context.connect(source.declaration, .read) {
    case .failure(let problem):
      context.complain("\(problem.key): \(problem.message)")
      return [RunStatus.status(problem.category)]
    case .success(let made): connection = made
    }
    defer { connection.shutdown() }
    do throws(ProviderError) {
      return write(try await connection.provider.observe(nil), source, command, context)
    } catch {
      context.complain(error.message)
      return [RunStatus.status(error.category)]
    }
  }

  /// Statuses of what was complained about already.
  private struct Problem: Error {
    var statuses: Set<ExitStatus>
  }

  private static func source(
    _ command: ParsedCommand, _ context: CommandContext
  ) -> Result<Source, Problem> {
    let name = command.text("--cluster")
    let isDeclared = command.text("--url") == nil && name != nil
    guard !isDeclared else { return declared(name ?? "", command, context) }
    guard let url = command.text("--url") ?? context.environment["QDRANT_URL"], !url.isEmpty else {
      context.complain("say --url URL, or --cluster NAME of a cluster in manifests")
      return .failure(Problem(statuses: [.usage]))
    }
    var cluster = ClusterDeclaration(name: name ?? "default")
    cluster.url = url
    var head: JSONObject = [
      "kind": "Cluster", "name": .string(cluster.name), "url": .string(url),
    ]
    if !(context.environment["QDRANT_API_KEY"] ?? "").isEmpty {
      cluster.apiKey = .environment("QDRANT_API_KEY")
      head["api_key"] = ["env": "QDRANT_API_KEY"]
    }
    // An address may hold a password, so that a finding is told without it.
    if let finding = AddressCheck.findings(cluster).first(where: \.isError) {
      context.complain("--url: \(finding.message)")
      return .failure(Problem(statuses: [.usage]))
    }
    return .success(Source(declaration: cluster, head: head))
  }

  private static func declared(
    _ name: String, _ command: ParsedCommand, _ context: CommandContext
  ) -> Result<Source, Problem> {
    switch WorkspaceLoader(command, context).load(command.arguments) {
    case .failed(let statuses): return .failure(Problem(statuses: statuses))
    case .loaded(let workspace):
      guard let cluster = workspace.state.clusters.first(where: { $0.name == name }) else {
        context.complain("the manifests have no cluster '\(name)'")
        return .failure(Problem(statuses: [.usage]))
      }
      return .success(
        Source(
          declaration: cluster, head: nil, workspace: workspace.state.workspace.name))
    }
  }

  private static func write(
    _ observed: ObservedCluster, _ source: Source, _ command: ParsedCommand,
    _ context: CommandContext
  ) -> Set<ExitStatus> {
    let patterns = command.texts("--only")
    let isChosen = { (name: ExactString) in
      patterns.isEmpty || patterns.contains { Wildcard($0).matches(name.string) }
    }
    guard patterns.isEmpty || observed.collectionNames.contains(where: isChosen) else {
      context.console.complain(
        "qdrant-plan import: no collection of the cluster matches --only \(patterns[0])")
      return [.usage]
    }
    var chosen = observed
    chosen.collections = observed.collections.filter { isChosen($0.key) }
    let workspace = source.workspace ?? ImportedCluster.workspace(of: chosen)
    let imported = ImportedCluster(
      observed, cluster: source.declaration.name, head: head(source, workspace),
      schema: QdrantResources.schema, rules: QdrantResources.rules,
      makesClasses: command.has("--classes"), isWanted: isChosen)
    let warnings = imported.warnings + foreign(chosen, to: workspace ?? "default")
    for warning in warnings { context.console.complain("warning: \(warning)") }
    let files = imported.files.filter { !$0.text.isEmpty }
    if let folder = command.text("--out") {
      do throws(OutputFile.Problem) {
        try OutputFolder(path: folder, overwrites: command.has("--force")).write(
          files.map { ($0.name, Array($0.text.utf8)) })
      } catch {
        context.complain(error.message)
        return [.failed]
      }
    } else {
      context.console.output(files.map(\.text).joined(separator: "---\n"))
    }
    if source.head == nil {
      context.console.complain(
        "The cluster '\(source.declaration.name)' is declared already: plan what was written "
          + "together with \(command.arguments.joined(separator: " ")).")
    }
    return observed.unchecked.isEmpty ? [.success] : [.success, .unchecked]
  }

  /// What a plan of the manifests will refuse, since another workspace manages it.
  private static func foreign(_ observed: ObservedCluster, to workspace: String) -> [String] {
    var names: [String: [String]] = [:]
    for (name, live) in observed.collections {
      guard let mark = live.mark, mark.workspace != workspace else { continue }
      names[mark.workspace, default: []].append(name.string)
    }
    return names.sorted { $0.key.precedes($1.key) }.map { owner, names in
      let listed = names.sorted { $0.precedes($1) }
      let shown = listed.prefix(5).joined(separator: ", ") + (listed.count > 5 ? ", …" : "")
      return "\(listed.count) of the collections belong to the workspace '\(owner)' (\(shown)), "
        + "and a plan of the workspace '\(workspace)' refuses them (R101): choose with --only"
    }
  }

  private static func head(_ source: Source, _ workspace: String?) -> String {
    guard let head = source.head else { return "" }
    let cluster = YAMLWriter.document(head)
    guard let workspace else { return cluster }
    return YAMLWriter.document(["kind": "Workspace", "name": .string(workspace)]) + "---\n"
      + cluster
  }
}
