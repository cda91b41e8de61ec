import Diagnostics
import JSON
import Manifests
import OptionParsing
import ResourceModel

/// `qdrant-plan locate`: where the documents of a path live, and which paths a collection serves.
struct LocateCommand {
  let command: ParsedCommand
  let context: CommandContext

  func run() -> Set<ExitStatus> {
    var paths = command.arguments
    let isReverse = command.has("--collection")
    let isMapping = command.has("--mapping")
    var asked: (hierarchy: String, path: String)?
    if !isReverse, !isMapping || paths.count >= 2 {
      guard paths.count >= 2 else {
        return complain("write a HIERARCHY and a PATH, --collection or --mapping", .usage)
      }
      asked = (paths[0], paths[1])
      paths.removeFirst(2)
    }
    let workspace: LoadedWorkspace
    switch WorkspaceLoader(command, context).load(paths) {
    case .failed(let statuses): return statuses
    case .loaded(let loaded): workspace = loaded
    }
    var statuses: Set<ExitStatus> = [.success]
    if let asked { statuses.formUnion(locate(asked.hierarchy, asked.path, workspace)) }
    if let name = command.text("--collection") { statuses.formUnion(find(name, workspace)) }
    if let file = command.text("--mapping") { statuses.formUnion(write(file, workspace)) }
    return statuses
  }

  private func complain(_ message: String, _ status: ExitStatus) -> Set<ExitStatus> {
    context.complain(message)
    return [status]
  }

  private func locate(
    _ name: String, _ path: String, _ workspace: LoadedWorkspace
  ) -> Set<ExitStatus> {
    guard let hierarchy = workspace.hierarchies.first(where: { $0.name == name }) else {
      let known = workspace.hierarchies.map(\.name)
      let hint = didYouMean(name, among: known).map { "; did you mean '\($0)'?" } ?? ""
      return complain("the manifests have no hierarchy '\(name)'\(hint)", .usage)
    }
    let place: Hierarchy.Location
    do throws(Hierarchy.Problem) {
      place = try hierarchy.locate(path, clusters: workspace.state.clusters)
    } catch {
      return complain(error.message, .usage)
    }
    // Without a level for clusters, the collection itself says where it lives.
    let name = ExactString(place.collection)
    let clusters =
      hierarchy.hasClusterLevel
      ? place.clusters
      : workspace.state.collections.filter { $0.address.collection == name }
        .map(\.address.cluster)
    guard !clusters.isEmpty else {
      let environment = command.text("--environment").map { " of environment '\($0)'" } ?? ""
      return complain("no cluster\(environment) holds '\(path)'", .usage)
    }
    show(path, place, clusters)
    return [.success]
  }

  private func show(_ path: String, _ place: Hierarchy.Location, _ clusters: [String]) {
    guard command.text("--format") == "json" else {
      var lines = [
        "path        \(path)", "cluster     \(clusters.joined(separator: ", "))",
        "collection  \(place.collection)",
      ]
      if let alias = place.alias { lines.append("alias       \(alias)") }
      if let key = place.shardKey { lines.append("shard key   \(key.text())") }
      if let filter = place.filter { lines.append("filter      \(filter.text())") }
      context.console.output(lines.map { Sanitizer.line($0) }.joined(separator: "\n") + "\n")
      return
    }
    let document: JSONValue = [
      "path": .string(path), "clusters": .array(clusters.map { .string($0) }),
      "collection": .string(place.collection),
      "alias": place.alias.map { .string($0) } ?? .null, "shard_key": place.shardKey ?? .null,
      "filter": place.filter ?? .null,
    ]
    context.console.output(document.text(.indented) + "\n")
  }

  private func find(_ name: String, _ workspace: LoadedWorkspace) -> Set<ExitStatus> {
    let found = workspace.hierarchies.compactMap { hierarchy in
      hierarchy.path(of: name).map { (hierarchy.name, $0) }
    }
    guard !found.isEmpty else {
      return complain("no hierarchy makes a collection or alias '\(name)'", .usage)
    }
    if command.text("--format") == "json" {
      let document = JSONValue.array(
        found.map { ["hierarchy": .string($0.0), "path": .string($0.1)] })
      context.console.output(document.text(.indented) + "\n")
    } else {
      for (hierarchy, path) in found {
        context.console.output(Sanitizer.line("\(hierarchy)  \(path)") + "\n")
      }
    }
    return [.success]
  }

  private func write(_ file: String, _ workspace: LoadedWorkspace) -> Set<ExitStatus> {
    let document = JSONValue.array(
      workspace.hierarchies.map { $0.mapping(workspace.state.clusters) })
    do throws(OutputFile.Problem) {
      try OutputFile.write(Array((document.text(.indented) + "\n").utf8), to: file)
    } catch {
      return complain(error.message, .failed)
    }
    return [.success]
  }
}
