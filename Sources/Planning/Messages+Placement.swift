import JSON
import ResourceModel

/// What is said of shards and their copies.
extension Messages {
  static func moreCopiesThanPeers(
    _ address: ResourceAddress, _ path: FieldPath, copies: Int, peers: Int,
    _ position: SourcePosition?
  ) -> Refusal {
    let holders = peers == 1 ? "one peer" : "\(peers) peers"
    return Refusal(
      "R207", address, path: path,
      "asks for \(copies) copies of each shard, and \(holders) may hold them, one each",
      hint: "lower the number, or give the cluster more peers", position: position)
  }

  static func unknownPeer(
    _ address: ResourceAddress, _ peer: UInt64, of peers: [UInt64], _ position: SourcePosition?
  ) -> Refusal {
    Refusal(
      "R208", address, path: .placement, "the cluster has no peer \(peer)",
      hint: "its peers are " + peers.map(String.init).joined(separator: ", "),
      position: position)
  }

  static func shardsAreFixed(_ address: ResourceAddress, _ change: Reason) -> Refusal {
    var refusal = Refusal(
      "R305", address, path: change.path, "the number of shards of a live key cannot change",
      hint: "write the number that it has, or declare another key", position: change.position)
    refusal.from = change.from
    refusal.to = change.to
    return refusal
  }

  static func peerIsSilent(
    _ address: ResourceAddress, _ name: ReplicaName, _ position: SourcePosition?
  ) -> Refusal {
    Refusal(
      "R308", address,
      "no peer that answers may take this copy of shard \(name.shard): the leader of the cluster "
        + "cannot reach peer \(name.peer)",
      hint: "bring the peer back and plan again, or ask for fewer copies, or for other peers",
      position: position)
  }

  static func lastReachableCopy(
    _ address: ResourceAddress, _ left: ReplicaName, _ position: SourcePosition?
  ) -> Refusal {
    Refusal(
      "R309", address,
      "the copy of shard \(left.shard) that would be left is on peer \(left.peer), which the "
        + "leader of the cluster cannot reach",
      hint: "bring the peer back and plan again, or keep this copy", position: position)
  }

  static func peerIsDoubtful(
    _ address: ResourceAddress, _ name: ReplicaName, _ position: SourcePosition?
  ) -> PlanWarning {
    PlanWarning(
      "W105", address,
      "peer \(name.peer) may be lost (it did not answer another peer, or has a dead copy), and no "
        + "other may take this copy of shard \(name.shard); if it is, the copy does not become "
        + "active in time, and the run goes back", position: position)
  }

  static func replicaNotActive(
    _ address: ResourceAddress, state: String?, _ position: SourcePosition?
  ) -> Refusal {
    var refusal = Refusal(
      "R306", address, path: .replicaState,
      "the copy is \(state ?? "not there yet"), and nothing can be done but wait for it",
      hint: "Qdrant recovers a copy by itself once its peer is there; plan again then",
      position: position)
    refusal.from = state.map { .string($0) }
    refusal.to = "Active"
    return refusal
  }
}
