import Execution
import InProcessTransport
import JSON
import LawBench
import Planning
import ResourceModel
import SimulatedQdrant
import TestSupport

/// Plans to be killed: generated ones, and small ones made of chosen steps of them.
package struct CrashPlans: Sendable {
  /// A generated prior state with the plan to a generated target.
  package struct Scenario: Sendable {
    package var seed: UInt64
    package var server: SimulatedServer
    package var plan: Plan
  }

  /// The state and the plan of a seed; nil when the generated pair is refused.
  package static func scenario(_ seed: UInt64, collections: Int = 2) async throws -> Scenario? {
    var random = RandomCollections(seed: seed)
    random.density = seed.isMultiple(of: 2) ? 0.25 : 0.1
    let names = ["one", "two", "three", "four", "five"].prefix(collections)
    let first = names.dropLast().map { random.collection($0) }
    var second = first.map { random.collection($0.address.collection.string, like: $0) }
    if let last = names.last { second.append(random.collection(last)) }
    // Generated collections know nothing of each other's aliases.
    let aliases = second.flatMap(\.children).filter { $0.address.kind == .alias }.map(
      \.address.name)
    guard Set(aliases).count == aliases.count else { return nil }
    let endpoint = InMemoryEndpoint(Bench.freshServer())
    let bench = Bench(endpoint)
    let start = try await bench.plan(first)
    guard start.refusals.isEmpty, await bench.apply(start.steps).outcome == .applied else {
      return nil
    }
    let plan = try await bench.plan(second)
    guard plan.refusals.isEmpty, !plan.steps.isEmpty else { return nil }
    return Scenario(seed: seed, server: endpoint.server, plan: plan)
  }

  /// What tells kinds of steps apart: action, resource, the first word of what is written, class.
  package static func kind(_ step: Step) -> String {
    let section =
      step.operation.action == .update
      ? step.operation.fields.first?.path.segments.first?.string ?? "mark" : ""
    return "\(step.operation.action.rawValue) \(step.address.kind.rawValue) \(section) "
      + step.stepClass.rawValue
  }

  /// The plan of chosen steps with all that they need.
  package static func part(_ scenario: Scenario, _ chosen: [StepID]) -> Plan {
    var wanted = Set(chosen)
    for step in scenario.plan.steps.reversed() where wanted.contains(step.id) {
      wanted.formUnion(step.needs)
    }
    var plan = scenario.plan
    plan.steps = plan.steps.filter { wanted.contains($0.id) }
    return plan
  }
}
