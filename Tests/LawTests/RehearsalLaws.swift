import Execution
import InProcessTransport
import JSON
import LawBench
import Planning
import Rehearsal
import ResourceModel
import Testing

/// A rehearsal tells of a plan what happens when it is applied.
@Suite struct RehearsalLaws {
  @Test func `What is applied was rehearsed without a finding, and comes back`() async throws {
    var passed = 0
    var steps = 0
    for seed in UInt64(0)..<30 {
      var random = RandomCollections(seed: seed)
      random.density = 0.15
      let first = random.collection("one")
      let second = random.collection("one", like: first)
      let bench = Bench()
      let start = try await bench.plan([first])
      guard await bench.apply(start.steps).outcome == .applied else { continue }
      let plan = try await bench.plan([second])
      guard plan.refusals.isEmpty, !plan.steps.isEmpty else { continue }
      let rehearsal = Rehearsal(plan: plan, schema: bench.schema)
      let result = await rehearsal.run("c", try await bench.observe())
      guard case .passed(let count, let undone) = result else {
        Issue.record("seed \(seed): \(result)")
        continue
      }
      #expect(count == plan.steps.count)
      #expect(undone == plan.steps.count { $0.stepClass != .none })
      passed += 1
      steps += count
      let (outcome, _) = await bench.apply(plan.steps)
      #expect(outcome == .applied, "seed \(seed)")
    }
    print("rehearsed: \(passed) plans, \(steps) steps")
    #expect(passed > 10)
  }

  /// A plan of one step that says that it brings about something else than it does.
  private func wrong(after: Int, inverse: Int) async throws -> (Plan, ObservedCluster, Bench) {
    let bench = Bench()
    let collection = DesiredResource(
      address: .collection("one", cluster: "c"), span: RandomCollections.span)
    #expect(await bench.apply(try await bench.plan([collection]).steps).outcome == .applied)
    let address = ResourceAddress.collection("one", cluster: "c")
    let path = FieldPath(["hnsw_config", "m"])
    var plan = Plan(workspace: "w")
    let step = Step(
      operation: Operation(.update, address, fields: [FieldAssignment(path, 32)]),
      before: [.value(address, path, 16)], after: [.value(address, path, .integer(after))],
      inverse: Operation(.update, address, fields: [FieldAssignment(path, .integer(inverse))]),
      stepClass: .exact, phase: .expand)
    plan.steps = [step]
    plan.steps[0].id = StepID(1)
    return (plan, try await bench.observe(), bench)
  }

  @Test func `A plan that does not arrive is found out`() async throws {
    let (plan, observed, bench) = try await wrong(after: 64, inverse: 16)
    let result = await Rehearsal(plan: plan, schema: bench.schema).run("c", observed)
    guard case .failed(let end) = result else {
      Issue.record("\(result)")
      return
    }
    #expect(end.cause(.notInEffect)?.step == StepID(1))
  }

  @Test func `A rollback that does not return is found out`() async throws {
    let (plan, observed, bench) = try await wrong(after: 32, inverse: 24)
    let result = await Rehearsal(plan: plan, schema: bench.schema).run("c", observed)
    guard case .rollbackFailed(let end) = result else {
      Issue.record("\(result)")
      return
    }
    #expect(end.state == .halted)
  }

  @Test func `What the simulation cannot show is said, and not passed over`() async throws {
    var (plan, observed, bench) = try await wrong(after: 32, inverse: 16)
    let rehearsal = Rehearsal(plan: plan, schema: bench.schema)
    var other = observed
    other.identity.isDistributed = true
    guard case .notRehearsed = await rehearsal.run("c", other) else {
      Issue.record("a distributed cluster was rehearsed")
      return
    }
    plan.steps[0].before = [.value(plan.steps[0].address, FieldPath(["hnsw_config", "m"]), 8)]
    let result = await Rehearsal(plan: plan, schema: bench.schema).run("c", observed)
    guard case .notLoaded(let step, let facts) = result else {
      Issue.record("\(result)")
      return
    }
    #expect(step == StepID(1) && facts.first?.now == 16)
  }
}
