import JSON
import ResourceModel

/// Changes to collections that are busy or ill.
struct NoChangeUnlessGreen: PolicyRule {
  let spec = PolicyRuleSpec(
    "P107", "no-change-unless-green", .warning, needs: .plan,
    "Only collections with the status green are changed.",
    """
    yellow says that optimizing is under way, which a change of parameters or of the graph \
    cancels and begins anew (measured); red says that something has failed, which a change \
    hides. Deletions count, creations do not.
    """)

  func violations(_ input: PolicyInput, _ settings: PolicySettings) -> [PolicyViolation] {
    let changed = Set((input.changes ?? []).map(\.address.owner)).filter { $0.kind == .collection }
    return changed.sorted().compactMap { address in
      guard
        let live = input.observed?[address.cluster]?.collections[address.collection],
        let status = live.status, status != "green"
      else { return nil }
      return PolicyViolation(
        address, at: input.collection(of: address)?.provenance,
        "expected the status green before a change, found \(status)")
    }
  }
}

/// One plan that takes much away.
struct RemovalsAtMost: PolicyRule {
  let spec = PolicyRuleSpec(
    "P108", "removals-at-most",
    parameters: [
      PolicyParameter("max", .integer(from: 0), standard: 1, "The most removals on a cluster.")
    ], needs: .plan,
    "A plan removes or replaces at most so many resources on a cluster.",
    """
    A wrong branch or a deleted folder of manifests shows as many removals at once. The \
    workspace's budgets count a share of all resources; this rule counts collections, vectors, \
    indexes, shard keys and aliases one by one.
    """)

  func violations(_ input: PolicyInput, _ settings: PolicySettings) -> [PolicyViolation] {
    let most = settings.integer("max")
    return input.clusters.compactMap { cluster in
      let gone = Set(
        (input.changes ?? []).filter {
          $0.address.cluster.hasSameBytes(as: cluster.name)
            && [.delete, .replace].contains($0.action) && $0.address.kind != .replica
        }.map(\.address))
      guard gone.count > most else { return nil }
      return PolicyViolation(
        .cluster(cluster.name), at: cluster.provenance,
        "expected at most \(most) removals in one plan, found \(gone.count)",
        hint: "plan them one after the other, with --only")
    }
  }
}

/// Points that would go, consent or not.
struct NoDeletionOfData: PolicyRule {
  let spec = PolicyRuleSpec(
    "P109", "no-deletion-of-points", needs: .plan,
    "No plan deletes a collection that holds points.",
    """
    --accept-loss is given by whoever plans; this rule is given by whoever keeps the policy, and \
    holds in spite of it. The number of points is the server's estimate; a collection whose \
    number is unknown counts as full.
    """)

  func violations(_ input: PolicyInput, _ settings: PolicySettings) -> [PolicyViolation] {
    (input.changes ?? []).compactMap { change in
      guard change.address.kind == .collection, change.action == .delete,
        let live = input.observed?[change.address.cluster]?
          .collections[change.address.collection], live.pointsCount != 0
      else { return nil }
      return PolicyViolation(
        change.address, at: input.collection(of: change.address)?.provenance,
        "expected no deletion of points, found "
          + (live.pointsCount.map { "\($0) of them" } ?? "an unknown number of them"))
    }
  }
}

/// Large collections that would be indexed again.
struct NoLargeRebuild: PolicyRule {
  let spec = PolicyRuleSpec(
    "P110", "no-large-rebuild", .warning,
    parameters: [
      PolicyParameter(
        "points", .integer(from: 0), standard: 10_000_000,
        "The number of points from which on it is told.")
    ], needs: .plan,
    "No plan has a collection with so many points indexed again.",
    """
    A change of the graph, of a quantization or of where vectors lie has the optimizer index all \
    segments again: hours of processor time, memory and disk for the copies, and slower \
    searches. It is told so that somebody chooses the hour.
    """)

  func violations(_ input: PolicyInput, _ settings: PolicySettings) -> [PolicyViolation] {
    let rebuilt = Set((input.changes ?? []).filter(\.rebuilds).map(\.address.owner))
    return rebuilt.sorted().compactMap { address in
      guard
        let points = input.observed?[address.cluster]?.collections[address.collection]?
          .pointsCount, points >= settings.integer("points")
      else { return nil }
      return PolicyViolation(
        address, at: input.collection(of: address)?.provenance,
        "expected no rebuild of a large collection, found one of \(points) points")
    }
  }
}
