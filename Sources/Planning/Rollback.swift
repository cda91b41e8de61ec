import ResourceModel

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

  /// Undoing the making of a collection takes no points with it that were written meanwhile.
  private static func guards(_ step: Step, _ inverse: Operation) -> [Fact] {
    guard inverse.action == .delete, step.address.kind == .collection else { return [] }
    return [Fact(step.address, FieldPath([]), .pointsAtMost(0))]
  }

  /// What holds again afterwards; where "unset" cannot come back, what the inverse sets.
  private static func undone(_ step: Step) -> [Fact] {
    guard step.stepClass == .sticky, let inverse = step.inverse else { return step.before }
    return inverse.fields.map { .value(step.address, $0.path, $0.value) }
  }
}
