import JSON
import ResourceModel

/// The words of every refusal and warning of a plan; codes are stable.
enum Messages {
  static func tooNew(
    _ address: ResourceAddress, _ path: FieldPath, since: ServerVersion, version: ServerVersion,
    _ position: SourcePosition?
  ) -> Refusal {
    Refusal(
      "R201", address, path: path,
      "needs Qdrant \(since.short) or later; the cluster is \(version)",
      hint: "upgrade the cluster, or take the field out of the manifest", position: position)
  }

  static func removed(
    _ address: ResourceAddress, _ path: FieldPath, in removed: ServerVersion,
    version: ServerVersion, _ position: SourcePosition?
  ) -> Refusal {
    Refusal(
      "R202", address, path: path,
      "does not exist any more from Qdrant \(removed.short) on; the cluster is \(version)",
      hint: "take the field out of the manifest", position: position)
  }

  static func valueTooNew(
    _ address: ResourceAddress, _ field: DesiredField, needs: ServerVersion,
    version: ServerVersion, position: SourcePosition?
  ) -> Refusal {
    Refusal(
      "R203", address, path: field.path,
      "the value '\(field.value.string ?? "")' needs Qdrant \(needs.short) or later; "
        + "the cluster is \(version)", position: position)
  }

  static func shardKeysNeedCluster(
    _ address: ResourceAddress, _ position: SourcePosition?
  ) -> Refusal {
    Refusal(
      "R204", address, "shard keys need a distributed cluster; this one runs standalone",
      hint: "enable cluster mode on the server, or take the shard key out", position: position)
  }

  static func elementNeedsNewer(
    _ address: ResourceAddress, since: ServerVersion, version: ServerVersion,
    _ position: SourcePosition?
  ) -> Refusal {
    Refusal(
      "R205", address,
      "adding or dropping a vector of a live collection needs Qdrant \(since.short) or later; "
        + "the cluster is \(version)", position: position)
  }

  static func unnamedVectorIsFixed(
    _ address: ResourceAddress, _ position: SourcePosition?
  ) -> Refusal {
    Refusal(
      "R206", address, "the unnamed vector can only be given when the collection is made",
      hint: "declare a new collection, or a named vector", position: position)
  }

  static func foreignMark(
    _ address: ResourceAddress, workspace: String, _ position: SourcePosition?
  ) -> Refusal {
    Refusal(
      "R101", address, "belongs to the workspace '\(workspace)'",
      hint: "manage it there, or remove the metadata key '\(OwnershipMark.key)' by hand first",
      position: position)
  }

  static func foreignAlias(
    _ address: ResourceAddress, of collection: ExactString, workspace: String,
    _ position: SourcePosition?
  ) -> Refusal {
    Refusal(
      "R104", address,
      "serves collection '\(collection)', which belongs to the workspace '\(workspace)'",
      hint: "take it out of that workspace's manifests and apply them first, or take another name",
      position: position)
  }

  static func nameIsAlias(
    _ address: ResourceAddress, target: ExactString, _ position: SourcePosition?
  ) -> Refusal {
    Refusal(
      "R102", address,
      "the name is a live alias of collection '\(target)'; requests to it would change that one",
      hint: "declare '\(target)' with a list of 'aliases' that it is not in, or delete the alias "
        + "first", position: position)
  }

  static func aliasIsCollection(
    _ address: ResourceAddress, _ position: SourcePosition?
  ) -> Refusal {
    Refusal(
      "R103", address, "a live collection has that name, and an alias cannot share it",
      hint: "declare that collection with 'state: absent' and 'on_delete: delete', or take another "
        + "name", position: position)
  }

  static func loss(
    _ address: ResourceAddress, points: Int?, accepted: Int?, _ position: SourcePosition?
  ) -> Refusal {
    let amount = points.map(Messages.points) ?? "points that could not be counted"
    let what =
      switch address.kind {
      case .vector, .sparseVector: "would lose this vector of up to \(amount)"
      case .shardKey: "would lose its part of \(amount)"
      default: "would lose \(amount)"
      }
    let message =
      accepted.map { "\(what), more than the \($0) that were consented to" } ?? what
    return Refusal(
      "R301", address, message,
      hint: "consent with --accept-loss \(address.local)=\(points ?? 0)", position: position)
  }

  /// "1 point", "2 points".
  static func points(_ count: Int) -> String { count == 1 ? "1 point" : "\(count) points" }

  static func immutable(
    _ address: ResourceAddress, _ change: Reason, _ onReplace: Lifecycle.OnReplace?
  ) -> Refusal {
    let (message, start) =
      switch onReplace {
      case .forbid: ("cannot change in place, and 'on_replace: forbid' wants no other way", "")
      case .recreate: ("cannot change in place", "'on_replace: recreate' is not built yet; ")
      case .shadow, nil:
        (
          "cannot change in place",
          "replacing a collection by a verified copy is not built yet; "
        )
      }
    var refusal = Refusal(
      "R302", address, path: change.path, message,
      hint: start + "declare a collection under a new name and move the alias",
      position: change.position)
    refusal.from = change.from
    refusal.to = change.to
    refusal.isReplacement = true
    return refusal
  }

  static func notBuilt(
    _ address: ResourceAddress, _ what: String, _ position: SourcePosition?, hint: String? = nil
  ) -> Refusal {
    Refusal(
      UnbuiltPart.code, address, "\(what) is not built yet", hint: hint, position: position)
  }

  static func deletionForbidden(
    _ address: ResourceAddress, _ position: SourcePosition?
  ) -> Refusal {
    Refusal(
      "R303", address, "its manifest forbids the deletion (on_delete: forbid)",
      position: position)
  }

  static func budget(
    _ address: ResourceAddress, removed: Int, managed: Int, budget: RemovalBudget,
    _ position: SourcePosition?
  ) -> Refusal {
    Refusal(
      "R501", address,
      "the plan would remove or replace \(removed) of \(managed) managed resources, "
        + "more than the budget of \(JSONValue.double(budget.percent).text()) %",
      hint: "raise 'budgets.removals' in the Workspace manifest if that is meant",
      position: position)
  }

  static func tooManyIndexes(
    _ address: ResourceAddress, _ position: SourcePosition?
  ) -> Refusal {
    Refusal(
      "R304", address,
      "strict mode would refuse an index: 'max_payload_index_count' is below their number",
      hint: "raise strict_mode_config.max_payload_index_count", position: position)
  }

  static func indexNeedsShardKey(
    _ address: ResourceAddress, _ position: SourcePosition?
  ) -> Refusal {
    Refusal(
      "R307", address,
      "before Qdrant 1.17 a collection of custom sharding takes no index until it has a shard key",
      hint: "declare 'shard_keys', or leave the index out", position: position)
  }

  static func notEncodable(
    _ address: ResourceAddress, _ reason: String, _ position: SourcePosition?
  ) -> Refusal {
    Refusal("R402", address, reason, position: position)
  }

  static func cycle(_ members: [StepKey]) -> Refusal {
    let names = members.map { "\($0.action.rawValue) \($0.address.local)" }
    return Refusal(
      "R502", members[0].address, "steps wait for each other: " + names.joined(separator: " → "),
      position: nil)
  }

  static func replicationAbovePeers(
    _ address: ResourceAddress, factor: Int, peers: Int, _ position: SourcePosition?
  ) -> PlanWarning {
    PlanWarning(
      "W101", address,
      "replication_factor \(factor) on \(peers == 1 ? "one peer" : "\(peers) peers") "
        + "is kept as a number only", position: position)
  }

  static func deprecated(
    _ address: ResourceAddress, _ path: FieldPath, _ notice: FieldSpec.Deprecation,
    _ position: SourcePosition?
  ) -> PlanWarning {
    PlanWarning(
      "W102", address,
      "\(path) is deprecated since Qdrant \(notice.since.short); use \(notice.replacement)",
      position: position)
  }

  static func indexTypeChanges(
    _ address: ResourceAddress, _ position: SourcePosition?
  ) -> PlanWarning {
    PlanWarning(
      "W103", address,
      "the index is built anew; filters on the field are slow until it is done",
      position: position)
  }
}
