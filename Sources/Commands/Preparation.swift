import ClusterProviders
import JSON
import OptionParsing
import Planning
import QdrantSchema
import Rendering
import ResourceModel

/// A plan made from manifests, with the connections that it was made over.
struct Preparation {
  var workspace: LoadedWorkspace
  var reading: ClusterReader.Result
  var plan: Plan

  /// What came of planning.
  enum Outcome {
    case prepared(Preparation)
    case failed(Set<ExitStatus>)
  }

  /// Loads, selects, reads and plans.
  static func make(
    _ command: ParsedCommand, _ context: CommandContext, access: ClusterConnector.Access
  ) async -> Outcome {
    let loader = WorkspaceLoader(command, context)
    var workspace: LoadedWorkspace
    switch loader.load(command.arguments) {
    case .failed(let statuses): return .failed(statuses)
    case .loaded(let loaded): workspace = loaded
    }
    let isComplete = Selection(command).isEverything
    if let problem = Selection(command).apply(to: &workspace.state) {
      context.complain(problem)
      return .failed([.usage])
    }
    let consent = LossConsent(command)
    if let problem = consent.malformed() {
      context.complain(problem)
      return .failed([.usage])
    }
    var options = PlanOptions()
    options.prunes = command.has("--prune")
    options.adopts = command.has("--adopt")
    for (address, count) in command.counts("--accept-loss") {
      options.acceptedLoss[address] = count
    }
    let planner = Planner(
      schema: QdrantResources.schema, options: options, locate: workspace.locate)
    let reader = ClusterReader(context: context, access: access)
    let reading = await reader.read(
      workspace.state, planner: planner, everything: options.prunes)
    var plan = planner.plan(
      workspace.state, readings: reading.readings, points: reading.points)
    if let problem = consent.meaningless(in: plan, of: workspace.state) {
      reading.shutdown()
      context.complain(problem)
      return .failed([.usage])
    }
    fillRequests(&plan, reading.connections)
    PolicyCheck(
      context: context, workspace: workspace, isComplete: isComplete, palette: loader.palette
    )
    .hold(&plan, reading.readings)
    plan.setDeclarations(workspace.state.clusters)
    plan.origin.folder = workspace.folder
    plan.origin.state = workspace.statePath
    plan.origin.toolVersion = SharedOptions.version
    plan.origin.time = context.timestamp()
    return .prepared(Preparation(workspace: workspace, reading: reading, plan: plan))
  }

  /// The requests as they will be sent, for reviewers and for the digest.
  static func fillRequests(
    _ plan: inout Plan, _ connections: [String: ClusterConnection]
  ) {
    for index in plan.steps.indices {
      let step = plan.steps[index]
      guard let provider = connections[step.address.cluster]?.provider else { continue }
      do throws(ProviderError) {
        plan.steps[index].request = try provider.preview(step.operation)
      } catch {
        plan.refuse(step, because: error.message)
      }
    }
  }

  /// What a plan means to a pipeline, changes aside.
  static func statuses(of plan: Plan) -> Set<ExitStatus> {
    var statuses: Set<ExitStatus> = [.success]
    if !plan.refusals.isEmpty { statuses.insert(.refused) }
    for part in plan.unchecked {
      switch part.category {
      case .unreachable: statuses.insert(.unreachable)
      case .noPermission: statuses.insert(.noPermission)
      case .other: statuses.insert(.unchecked)
      }
    }
    return statuses
  }
}
