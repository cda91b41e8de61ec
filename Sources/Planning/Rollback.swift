package import ResourceModel

extension Plan {
  /// The steps that undo those steps, in reverse order; each first compares what it is about to
  /// undo.
  ///
  /// A step that needs the making of its resource is undone with it. Steps without an inverse are
  /// left out: `stepClass` tells them.
  package static func inverses(of steps: [Step]) -> [Step] {
    var inverses: [Step] = []
    for step in steps.reversed() {
      guard var undo = inverse(of: step) else { continue }
      undo.id = StepID(inverses.count + 1)
      inverses.append(undo)
    }
    return inverses
  }

  /// The step that undoes that step, under the same number; nil when it cannot be undone.
  package static func inverse(of step: Step) -> Step? {
    guard let inverse = step.inverse else { return nil }
    var undo = Step(
      operation: inverse, before: step.after + guards(step, inverse), after: undone(step),
      inverse: step.operation,
      stepClass: step.stepClass, phase: step.phase)
    undo.id = step.id
    undo.position = step.position
    undo.note = step.note
    undo.gates = inverse.gates
    return undo
  }

  /// The plan that takes those steps of this plan back, last first.
  ///
  /// It is a plan like any other: it can be looked at, stored, and goes stale. `identities` are the
  /// clusters as they are now.
  package func rollback(
    of done: Set<StepID>, identities: [String: ClusterIdentity]
  ) -> Plan {
    var plan = Plan(workspace: workspace)
    plan.clusters = clusters.map { cluster in
      var cluster = cluster
      cluster.identity = identities[cluster.name] ?? cluster.identity
      return cluster
    }
    plan.origin = origin
    let originals = steps.filter { done.contains($0.id) && $0.inverse != nil }
    plan.steps = Plan.inverses(of: originals)
    let numbers = Dictionary(
      uniqueKeysWithValues: originals.reversed().enumerated().map {
        ($0.element.id, StepID($0.offset + 1))
      })
    for (index, original) in originals.reversed().enumerated() {
      plan.steps[index].reasons = original.reasons.map(\.reversed)
      for need in original.needs {
        guard let earlier = numbers[need], let own = numbers[original.id] else { continue }
        plan.steps[earlier.number - 1].needs.append(own)
      }
    }
    plan.totals = PlanTotals(of: plan.steps, managed: totals.managed)
    return plan
  }

  /// What holds points or vectors of them.
  private static let holders: Set<ResourceKind> = [.collection, .vector, .sparseVector, .shardKey]

  /// Undoing the making of a collection, a vector or a shard key takes nothing with it that was
  /// written meanwhile.
  private static func guards(_ step: Step, _ inverse: Operation) -> [Fact] {
    guard inverse.action == .delete, holders.contains(step.address.kind) else { return [] }
    return [Fact(step.address, FieldPath([]), .pointsAtMost(0))]
  }

  /// What holds again afterwards; where "unset" cannot come back, what the inverse sets. What was
  /// made is gone, also where an earlier step had to remove its forerunner first.
  private static func undone(_ step: Step) -> [Fact] {
    if step.before.isEmpty, step.inverse?.action == .delete { return [.absent(step.address)] }
    guard step.stepClass == .sticky, let inverse = step.inverse else { return step.before }
    return inverse.fields.map { .value(step.address, $0.path, $0.value) }
  }
}

extension Reason {
  /// The same the other way round.
  fileprivate var reversed: Reason {
    var reversed = self
    reversed.from = to
    reversed.to = from
    return reversed
  }
}

extension PlanTotals {
  /// What steps touch, each resource once.
  fileprivate init(of steps: [Step], managed: Int) {
    self.init()
    self.managed = managed
    let creations = Set(steps.filter { $0.operation.action == .create }.map(\.address))
    let deletions = Set(steps.filter { $0.operation.action == .delete }.map(\.address))
    add = creations.count
    remove = deletions.subtracting(creations).count
    change = Set(steps.map(\.address)).subtracting(creations).subtracting(deletions).count
  }
}
