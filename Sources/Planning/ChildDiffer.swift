import Diagnostics
import JSON
import ResourceModel

/// Compares the indexes, shard keys, copies of shards and aliases of a collection.
struct ChildDiffer {
  let differ: Differ
  let cause: CauseFinder

  /// Those that differ, sorted by address.
  func children(
    of collection: DesiredResource, observed: ObservedCollection?,
    aliases: AliasIndex
  ) -> [ChildDiff] {
    var diffs: [ChildDiff] = []
    for child in collection.children {
      let live = live(child.address, collection.address.collection, observed, aliases)
      if let diff = compare(child, live, collection) { diffs.append(diff) }
    }
    diffs += unlisted(of: collection, observed, aliases)
    if let placement = observed?.placement {
      diffs += PlacementDiffer(peers: differ.peers, doubtful: differ.doubtful, cause: cause)
        .replicas(of: collection, placement)
    }
    return diffs.sorted { $0.address < $1.address }
  }

  private func live(
    _ address: ResourceAddress, _ collection: ExactString, _ observed: ObservedCollection?,
    _ aliases: AliasIndex
  ) -> JSONObject? {
    switch address.kind {
    case .index: observed?.indexes[address.name]
    case .shardKey: observed?.shardKeys?[address.name]
    case .alias: aliases.targets[address.name].map { ["collection": .string($0.string)] }
    case .collection, .vector, .sparseVector, .replica, .cluster: nil
    }
  }

  private func compare(
    _ child: DesiredResource, _ live: JSONObject?, _ collection: DesiredResource
  ) -> ChildDiff? {
    func diff(_ action: ChildDiff.Action, _ changes: [FieldChange], _ why: ChangeCause) -> ChildDiff
    {
      ChildDiff(
        address: child.address, action: action, changes: changes, desired: child, observed: live,
        provenance: child.provenance, cause: why)
    }
    guard let live else {
      return child.isPresent
        ? diff(.create, [], cause.cause(ofMissing: child.address.kind, child.address.name)) : nil
    }
    guard child.isPresent else { return diff(.delete, [], .pending) }
    var changes: [FieldChange]
    if child.address.kind == .alias {
      changes = aliasChanges(child, live, collection)
    } else {
      // Where copies lie is compared shard by shard.
      let isShardKey = child.address.kind == .shardKey
      let fields =
        isShardKey ? child.fields.filter { $0.path == .shardsNumber } : child.fields
      changes = differ.compare(fields, with: live, of: child.address, cause: cause)
    }
    changes.sort { $0.path < $1.path }
    return changes.isEmpty ? nil : diff(.update, changes, changes[0].cause)
  }

  private func aliasChanges(
    _ child: DesiredResource, _ live: JSONObject, _ collection: DesiredResource
  ) -> [FieldChange] {
    let target = JSONValue.string(collection.address.collection.string)
    guard let now = live["collection"], now != target else { return [] }
    return [
      FieldChange(
        path: FieldPath("collection"), row: nil, from: now, to: target,
        cause: cause.cause(ofMissing: child.address.kind, child.address.name),
        provenance: child.provenance)
    ]
  }

  /// What is live beyond a list that is complete.
  private func unlisted(
    of collection: DesiredResource, _ observed: ObservedCollection?,
    _ aliases: AliasIndex
  ) -> [ChildDiff] {
    guard let observed, collection.lifecycle.unlisted == .remove,
      let kinds = differ.schema.kinds[.collection]?.children
    else { return [] }
    let listed = Set(collection.children.map { ChildKey($0.address) })
    var diffs: [ChildDiff] = []
    for spec in kinds where spec.isComplete {
      guard let provenance = collection.provenance(ofList: spec.kind) else { continue }
      for (name, live) in liveChildren(spec.kind, observed, aliases) {
        var address = collection.address
        address.kind = spec.kind
        address.name = name
        if spec.kind == .alias { address.collection = "" }
        guard !listed.contains(ChildKey(address)) else { continue }
        diffs.append(
          ChildDiff(
            address: address, action: .delete, changes: [], desired: nil, observed: live,
            provenance: provenance,
            cause: cause.cause(ofUnlisted: address)))
      }
    }
    return diffs
  }

  private func liveChildren(
    _ kind: ResourceKind, _ observed: ObservedCollection, _ aliases: AliasIndex
  ) -> [(ExactString, JSONObject)] {
    switch kind {
    case .index: observed.indexes.map { ($0.key, $0.value) }
    case .alias:
      (aliases.served[observed.name] ?? []).map {
        ($0, ["collection": .string(observed.name.string)])
      }
    case .shardKey: (observed.shardKeys ?? [:]).map { ($0.key, $0.value) }
    case .collection, .vector, .sparseVector, .replica, .cluster: []
    }
  }

  private struct ChildKey: Hashable {
    var kind: ResourceKind
    var name: ExactString

    init(_ address: ResourceAddress) {
      kind = address.kind
      name = address.name
    }
  }
}
