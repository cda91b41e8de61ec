package import JSON
import Planning
import ResourceModel

extension JournalCoding {
  /// The entry in an object; nil when it is none that this version writes.
  package static func entry(_ object: JSONObject) -> JournalEntry? {
    switch object["type"]?.string {
    case "begun": return header(object).map { .begun($0) }
    case "resumed": return direction(object).map { .resumed($0) }
    case "control":
      guard let cluster = object["cluster"]?.string, let value = object["operation"],
        let operation = control(value)
      else { return nil }
      return .control(cluster: cluster, operation)
    case "locked":
      guard let cluster = object["cluster"]?.string, let epoch = object["epoch"]?.integer else {
        return nil
      }
      return .locked(cluster: cluster, epoch: epoch)
    case "adopted": return .adopted
    case "abandoned": return .abandoned
    case "turned": return .turned
    case "finished": return end(object).map { .finished($0) }
    default: return stepEntry(object)
    }
  }

  private static func stepEntry(_ object: JSONObject) -> JournalEntry? {
    guard let number = object["step"]?.integer, let direction = direction(object) else {
      return nil
    }
    let id = StepID(number)
    switch object["type"]?.string {
    case "intent":
      guard let operation = PlanParts.operation(object["operation"]) else { return nil }
      guard let value = object["inverse"] else {
        return .intent(id, direction, operation, inverse: nil)
      }
      guard let inverse = PlanParts.operation(value) else { return nil }
      return .intent(id, direction, operation, inverse: inverse)
    case "unknown": return error(object).map { .unknown(id, direction, $0) }
    case "not-applied": return .notApplied(id, direction)
    case "skipped": return .skipped(id, direction)
    case "done": return .done(id, direction)
    case "rejected": return error(object).map { .rejected(id, direction, $0) }
    case "not-in-effect": return facts(object["facts"]).map { .notInEffect(id, direction, $0) }
    case "gate-closed":
      return object["reason"]?.string.map { .gateClosed(id, direction, $0) }
    case "stale": return facts(object["facts"]).map { .stale(id, direction, $0) }
    default: return nil
    }
  }

  private static func direction(_ object: JSONObject) -> Direction? {
    object["direction"]?.string.flatMap(Direction.init)
  }

  private static func header(_ object: JSONObject) -> RunHeader? {
    guard let run = object["run"]?.string, let workspace = object["workspace"]?.string,
      let plan = object["plan"]?.string, let steps = object["steps"]?.integer
    else { return nil }
    var header = RunHeader(run: run, workspace: workspace, plan: plan, steps: steps)
    if let back = object["rolls_back"] {
      guard let plan = back["plan"]?.string, let run = back["run"]?.string else { return nil }
      header.rollsBack = LockRecord.RolledBack(plan: plan, run: run)
    }
    return header
  }

  private static func error(_ object: JSONObject) -> ProviderError? {
    guard let outcome = object["outcome"]?.string.flatMap(ProviderError.Outcome.init),
      let category = object["category"]?.string.flatMap(ProviderError.Category.init),
      let message = object["message"]?.string
    else { return nil }
    return ProviderError(
      outcome, message, category: category, status: object["status"]?.integer)
  }

  private static func facts(_ value: JSONValue?) -> [BrokenFact]? {
    guard let values = value?.array else { return nil }
    let facts = values.compactMap(PlanParts.brokenFact)
    return facts.count == values.count ? facts : nil
  }

  private static func control(_ value: JSONValue) -> ControlOperation? {
    if let epoch = value["create_epoch"]?.integer {
      return LockRecord(value["record"]).map { .createEpoch(epoch, $0) }
    }
    if let epoch = value["write_epoch"]?.integer {
      return LockRecord(value["record"]).map { .writeEpoch(epoch, $0) }
    }
    if let epoch = value["delete_epoch"]?.integer { return .deleteEpoch(epoch) }
    return value["barrier"]?.string.map { .barrier(nonce: $0) }
  }

  private static func end(_ object: JSONObject) -> RunEnd? {
    guard let state = object["state"]?.string.flatMap(RunEnd.State.init),
      let values = object["causes"]?.array
    else { return nil }
    let causes = values.compactMap(cause)
    return causes.count == values.count ? RunEnd(state, causes) : nil
  }

  private static func cause(_ value: JSONValue) -> RunEnd.Cause? {
    guard let kind = value["kind"]?.string.flatMap(RunEnd.Cause.Kind.init),
      let direction = value["direction"]?.string.flatMap(Direction.init),
      let message = value["message"]?.string
    else { return nil }
    var cause = RunEnd.Cause(
      kind, cluster: value["cluster"]?.string, step: value["step"]?.integer.map { StepID($0) },
      direction: direction, message)
    if let facts = value["facts"] {
      guard let read = self.facts(facts) else { return nil }
      cause.facts = read
    }
    return cause
  }
}
