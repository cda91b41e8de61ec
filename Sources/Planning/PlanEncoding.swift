import JSON
import ResourceModel

/// A plan as JSON: the essence (what it would do) and the origin (where it was made).
enum PlanEncoding {
  /// What is approved: no position, time, revision or tool version stands in it.
  ///
  /// What is waived or unmarked stands in it when there is something, so that older plans keep
  /// their ids.
  static func essence(_ plan: Plan) -> JSONValue {
    var essence: JSONObject = [
      "workspace": .string(plan.workspace),
      "clusters": .array(plan.clusters.map(cluster)),
      "steps": .array(plan.steps.map(step)),
      "refusals": .array(plan.refusals.map(refusal)),
      "warnings": .array(
        plan.warnings.map { warning in
          [
            "code": .string(warning.code), "subject": address(warning.subject),
            "message": .string(warning.message),
          ]
        }),
      "unchecked": .array(
        plan.unchecked.map { part in
          [
            "cluster": .string(part.cluster),
            "collection": part.collection.map { .string($0.string) } ?? .null,
            "reason": .string(part.reason), "category": .string(part.category.rawValue),
          ]
        }),
      "totals": totals(plan.totals),
    ]
    if !plan.waived.isEmpty { essence["waived"] = .array(plan.waived.map(waived)) }
    if !plan.unmarked.isEmpty { essence["unmarked"] = .array(plan.unmarked.map(address)) }
    return .object(essence)
  }

  private static func waived(_ finding: WaivedFinding) -> JSONValue {
    [
      "code": .string(finding.code), "subject": address(finding.subject),
      "message": .string(finding.message), "until": .string(finding.until),
      "owner": .string(finding.owner),
    ]
  }

  /// Where everything stands in the manifests, and who made the plan when.
  static func origin(_ plan: Plan) -> JSONValue {
    [
      "folder": .string(plan.origin.folder),
      "state": plan.origin.state.map { .string($0) } ?? .null,
      "revision": plan.origin.revision.map { .string($0) } ?? .null,
      "environment": plan.origin.environment.map { .string($0) } ?? .null,
      "tool_version": .string(plan.origin.toolVersion),
      "time": .string(plan.origin.time),
      "cluster_folders": .object(
        JSONObject(
          plan.origin.clusterFolders.map {
            JSONObject.Member(key: $0.key, value: .string($0.value))
          })),
      "steps": .array(
        plan.steps.map { step in
          [
            "position": position(step.position),
            "reasons": .array(step.reasons.map { position($0.position) }),
          ]
        }),
      "refusals": .array(plan.refusals.map { position($0.position) }),
      "warnings": .array(plan.warnings.map { position($0.position) }),
      "demanded": [
        "refusals": .array(plan.refusals.map { position($0.demandedAt) }),
        "warnings": .array(plan.warnings.map { position($0.demandedAt) }),
      ],
    ]
  }

  private static func cluster(_ cluster: PlannedCluster) -> JSONValue {
    [
      "name": .string(cluster.name), "endpoint": .string(cluster.endpoint),
      "version": .string(cluster.identity.version.description),
      "distributed": .bool(cluster.identity.isDistributed),
      "peers": .array(cluster.identity.peers.map { .string($0) }),
      "consensus": .string(cluster.identity.consensus),
      "connection": cluster.declaration.map(ClusterEncoding.json) ?? .null,
    ]
  }

  private static func totals(_ totals: PlanTotals) -> JSONValue {
    [
      "add": .integer(totals.add), "change": .integer(totals.change),
      "replace": .integer(totals.replace), "remove": .integer(totals.remove),
      "refused": .integer(totals.refused), "managed": .integer(totals.managed),
    ]
  }

  private static func step(_ step: Step) -> JSONValue {
    [
      "id": .integer(step.id.number), "operation": operation(step.operation),
      "reasons": .array(step.reasons.map(reason)),
      "request": step.request.map(request) ?? .null,
      "before": .array(step.before.map(fact)), "after": .array(step.after.map(fact)),
      "inverse": step.inverse.map(operation) ?? .null,
      "gates": .array(step.gates.map(gate)),
      "class": .string(step.stepClass.rawValue), "phase": .integer(step.phase.rawValue),
      "note": step.note.map { .string($0) } ?? .null,
      "needs": .array(step.needs.map { .integer($0.number) }),
    ]
  }

  private static func gate(_ gate: Gate) -> JSONValue {
    [
      "wait": .string(gate.condition.rawValue),
      "seconds": .integer(Int(gate.timeout.components.seconds)),
    ]
  }

  static func operation(_ operation: Operation) -> JSONValue {
    [
      "action": .string(operation.action.rawValue), "address": address(operation.address),
      "fields": .array(
        operation.fields.map { ["path": path($0.path), "value": $0.value] }),
      "mark": operation.mark?.json ?? .null, "removes_mark": .bool(operation.removesMark),
    ]
  }

  static func address(_ address: ResourceAddress) -> JSONValue {
    [
      "kind": .string(address.kind.rawValue), "collection": .string(address.collection.string),
      "name": .string(address.name.string), "cluster": .string(address.cluster),
    ]
  }

  private static func path(_ path: FieldPath) -> JSONValue {
    .array(path.segments.map { .string($0.string) })
  }

  private static func request(_ request: RequestPreview) -> JSONValue {
    [
      "method": .string(request.method), "target": .string(request.target),
      "body": request.body ?? .null,
    ]
  }

  /// Absent and `null` are told apart: an absent value has no key.
  private static func reason(_ reason: Reason) -> JSONValue {
    var object: JSONObject = [
      "subject": address(reason.subject), "path": path(reason.path),
      "cause": .string(reason.cause.rawValue), "effect": .string(effect(reason.effect)),
    ]
    if let from = reason.from { object["from"] = from }
    if let to = reason.to { object["to"] = to }
    return .object(object)
  }

  private static func refusal(_ refusal: Refusal) -> JSONValue {
    var object: JSONObject = [
      "code": .string(refusal.code), "subject": address(refusal.subject),
      "path": path(refusal.path), "message": .string(refusal.message),
      "hint": refusal.hint.map { .string($0) } ?? .null,
      "replacement": .bool(refusal.isReplacement),
    ]
    if let from = refusal.from { object["from"] = from }
    if let to = refusal.to { object["to"] = to }
    return .object(object)
  }

  static func fact(_ fact: Fact) -> JSONValue {
    var object: JSONObject = ["subject": address(fact.subject), "path": path(fact.path)]
    switch fact.expectation {
    case .absent: object["absent"] = true
    case .present: object["present"] = true
    case .value(let value): object["value"] = value
    case .pointsAtMost(let limit): object["points_at_most"] = .integer(limit)
    }
    return .object(object)
  }

  static func effect(_ effect: FieldSpec.Effect) -> String {
    switch effect {
    case .immediate: "immediate"
    case .rebuildsIndex: "rebuilds_index"
    case .newDataOnly: "new_data_only"
    case .recordedOnly: "recorded_only"
    }
  }

  private static func position(_ position: SourcePosition?) -> JSONValue {
    guard let position else { return .null }
    var object: JSONObject = [
      "file": .string(position.file), "line": .integer(position.line),
      "column": .integer(position.column),
    ]
    if !position.chain.isEmpty {
      object["chain"] = .array(
        position.chain.map { source in
          [
            "name": .string(source.name), "file": .string(source.file),
            "line": .integer(source.line), "column": .integer(source.column),
          ]
        })
    }
    return .object(object)
  }
}
