import JSON
import ResourceModel

/// What `GET /cluster` tells.
extension StateDecoder {
  /// Who a cluster is, from the `result`.
  func identity(_ version: ServerVersion, _ result: JSONValue) -> ClusterIdentity {
    guard result["status"]?.string == "enabled" else { return ClusterIdentity(version: version) }
    let peers = result["peers"]?.object?.keys.sorted { $0.precedes($1) } ?? []
    let consensus =
      result["consensus_thread_status"]?["consensus_thread_status"]?.string ?? "unknown"
    return ClusterIdentity(
      version: version, isDistributed: true, peers: peers, consensus: consensus)
  }

  /// The peers of a cluster that the asked one could not send to; failures stand under addresses
  /// (recorded in `lost-peers`), also those of peers that were removed since.
  func silentPeers(_ result: JSONValue) -> SilentPeers {
    let failures = Set(
      (result["message_send_failures"]?.object?.keys ?? []).map { ExactString($0) })
    guard !failures.isEmpty else { return SilentPeers() }
    var silent: Set<UInt64> = []
    for member in result["peers"]?.object?.members ?? [] {
      guard let id = UInt64(member.key), let address = member.value["uri"]?.string,
        failures.contains(ExactString(address))
      else { continue }
      silent.insert(id)
    }
    let own = result["peer_id"]?.number?.unsigned
    return SilentPeers(
      silent, areSure: own != nil && result["raft_info"]?["leader"]?.number?.unsigned == own)
  }
}
