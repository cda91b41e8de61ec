import JSON
import ResourceModel

/// Takes out of a manifest the copies that the peers of a cluster cannot hold, with the reason.
///
/// A server says 200 to them: it keeps the number and makes as many copies as it has peers
/// (recorded on 1.18.3: transfers/replicate-factor, shard-keys/placement).
struct PlacementGate {
  let identity: ClusterIdentity
  let locate: Planner.Locate

  /// What the cluster can hold, and refusals for the rest.
  func check(_ desired: inout DesiredResource, _ refusals: inout [Refusal]) {
    guard identity.isDistributed, !identity.peers.isEmpty, desired.isPresent else { return }
    let peers = identity.peerNumbers
    if let factor = desired.managedReplicationFactor,
      let refusal = tooMany(factor, peers.count, desired.address)
    {
      refusals.append(refusal)
      desired.fields.removeAll { $0.path == factor.path }
    }
    let inherited = desired.managedReplicationFactor
    desired.children.removeAll { child in
      guard child.address.kind == .shardKey, child.isPresent else { return false }
      guard let refusal = refusal(child, inherited, peers) else { return false }
      refusals.append(refusal)
      return true
    }
  }

  private func refusal(
    _ key: DesiredResource, _ inherited: DesiredField?, _ peers: [UInt64]
  ) -> Refusal? {
    let placement = key.field(.placement)
    let allowed = placement?.value.peers ?? peers
    if let placement, let unknown = allowed.first(where: { !peers.contains($0) }) {
      return Messages.unknownPeer(
        key.address, unknown, of: peers, Locating.position(of: placement.provenance, locate))
    }
    let factor = key.field(.replicationFactor) ?? inherited ?? placement
    return factor.flatMap { tooMany($0, allowed.count, key.address) }
  }

  /// A placement by itself asks for one copy.
  private func tooMany(
    _ field: DesiredField, _ peers: Int, _ address: ResourceAddress
  ) -> Refusal? {
    let wanted = field.value.integer ?? 1
    guard wanted > peers else { return nil }
    return Messages.moreCopiesThanPeers(
      address, field.path, copies: wanted, peers: peers,
      Locating.position(of: field.provenance, locate))
  }
}

extension ClusterIdentity {
  /// The ids of its peers as numbers, sorted.
  var peerNumbers: [UInt64] { peers.compactMap { UInt64($0) }.sorted() }
}
