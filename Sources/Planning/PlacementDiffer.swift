import JSON
import ResourceModel

/// Compares how many copies the shards of a collection have, and on which peers, with what its
/// manifest asks for.
///
/// Only active copies count. One that is not active is left to the cluster, which recovers it by
/// itself: while it is on its way nothing is planned for its shard.
struct PlacementDiffer {
  /// Of the whole cluster, sorted.
  let peers: [UInt64]
  /// Those that get and keep copies only where no other peer may hold them.
  let doubtful: Set<UInt64>
  let cause: CauseFinder

  /// What is asked of one shard.
  private struct Wish {
    var factor: DesiredField?
    var placement: DesiredField?
    /// The collection or the shard key that says so.
    var subject: ResourceAddress
    var reason: DesiredField
  }

  /// The copies to make, to drop, and to wait for, in no order.
  func replicas(of desired: DesiredResource, _ placement: ObservedPlacement) -> [ChildDiff] {
    var loads: [UInt64: Int] = [:]
    for replica in placement.shards.flatMap(\.replicas) { loads[replica.peer, default: 0] += 1 }
    var diffs: [ChildDiff] = []
    for shard in placement.shards {
      guard let wish = wish(for: shard, in: desired) else { continue }
      let wanted = change(of: shard, wish, placement, &loads)
      diffs += wanted.map { name, action in
        diff(name, action, of: placement.replica(name), wish, in: desired.address)
      }
    }
    return diffs
  }

  /// Shards under a key that a list of keys leaves out are not managed.
  private func wish(
    for shard: ObservedPlacement.Shard, in desired: DesiredResource
  ) -> Wish? {
    let key = desired.children.first {
      $0.address.kind == .shardKey && $0.address.name == shard.key
    }
    if let key, !key.isPresent { return nil }
    if shard.key != nil, key == nil, desired.listedChildren[.shardKey] != nil { return nil }
    let own = key?.field(.replicationFactor)
    let factor = own ?? desired.managedReplicationFactor
    let placement = key?.field(.placement)
    guard let reason = placement ?? factor else { return nil }
    let isOfKey = placement != nil || own != nil
    return Wish(
      factor: factor, placement: placement,
      subject: isOfKey ? key?.address ?? desired.address : desired.address, reason: reason)
  }

  /// What has to happen to the copies of a shard; `loads` counts the copies on each peer.
  private func change(
    of shard: ObservedPlacement.Shard, _ wish: Wish, _ placement: ObservedPlacement,
    _ loads: inout [UInt64: Int]
  ) -> [(ReplicaName, ChildDiff.Action)] {
    func name(_ peer: UInt64) -> ReplicaName { ReplicaName(shard: shard.id, peer: peer) }
    let coming = shard.comingPeers(placement)
    guard coming.isEmpty else { return coming.map { (name($0), .update) } }
    let active = shard.replicas.filter(\.isActive).map(\.peer)
    guard !active.isEmpty else { return shard.replicas.map { (name($0.peer), .update) } }
    let allowed = wish.placement?.value.peers ?? peers
    let kept = active.filter { allowed.contains($0) }
    let count = max(1, wish.factor?.value.integer ?? min(allowed.count, active.count))
    let free = allowed.filter { peer in !shard.replicas.contains { $0.peer == peer } }
    func order(_ peer: UInt64, sign: Int = 1) -> (Int, Int, UInt64) {
      (sign * (doubtful.contains(peer) ? 1 : 0), sign * (loads[peer] ?? 0), peer)
    }
    let added = free.sorted { order($0) < order($1) }
      .prefix(max(0, count - kept.count))
    for peer in added { loads[peer, default: 0] += 1 }
    let waited =
      kept.count + added.count < count
      ? shard.replicas.filter { !$0.isActive && allowed.contains($0.peer) }.map(\.peer) : []
    var dropped = waited.isEmpty ? active.filter { !allowed.contains($0) } : []
    dropped += kept.sorted { order($0, sign: -1) < order($1, sign: -1) }
      .prefix(max(0, kept.count - count))
    for peer in dropped { loads[peer, default: 0] -= 1 }
    return added.map { (name($0), .create) } + waited.map { (name($0), .update) }
      + dropped.map { (name($0), .delete) }
  }

  private func diff(
    _ name: ReplicaName, _ action: ChildDiff.Action, of replica: ObservedPlacement.Replica?,
    _ wish: Wish, in collection: ResourceAddress
  ) -> ChildDiff {
    let state = replica.map { JSONValue.string($0.state) }
    var changes: [FieldChange] = []
    if action == .update {
      changes.append(
        FieldChange(
          path: .replicaState, row: nil, from: state, to: "Active", cause: .drift,
          provenance: wish.reason.provenance))
    }
    return ChildDiff(
      address: name.address(in: collection), action: action, changes: changes, desired: nil,
      observed: state.map { ["state": $0] }, provenance: wish.reason.provenance,
      cause: cause.cause(of: wish.reason, live: nil, address: wish.subject))
  }
}

extension DesiredResource {
  /// The number of copies that the manifest asks for and wants to be kept.
  var managedReplicationFactor: DesiredField? {
    let isIgnored = lifecycle.ignore.contains { FieldPath.replicationFactor.isWithin($0) }
    return isIgnored ? nil : field(.replicationFactor)
  }
}

extension ObservedCluster {
  /// Peers that may be lost: one that did not answer the asked peer, or has a dead copy of a shard
  /// of a collection that was read. The copies are what every peer tells of every other one.
  var doubtfulPeers: Set<UInt64> {
    let replicas = collections.values.lazy.compactMap(\.placement).flatMap(\.shards)
      .flatMap(\.replicas)
    return silent.peers.union(replicas.filter { $0.state == "Dead" }.map(\.peer))
  }
}

extension ObservedPlacement.Shard {
  /// The states that a copy leaves by itself only when its peer comes back, or a person helps.
  private static let lostStates: Set<String> = ["Dead", "ManualRecovery"]

  /// The peers that are about to get a copy.
  fileprivate func comingPeers(_ placement: ObservedPlacement) -> [UInt64] {
    let targets = placement.transfers.filter { $0.shard == id }.map(\.to)
    let unready = replicas.filter { replica in
      !replica.isActive && !Self.lostStates.contains(replica.state)
    }
    return Set(targets + unready.map(\.peer)).sorted()
  }
}

extension JSONValue {
  /// The peers of a `placement`, sorted, each once.
  var peers: [UInt64]? {
    array.map { list in Set(list.compactMap { $0.number?.unsigned }).sorted() }
  }
}
