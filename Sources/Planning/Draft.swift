import JSON
import ResourceModel

/// What tells one step of a plan from another before it has a number.
struct StepKey: Hashable, Comparable {
  var address: ResourceAddress
  var action: Operation.Action
  /// The section of an update, with the element it concerns; "mark" for the ownership mark.
  var part: String

  init(_ address: ResourceAddress, _ action: Operation.Action, part: String = "") {
    self.address = address
    self.action = action
    self.part = part
  }

  static func < (left: StepKey, right: StepKey) -> Bool {
    if left.address != right.address { return left.address < right.address }
    if left.action != right.action { return left.action.rawValue < right.action.rawValue }
    return left.part.precedes(right.part)
  }
}

/// A step that is not in its place yet.
struct Draft {
  var key: StepKey
  var step: Step
  /// The place among the steps of one collection: the server's own order of sections.
  var rank: Int
  /// The collection among whose steps it stands: its own, or the one that takes its name.
  var place: ExactString
  var needs: Set<StepKey>

  init(_ step: Step, part: String = "", rank: Int = 0, needs: Set<StepKey> = []) {
    key = StepKey(step.operation.address, step.operation.action, part: part)
    self.step = step
    self.rank = rank
    place = step.operation.address.collection
    self.needs = needs
  }
}

/// What planning one collection gives.
struct CollectionPlan {
  var drafts: [Draft] = []
  var refusals: [Refusal] = []
  var warnings: [PlanWarning] = []
  /// Whether the collection is as it should be and bears no mark yet.
  var isUnmarked = false
}
