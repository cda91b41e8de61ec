import JSON
import ResourceModel

/// Reads a plan back; anything that is not as it was written is refused.
struct PlanDecoder {
  /// A part that is not what a plan has there.
  struct Malformed: Error {
    /// `steps[3].operation`.
    var place: String
  }

  func plan(essence: JSONValue, origin: JSONValue) throws(Malformed) -> Plan {
    var plan = Plan(workspace: try text(essence, "workspace"))
    plan.clusters = try list(essence, "clusters", cluster)
    plan.steps = try list(essence, "steps", step)
    plan.refusals = try list(essence, "refusals", refusal)
    plan.warnings = try list(essence, "warnings", warning)
    plan.unchecked = try list(essence, "unchecked", unchecked)
    plan.totals = try totals(essence)
    if essence["waived"] != nil { plan.waived = try list(essence, "waived", waived) }
    if essence["unmarked"] != nil { plan.unmarked = try list(essence, "unmarked", address) }
    plan.origin.folder = try text(origin, "folder")
    plan.origin.state = origin["state"]?.string
    plan.origin.revision = origin["revision"]?.string
    plan.origin.environment = origin["environment"]?.string
    plan.origin.toolVersion = try text(origin, "tool_version")
    plan.origin.time = try text(origin, "time")
    for member in origin["cluster_folders"]?.object?.members ?? [] {
      plan.origin.clusterFolders[member.key] = member.value.string
    }
    try place(origin, in: &plan)
    return plan
  }

  private func place(_ origin: JSONValue, in plan: inout Plan) throws(Malformed) {
    let steps = origin["steps"]?.array ?? []
    guard steps.count == plan.steps.count else { throw Malformed(place: "origin.steps") }
    for index in steps.indices {
      plan.steps[index].position = position(steps[index]["position"])
      let reasons = steps[index]["reasons"]?.array ?? []
      for (at, value) in reasons.enumerated() where at < plan.steps[index].reasons.count {
        plan.steps[index].reasons[at].position = position(value)
      }
    }
    for (at, value) in (origin["refusals"]?.array ?? []).enumerated()
    where at < plan.refusals.count {
      plan.refusals[at].position = position(value)
    }
    for (at, value) in (origin["warnings"]?.array ?? []).enumerated()
    where at < plan.warnings.count {
      plan.warnings[at].position = position(value)
    }
    demands(origin["demanded"], in: &plan)
  }

  /// Where policies demand things; plans of earlier versions do not say it.
  private func demands(_ value: JSONValue?, in plan: inout Plan) {
    let refusals = value?["refusals"]?.array ?? []
    for (at, place) in refusals.enumerated() where at < plan.refusals.count {
      plan.refusals[at].demandedAt = position(place)
    }
    let warnings = value?["warnings"]?.array ?? []
    for (at, place) in warnings.enumerated() where at < plan.warnings.count {
      plan.warnings[at].demandedAt = position(place)
    }
  }

  private func waived(_ value: JSONValue) throws(Malformed) -> WaivedFinding {
    WaivedFinding(
      code: try text(value, "code"), subject: try address(value["subject"]),
      message: try text(value, "message"), until: try text(value, "until"),
      owner: try text(value, "owner"))
  }

  private func position(_ value: JSONValue?) -> SourcePosition? {
    guard let file = value?["file"]?.string, let line = value?["line"]?.integer,
      let column = value?["column"]?.integer
    else { return nil }
    var position = SourcePosition(file: file, line: line, column: column)
    position.chain = (value?["chain"]?.array ?? []).compactMap { source in
      guard let name = source["name"]?.string, let file = source["file"]?.string,
        let line = source["line"]?.integer, let column = source["column"]?.integer
      else { return nil }
      return SourcePosition.Source(name: name, file: file, line: line, column: column)
    }
    return position
  }

  private func text(_ value: JSONValue, _ key: String) throws(Malformed) -> String {
    guard let text = value[key]?.string else { throw Malformed(place: key) }
    return text
  }

  private func number(_ value: JSONValue, _ key: String) throws(Malformed) -> Int {
    guard let number = value[key]?.integer else { throw Malformed(place: key) }
    return number
  }

  private func word<W: RawRepresentable<String>>(
    _ value: JSONValue, _ key: String, _ type: W.Type
  ) throws(Malformed) -> W {
    guard let word = W(rawValue: try text(value, key)) else { throw Malformed(place: key) }
    return word
  }

  private func list<Element>(
    _ value: JSONValue, _ key: String, _ read: (JSONValue) throws(Malformed) -> Element
  ) throws(Malformed) -> [Element] {
    guard let elements = value[key]?.array else { throw Malformed(place: key) }
    var list: [Element] = []
    for (index, element) in elements.enumerated() {
      do throws(Malformed) { list.append(try read(element)) } catch {
        throw Malformed(place: "\(key)[\(index)].\(error.place)")
      }
    }
    return list
  }

  private func cluster(_ value: JSONValue) throws(Malformed) -> PlannedCluster {
    guard let version = ServerVersion(try text(value, "version")),
      let distributed = value["distributed"]?.bool
    else { throw Malformed(place: "version") }
    var cluster = PlannedCluster(
      name: try text(value, "name"), endpoint: try text(value, "endpoint"),
      identity: ClusterIdentity(
        version: version, isDistributed: distributed,
        peers: (value["peers"]?.array ?? []).compactMap(\.string),
        consensus: try text(value, "consensus")))
    if let connection = value["connection"]?.nonNull {
      guard let declaration = ClusterEncoding.declaration(connection, name: cluster.name) else {
        throw Malformed(place: "connection")
      }
      cluster.declaration = declaration
    }
    return cluster
  }

  private func step(_ value: JSONValue) throws(Malformed) -> Step {
    guard let phase = StepPhase(rawValue: try number(value, "phase")) else {
      throw Malformed(place: "phase")
    }
    var step = Step(
      operation: try operation(value["operation"], "operation"),
      reasons: try list(value, "reasons", reason), before: try list(value, "before", fact),
      after: try list(value, "after", fact),
      inverse: value["inverse"]?.nonNull == nil
        ? nil : try operation(value["inverse"], "inverse"),
      stepClass: try word(value, "class", StepClass.self), phase: phase)
    step.id = StepID(try number(value, "id"))
    step.note = value["note"]?.string
    step.gates = try list(value, "gates", gate)
    step.needs = (value["needs"]?.array ?? []).compactMap(\.integer).map { StepID($0) }
    if let request = value["request"]?.nonNull {
      step.request = RequestPreview(
        method: try text(request, "method"), target: try text(request, "target"),
        body: request["body"]?.nonNull)
    }
    return step
  }

  private func gate(_ value: JSONValue) throws(Malformed) -> Gate {
    Gate(
      try word(value, "wait", Gate.Condition.self),
      timeout: .seconds(try number(value, "seconds")))
  }

  func operation(_ value: JSONValue?, _ key: String) throws(Malformed) -> Operation {
    guard let value, let removes = value["removes_mark"]?.bool else {
      throw Malformed(place: key)
    }
    return Operation(
      try word(value, "action", Operation.Action.self),
      try address(value["address"]),
      fields: try list(value, "fields") { field throws(Malformed) in
        guard let value = field["value"] else { throw Malformed(place: "value") }
        return FieldAssignment(try path(field), value)
      }, mark: OwnershipMark(value["mark"]), removesMark: removes)
  }

  private func address(_ value: JSONValue?) throws(Malformed) -> ResourceAddress {
    guard let value else { throw Malformed(place: "address") }
    return ResourceAddress(
      kind: try word(value, "kind", ResourceKind.self),
      collection: ExactString(try text(value, "collection")),
      name: ExactString(try text(value, "name")), cluster: try text(value, "cluster"))
  }

  private func path(_ value: JSONValue) throws(Malformed) -> FieldPath {
    guard let segments = value["path"]?.array else { throw Malformed(place: "path") }
    return FieldPath(segments.compactMap(\.string).map { ExactString($0) })
  }

  private func reason(_ value: JSONValue) throws(Malformed) -> Reason {
    let effects: [FieldSpec.Effect] = [.immediate, .rebuildsIndex, .newDataOnly, .recordedOnly]
    let name = try text(value, "effect")
    guard let effect = effects.first(where: { PlanEncoding.effect($0) == name }) else {
      throw Malformed(place: "effect")
    }
    return Reason(
      subject: try address(value["subject"]), path: try path(value), from: value["from"],
      to: value["to"], cause: try word(value, "cause", ChangeCause.self), effect: effect,
      position: nil)
  }

  private func refusal(_ value: JSONValue) throws(Malformed) -> Refusal {
    var refusal = Refusal(
      try text(value, "code"), try address(value["subject"]), path: try path(value),
      try text(value, "message"), hint: value["hint"]?.string, position: nil)
    refusal.from = value["from"]
    refusal.to = value["to"]
    refusal.isReplacement = value["replacement"]?.bool ?? false
    return refusal
  }

  private func warning(_ value: JSONValue) throws(Malformed) -> PlanWarning {
    PlanWarning(
      try text(value, "code"), try address(value["subject"]), try text(value, "message"),
      position: nil)
  }

  private func unchecked(_ value: JSONValue) throws(Malformed) -> UncheckedPart {
    UncheckedPart(
      cluster: try text(value, "cluster"),
      collection: (value["collection"]?.string).map { ExactString($0) },
      reason: try text(value, "reason"),
      category: try word(value, "category", ProviderError.Category.self))
  }

  func fact(_ value: JSONValue) throws(Malformed) -> Fact {
    let subject = try address(value["subject"])
    let path = try path(value)
    if let expected = value["value"] { return Fact(subject, path, .value(expected)) }
    if let limit = value["points_at_most"]?.integer {
      return Fact(subject, path, .pointsAtMost(limit))
    }
    if value["absent"] == true { return Fact(subject, path, .absent) }
    guard value["present"] == true else { throw Malformed(place: "fact") }
    return Fact(subject, path, .present)
  }

  private func totals(_ essence: JSONValue) throws(Malformed) -> PlanTotals {
    guard let value = essence["totals"] else { throw Malformed(place: "totals") }
    var totals = PlanTotals()
    totals.add = try number(value, "add")
    totals.change = try number(value, "change")
    totals.replace = try number(value, "replace")
    totals.remove = try number(value, "remove")
    totals.refused = try number(value, "refused")
    totals.managed = try number(value, "managed")
    return totals
  }
}
