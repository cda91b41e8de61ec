package import JSON
import Planning
import ResourceModel

/// Entries as JSON objects, as a journal and `--events` have them.
package enum JournalCoding {
  /// The entry as an object whose `type` says what it is.
  package static func json(_ entry: JournalEntry) -> JSONObject {
    switch entry {
    case .begun(let header): return begun(header)
    case .resumed(let direction): return object("resumed", ["direction": word(direction)])
    case .control(let cluster, let operation):
      return object("control", ["cluster": .string(cluster), "operation": json(operation)])
    case .locked(let cluster, let epoch):
      return object("locked", ["cluster": .string(cluster), "epoch": .integer(epoch)])
    case .intent(let id, let direction, let operation, let inverse):
      var fields = step(id, direction)
      fields["operation"] = PlanParts.json(operation)
      if let inverse { fields["inverse"] = PlanParts.json(inverse) }
      return object("intent", fields)
    case .unknown(let id, let direction, let error):
      return object("unknown", step(id, direction), error)
    case .notApplied(let id, let direction): return object("not-applied", step(id, direction))
    case .skipped(let id, let direction): return object("skipped", step(id, direction))
    case .done(let id, let direction): return object("done", step(id, direction))
    case .rejected(let id, let direction, let error):
      return object("rejected", step(id, direction), error)
    case .notInEffect(let id, let direction, let facts):
      return object("not-in-effect", step(id, direction), facts)
    case .gateClosed(let id, let direction, let reason):
      var fields = step(id, direction)
      fields["reason"] = .string(reason)
      return object("gate-closed", fields)
    case .stale(let id, let direction, let facts):
      return object("stale", step(id, direction), facts)
    case .adopted: return object("adopted", [:])
    case .abandoned: return object("abandoned", [:])
    case .turned: return object("turned", [:])
    case .finished(let end):
      return object(
        "finished",
        ["state": .string(end.state.rawValue), "causes": .array(end.causes.map(json))])
    }
  }

  private static func object(_ type: String, _ fields: JSONObject) -> JSONObject {
    var object: JSONObject = ["type": .string(type)]
    for member in fields.members { object[member.key] = member.value }
    return object
  }

  private static func object(
    _ type: String, _ fields: JSONObject, _ error: ProviderError
  ) -> JSONObject {
    var fields = fields
    fields["outcome"] = .string(error.outcome.rawValue)
    fields["category"] = .string(error.category.rawValue)
    fields["message"] = .string(error.message)
    if let status = error.status { fields["status"] = .integer(status) }
    return object(type, fields)
  }

  private static func object(
    _ type: String, _ fields: JSONObject, _ facts: [BrokenFact]
  ) -> JSONObject {
    var fields = fields
    fields["facts"] = .array(facts.map(PlanParts.json))
    return object(type, fields)
  }

  private static func begun(_ header: RunHeader) -> JSONObject {
    var fields: JSONObject = [
      "run": .string(header.run), "workspace": .string(header.workspace),
      "plan": .string(header.plan), "steps": .integer(header.steps),
    ]
    if let back = header.rollsBack {
      fields["rolls_back"] = ["plan": .string(back.plan), "run": .string(back.run)]
    }
    return object("begun", fields)
  }

  private static func step(_ id: StepID, _ direction: Direction) -> JSONObject {
    ["step": .integer(id.number), "direction": word(direction)]
  }

  private static func word(_ direction: Direction) -> JSONValue { .string(direction.rawValue) }

  private static func json(_ operation: ControlOperation) -> JSONValue {
    switch operation {
    case .createEpoch(let epoch, let record):
      return ["create_epoch": .integer(epoch), "record": record.json]
    case .writeEpoch(let epoch, let record):
      return ["write_epoch": .integer(epoch), "record": record.json]
    case .deleteEpoch(let epoch): return ["delete_epoch": .integer(epoch)]
    case .barrier(let nonce): return ["barrier": .string(nonce)]
    }
  }

  private static func json(_ cause: RunEnd.Cause) -> JSONValue {
    var object: JSONObject = [
      "kind": .string(cause.kind.rawValue), "direction": word(cause.direction),
      "message": .string(cause.message),
    ]
    if let cluster = cause.cluster { object["cluster"] = .string(cluster) }
    if let step = cause.step { object["step"] = .integer(step.number) }
    if !cause.facts.isEmpty { object["facts"] = .array(cause.facts.map(PlanParts.json)) }
    return .object(object)
  }
}
