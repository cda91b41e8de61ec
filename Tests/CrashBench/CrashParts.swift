import Planning

/// The parts of the sweep, as cases.
package enum CrashParts {
  /// Scenarios that together hold every kind of step that the planner was seen to make.
  package static func scenarios(_ seeds: ClosedRange<UInt64>) async throws -> [CrashPlans.Scenario]
  {
    var scenarios: [CrashPlans.Scenario] = []
    for seed in seeds {
      if let scenario = try await CrashPlans.scenario(seed) { scenarios.append(scenario) }
    }
    return scenarios
  }

  /// One plan for every kind of step; with a limit, every n-th kind.
  package static func single(limit: Int) async throws -> [CrashCase] {
    var chosen: [String: (CrashPlans.Scenario, StepID)] = [:]
    for scenario in try await scenarios(1...40) {
      for step in scenario.plan.steps where chosen[CrashPlans.kind(step)] == nil {
        chosen[CrashPlans.kind(step)] = (scenario, step.id)
      }
    }
    return try await cases(
      chosen.sorted { $0.key < $1.key }.map { ($0.key, $0.value.0, [$0.value.1]) }, limit)
  }

  /// One plan for every pair of kinds that stand in one generated plan.
  package static func small(limit: Int) async throws -> [CrashCase] {
    var chosen: [String: (CrashPlans.Scenario, [StepID])] = [:]
    for scenario in try await scenarios(1...40) {
      for first in scenario.plan.steps {
        for second in scenario.plan.steps where first.id <= second.id {
          let name = CrashPlans.kind(first) + " + " + CrashPlans.kind(second)
          if chosen[name] == nil { chosen[name] = (scenario, [first.id, second.id]) }
        }
      }
    }
    return try await cases(
      chosen.sorted { $0.key < $1.key }.map { ($0.key, $0.value.0, $0.value.1) }, limit)
  }

  /// Plans of three and four steps, one for every sequence of classes that was found.
  package static func byClasses(limit: Int) async throws -> [CrashCase] {
    var chosen: [String: (CrashPlans.Scenario, [StepID])] = [:]
    for scenario in try await scenarios(1...60) {
      let steps = scenario.plan.steps
      for start in steps.indices {
        for stride in 1...3 {
          for count in 3...4 where start + stride * (count - 1) < steps.count {
            let picked = (0..<count).map { steps[start + stride * $0] }
            let name = picked.map(\.stepClass.rawValue).joined(separator: " + ")
            if chosen[name] == nil { chosen[name] = (scenario, picked.map(\.id)) }
          }
        }
      }
    }
    return try await cases(
      chosen.sorted { $0.key < $1.key }.map { ($0.key, $0.value.0, $0.value.1) }, limit)
  }

  /// Whole generated plans.
  package static func generated(seeds: ClosedRange<UInt64>) async throws -> [CrashCase] {
    var cases: [CrashCase] = []
    for seed in seeds {
      if let subject = try await generated(seed) { cases.append(subject) }
    }
    return cases
  }

  /// The plan of one seed; nil when there is none of at least five steps.
  package static func generated(_ seed: UInt64) async throws -> CrashCase? {
    let collections = 2 + Int(seed % 4)
    guard
      let scenario = try await CrashPlans.scenario(seed &+ 10_000, collections: collections),
      (5...60).contains(scenario.plan.steps.count)
    else { return nil }
    return try await CrashCase("seed \(seed)", scenario.plan, on: scenario.server)
  }

  private static func cases(
    _ chosen: [(String, CrashPlans.Scenario, [StepID])], _ limit: Int
  ) async throws -> [CrashCase] {
    let stride = max(1, chosen.count / max(1, limit))
    var cases: [CrashCase] = []
    for (index, (name, scenario, steps)) in chosen.enumerated()
    where index.isMultiple(of: stride) && cases.count < limit {
      let plan = CrashPlans.part(scenario, steps)
      cases.append(
        try await CrashCase("\(name) of seed \(scenario.seed)", plan, on: scenario.server))
    }
    return cases
  }
}
