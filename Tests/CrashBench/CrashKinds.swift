import Execution
import InProcessTransport
import JSON
import LawBench
import Planning
import QdrantProvider
import ResourceModel
import SimulatedQdrant

/// Cases made of kinds of operations: `create@one alias-switch@two` by name.
package enum CrashKinds {
  /// The names of all kinds alone.
  package static let single = Fragment.all.map { "\($0.name)@one" }

  /// The names of all pairs of kinds, on two collections.
  package static let pairs = Fragment.all.flatMap { first in
    Fragment.all.map { "\(first.name)@one \($0.name)@two" }
  }

  /// The case of a name.
  package static func make(_ name: String) async throws -> CrashCase {
    var draft = Fragment.Draft()
    for word in name.split(separator: " ") {
      let parts = word.split(separator: "@").map(String.init)
      guard parts.count == 2, let kind = Fragment.all.first(where: { $0.name == parts[0] }) else {
        throw CrashCase.Violation(description: "there is no kind '\(word)'")
      }
      kind.put(&draft, parts[1])
    }
    let endpoint = InMemoryEndpoint(Bench.freshServer())
    let bench = Bench(endpoint)
    try await build(draft.prior, bench, endpoint)
    var options = PlanOptions()
    options.adopts = true
    let plan = try await bench.plan(desired(draft.target), options)
    guard plan.refusals.isEmpty, !plan.steps.isEmpty else {
      throw CrashCase.Violation(description: "\(name) is refused: \(plan.refusals)")
    }
    return try await CrashCase(name, plan, on: endpoint.server)
  }

  private static func desired(_ shapes: [String: Shape]) -> [DesiredResource] {
    shapes.map { $0.value.desired($0.key) }.sorted { $0.address < $1.address }
  }

  private static func build(
    _ prior: [String: Shape], _ bench: Bench, _ endpoint: InMemoryEndpoint
  ) async throws {
    let plan = try await bench.plan(desired(prior))
    guard plan.refusals.isEmpty, await bench.apply(plan.steps).outcome == .applied else {
      throw CrashCase.Violation(description: "the prior state cannot be made: \(plan.refusals)")
    }
    for (name, shape) in prior.sorted(by: { $0.key < $1.key }) {
      if !shape.isMarked {
        let address = ResourceAddress.collection(ExactString(name), cluster: "c")
        _ = try await bench.provider.perform(
          Operation(.update, address, removesMark: true), run: "r0", step: "s0")
      }
      guard !shape.afterwards.isEmpty else { continue }
      let members = shape.afterwards.map { JSONObject.Member(key: $0.key, value: $0.value) }
      let request = SimulatedRequest(
        method: "PATCH", target: "/collections/\(name)",
        headers: [("host", "here"), ("content-type", "application/json")],
        body: JSONValue.object(JSONObject(members)).bytes())
      _ = endpoint.exchange(request, now: 0)
    }
  }
}
