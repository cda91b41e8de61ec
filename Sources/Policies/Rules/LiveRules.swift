import JSON
import ResourceModel

/// What only a plan can tell: what clusters are, hold, and would have done to them.
enum LiveRules {
  static let all: [any PolicyRule] = [
    MaxVectorRAM(), ShardsDivideByPeers(), CopiesWithinPeers(), PointsPerShard(), ServerVersions(),
    PeersAtLeast(), NoChangeUnlessGreen(), RemovalsAtMost(), NoDeletionOfData(), NoLargeRebuild(),
  ]
}

/// Shards that do not spread evenly.
struct ShardsDivideByPeers: ObservationRule {
  let spec = PolicyRuleSpec(
    "P102", "shards-divisible-by-peers", .warning, needs: .observation,
    "On a cluster the number of shards is a multiple of the number of peers.",
    """
    Otherwise some peers hold more shards than others and are the slowest in every search, since \
    all shards are asked. Collections with shard keys place their shards themselves and are left \
    alone.
    """)

  func check(
    _ collection: DesiredResource, _ live: ObservedCollection?, _ cluster: ClusterIdentity,
    _ settings: PolicySettings
  ) -> [PolicyViolation] {
    let peers = cluster.peers.count
    guard cluster.isDistributed, peers > 1,
      collection.field(FieldPath("sharding_method"))?.value != "custom",
      let field = collection.field(FieldPath("shard_number")),
      let shards = field.value.integer, shards % peers != 0
    else { return [] }
    return [
      PolicyViolation(
        collection.address, path: field.path, at: field.provenance,
        "expected shard_number to be a multiple of the \(peers) peers, found \(shards)")
    ]
  }
}

/// More copies than peers that could hold them.
struct CopiesWithinPeers: ObservationRule {
  let spec = PolicyRuleSpec(
    "P103", "copies-within-peers", needs: .observation,
    "replication_factor is at most the number of peers.",
    """
    A peer holds at most one copy of a shard. A server keeps a larger number without a word, and \
    there are fewer copies than everybody believes; a standalone server has one.
    """)

  func check(
    _ collection: DesiredResource, _ live: ObservedCollection?, _ cluster: ClusterIdentity,
    _ settings: PolicySettings
  ) -> [PolicyViolation] {
    let peers = max(1, cluster.peers.count)
    guard let field = collection.field(.replicationFactor), let copies = field.value.integer,
      copies > peers
    else { return [] }
    return [
      PolicyViolation(
        collection.address, path: field.path, at: field.provenance,
        "expected replication_factor to be at most the "
          + "\(peers == 1 ? "one peer" : "\(peers) peers"), found \(copies)")
    ]
  }
}

/// Shards that have grown too large to move.
struct PointsPerShard: ObservationRule {
  let spec = PolicyRuleSpec(
    "P104", "points-per-shard-at-most", .warning,
    parameters: [
      PolicyParameter(
        "max", .integer(from: 1), standard: 50_000_000, "The most points of a shard.")
    ], needs: .observation,
    "No shard holds more points than that, on the average.",
    """
    A shard moves, is copied to a new peer and is recovered as a whole, so that a huge one takes \
    hours in which it has a copy less. The number of points is the server's estimate, divided by \
    the shards that it reports.
    """)

  func check(
    _ collection: DesiredResource, _ live: ObservedCollection?, _ cluster: ClusterIdentity,
    _ settings: PolicySettings
  ) -> [PolicyViolation] {
    guard let live, let points = live.pointsCount,
      let shards = live.placement?.shards.count
        ?? live.fields.value(at: FieldPath("shard_number"))?.integer, shards > 0,
      points / shards > settings.integer("max")
    else { return [] }
    return [
      PolicyViolation(
        collection.address, at: collection.provenance,
        "expected at most \(settings.integer("max")) points a shard, found \(points / shards)")
    ]
  }
}

/// Servers that are too old.
struct ServerVersions: PolicyRule {
  let spec = PolicyRuleSpec(
    "P105", "server-version-at-least",
    parameters: [
      PolicyParameter(
        "version", .text(bytes: 3...20), "The oldest version, as in \"1.18.3\", in quotes.")
    ], needs: .observation,
    "Every cluster runs at least that version.",
    """
    Keys that a server does not know are dropped with status 200, so that older servers silently \
    do less than newer ones; ownership marks need 1.16, adding vectors 1.18. A text that is no \
    version violates the rule everywhere.
    """)

  func violations(_ input: PolicyInput, _ settings: PolicySettings) -> [PolicyViolation] {
    let least = settings.text("version")
    return input.clusters.compactMap { cluster in
      guard let version = input.observed?[cluster.name]?.identity.version else { return nil }
      if let least = ServerVersion(least), version >= least { return nil }
      return PolicyViolation(
        .cluster(cluster.name), at: cluster.provenance,
        "expected Qdrant \(least) or later, found \(version)")
    }
  }
}

/// Clusters that cannot lose a peer.
struct PeersAtLeast: PolicyRule {
  let spec = PolicyRuleSpec(
    "P106", "peers-at-least",
    parameters: [
      PolicyParameter("min", .integer(1...1000), standard: 3, "The fewest peers.")
    ], needs: .observation,
    "Every cluster has at least so many peers.",
    """
    Changes need a majority of the peers: of two both, of three two. A cluster of two peers is \
    thus stopped by the loss of either, and a standalone server counts as one peer.
    """)

  func violations(_ input: PolicyInput, _ settings: PolicySettings) -> [PolicyViolation] {
    let least = settings.integer("min")
    return input.clusters.compactMap { cluster in
      guard let identity = input.observed?[cluster.name]?.identity else { return nil }
      let peers = max(1, identity.peers.count)
      guard peers < least else { return nil }
      return PolicyViolation(
        .cluster(cluster.name), at: cluster.provenance,
        "expected at least \(least) peers, found \(peers)")
    }
  }
}
