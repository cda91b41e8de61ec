import Diagnostics
import JSON
import Manifests
import OptionParsing
import Planning
import Policies
import Rendering
import ResourceModel

/// `qdrant-plan explain`: what a field does, what a rule demands, where values come from.
enum ExplainCommand {
  static func run(_ command: ParsedCommand, _ context: CommandContext) -> Set<ExitStatus> {
    let subject = command.argument ?? ""
    if subject.contains("/") {
      return explain(address: subject, Array(command.arguments.dropFirst()), command, context)
    }
    if let rule = PolicyTable.spec(subject) {
      context.console.output(PolicyReference.text(rule))
      return [.success]
    }
    if let sentence = meaning(of: subject) {
      context.console.output("\(subject)\n    \(sentence)\n")
      return [.success]
    }
    let fields = FieldReference(FieldSections.all)
    guard let text = fields.text(about: subject) else {
      let known = fields.paths + PolicyTable.specs.map(\.name)
      let hint = didYouMean(subject, among: known).map { "; did you mean '\($0)'?" } ?? ""
      context.complain(
        "there is no field, rule or code '\(Sanitizer.line(subject))'\(hint)")
      return [.usage]
    }
    context.console.output(text)
    return [.success]
  }

  /// What a code of a diagnostic, refusal or warning means.
  private static func meaning(of code: String) -> String? {
    ManifestCode(rawValue: code)?.documentation ?? CodeReference.sentence(code)
  }

  private static func explain(
    address: String, _ paths: [String], _ command: ParsedCommand, _ context: CommandContext
  ) -> Set<ExitStatus> {
    let workspace: LoadedWorkspace
    switch WorkspaceLoader(command, context).load(paths) {
    case .failed(let statuses): return statuses
    case .loaded(let loaded): workspace = loaded
    }
    let resources = workspace.state.collections.flatMap { [$0] + $0.children }.filter {
      $0.address.local.hasSameBytes(as: address) || $0.address.description.hasSameBytes(as: address)
    }
    guard !resources.isEmpty else {
      context.complain("the manifests have no '\(Sanitizer.line(address))'")
      return [.usage]
    }
    for resource in resources {
      context.console.output(
        ResourceExplanation(resource, locate: workspace.locate).text)
    }
    return [.success]
  }
}
