import Diagnostics
import JSON
import OptionParsing
import Planning
import QdrantSchema
import Rendering
import ResourceModel

/// `qdrant-plan explain`: what a field does, or where the values of a resource come from.
enum ExplainCommand {
  static func run(_ command: ParsedCommand, _ context: CommandContext) -> Set<ExitStatus> {
    let isWhole = command.has("--all")
    guard isWhole == (command.argument == nil) else {
      context.console.complain("qdrant-plan explain: say one field or address, or --all")
      return [.usage]
    }
    if isWhole {
      context.console.output(FieldReference(schema: QdrantResources.schema).markdown())
      return [.success]
    }
    let subject = command.argument ?? ""
    if subject.contains("/") {
      return explain(address: subject, Array(command.arguments.dropFirst()), command, context)
    }
    let text = FieldReference(schema: QdrantResources.schema).text(about: subject)
    guard let text else {
      let known = FieldReference(schema: QdrantResources.schema).paths
      let hint = didYouMean(subject, among: known).map { "; did you mean '\($0)'?" } ?? ""
      context.console.complain(
        "qdrant-plan explain: there is no field '\(Sanitizer.line(subject))'\(hint)")
      return [.usage]
    }
    context.console.output(text)
    return [.success]
  }

  private static func explain(
    address: String, _ paths: [String], _ command: ParsedCommand, _ context: CommandContext
  ) -> Set<ExitStatus> {
    let palette = Tool.palette(command, context)
    let workspace: LoadedWorkspace
    switch WorkspaceLoader(context: context, palette: palette.isOn).load(paths) {
    case .failed(let statuses): return statuses
    case .loaded(let loaded): workspace = loaded
    }
    let resources = workspace.state.collections.flatMap { [$0] + $0.children }.filter {
      $0.address.local.hasSameBytes(as: address) || $0.address.description.hasSameBytes(as: address)
    }
    guard !resources.isEmpty else {
      context.console.complain(
        "qdrant-plan explain: the manifests have no '\(Sanitizer.line(address))'")
      return [.usage]
    }
    for resource in resources {
      context.console.output(
        ResourceExplanation(resource, locate: workspace.locate).text)
    }
    return [.success]
  }
}
