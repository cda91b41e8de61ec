package import JSON
import Planning
import ResourceModel

/// A plan for programs; not the plan file, and stable in its own right.
package enum PlanJSON {
  /// `{workspace, id, clusters, changes, refusals, warnings, unchecked, waived,
  /// unmarked, totals, in_sync}`.
  package static func document(_ view: PlanView) -> JSONValue {
    let plan = view.plan
    return [
      "workspace": .string(plan.workspace),
      "id": .string(view.id),
      "in_sync": .bool(view.isInSync),
      "clusters": .array(
        plan.clusters.map { cluster in
          [
            "name": .string(cluster.name), "endpoint": .string(cluster.endpoint),
            "version": .string(cluster.identity.version.description),
            "distributed": .bool(cluster.identity.isDistributed),
          ]
        }),
      "changes": .array(view.entries.map(entry)),
      "warnings": .array(
        plan.warnings.map { warning in
          [
            "code": .string(warning.code), "address": .string(warning.subject.description),
            "message": .string(warning.message), "position": position(warning.position),
            "demanded_at": position(warning.demandedAt),
          ]
        }),
      "unchecked": .array(
        plan.unchecked.map { part in
          [
            "cluster": .string(part.cluster),
            "collection": part.collection.map { .string($0.string) } ?? .null,
            "reason": .string(part.reason),
          ]
        }),
      "waived": .array(
        plan.waived.map { finding in
          [
            "code": .string(finding.code), "address": .string(finding.subject.description),
            "message": .string(finding.message), "until": .string(finding.until),
            "owner": .string(finding.owner),
          ]
        }),
      "unmarked": .array(plan.unmarked.map { .string($0.description) }),
      "totals": [
        "add": .integer(plan.totals.add), "change": .integer(plan.totals.change),
        "replace": .integer(plan.totals.replace), "remove": .integer(plan.totals.remove),
        "refused": .integer(plan.totals.refused), "managed": .integer(plan.totals.managed),
      ],
    ]
  }

  /// The same with what became of the plan: `run` (null when none was begun) and the exit `status`.
  package static func document(
    _ view: PlanView, _ outcome: RunOutcome?, status: Int
  ) -> JSONValue {
    guard case .object(var object) = document(view) else { return document(view) }
    object["run"] = outcome?.json ?? .null
    object["status"] = .integer(status)
    return .object(object)
  }

  private static func entry(_ entry: PlanView.Entry) -> JSONValue {
    [
      "address": .string(entry.address.description),
      "action": .string(word(entry.symbol)),
      "irreversible": .bool(entry.isIrreversible),
      "position": position(entry.position),
      "provenance": provenance(entry.position),
      "steps": .array(entry.steps.map { .string($0.description) }),
      "notes": .array(entry.notes.map { .string($0) }),
      "fields": .array(entry.lines.map(line)),
    ]
  }

  private static func line(_ line: PlanView.Line) -> JSONValue {
    var object: JSONObject = [
      "path": .string(line.path), "action": .string(word(line.symbol)),
      "from": line.from ?? .null, "to": line.to ?? .null,
      "position": position(line.position), "provenance": provenance(line.position),
    ]
    if let remark = line.remark { object["remark"] = .string(remark) }
    if let hint = line.hint { object["hint"] = .string(hint) }
    if let demand = line.demandedAt { object["demanded_at"] = position(demand) }
    return .object(object)
  }

  private static func word(_ symbol: PlanView.Symbol) -> String {
    switch symbol {
    case .add: "add"
    case .change: "change"
    case .remove: "remove"
    case .replace: "replace"
    case .refuse: "refuse"
    }
  }

  /// Who said something about a value, from the one that counts least to the one that counts.
  static func provenance(_ place: SourcePosition?) -> JSONValue {
    .array(
      (place?.sources ?? []).map { source in
        [
          "by": .string(source.name), "file": .string(source.file),
          "line": .integer(source.line), "column": .integer(source.column),
        ]
      })
  }

  static func position(_ position: SourcePosition?) -> JSONValue {
    guard let position else { return .null }
    return [
      "file": .string(position.file), "line": .integer(position.line),
      "column": .integer(position.column),
    ]
  }
}
