import JSON
import ResourceModel

/// How many copies of the data there are, and over how many shards it is spread.
enum CopyRules {
  static let all: [any PolicyRule] = [
    ReplicationFactorAtLeast(), WriteConsistencySurvivesLoss(), writeConsistency, shardNumber,
  ]

  private static let writeConsistency = FieldRule(
    "write_consistency_factor", demand: .atLeast("min"), isRequired: true,
    PolicyRuleSpec(
      "P003", "write-consistency-factor-at-least",
      parameters: [
        PolicyParameter("min", .integer(1...1000), "The copies that must confirm a write.")
      ], hasFix: true,
      "Every collection says that at least so many copies confirm a write.",
      """
      A write is answered when write_consistency_factor copies have it. With the stock value 1 a \
      write can be lost with the one copy that confirmed it, before the others have it. Qdrant \
      does not check the number against replication_factor, so keep it below that: the rule \
      write-consistency-survives-loss sees to it.
      """))

  private static let shardNumber = FieldRule(
    "shard_number", demand: .within("min", "max"),
    PolicyRuleSpec(
      "P004", "shard-number-within",
      parameters: [
        PolicyParameter("min", .integer(1...4096), standard: 1, "The fewest shards."),
        PolicyParameter("max", .integer(1...4096), standard: 64, "The most shards."),
      ],
      "A shard_number that is said lies within bounds.",
      """
      The number of shards is fixed when a collection is made and changes only by resharding or \
      a copy. Every shard has its own segments, write-ahead log and threads, and every search \
      asks all of them, so that too many cost memory and time, and too few cannot be spread over \
      more peers later. With custom sharding the number holds for each shard key.
      """))
}

/// Fewer copies than a policy demands; of the collection, or of one of its shard keys.
struct ReplicationFactorAtLeast: CollectionRule {
  let spec = PolicyRuleSpec(
    "P001", "replication-factor-at-least",
    parameters: [
      PolicyParameter("min", .integer(1...1000), standard: 2, "The fewest copies of a shard.")
    ], hasFix: true,
    "Every collection says that its shards have at least so many copies.",
    """
    With the stock value 1 a collection is gone with the disk of one peer, and unreadable while \
    that peer restarts: reads need an active copy of every shard, and without one a server \
    answers 500. A collection that does not say the number has what the server was configured to \
    when the collection was made. A shard key may have a number of its own, which is looked at \
    as well. Standalone servers keep the number only.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    let least = settings.integer("min")
    let path = FieldPath.replicationFactor
    var found: [PolicyViolation] = []
    let own = collection.field(path)
    if (own?.value.integer ?? 0) < least {
      let edit = collection.edit(path, .integer(least), instead: own)
      found.append(
        PolicyViolation(
          collection.address, path: path, at: own?.provenance ?? collection.provenance,
          "expected replication_factor to be at least \(least), found "
            + (own?.value.text() ?? "nothing"),
          hint: own == nil ? "a server that is not told makes one copy" : nil, fix: edit))
    }
    for key in collection.presentChildren(.shardKey) {
      guard let field = key.field(path), let copies = field.value.integer, copies < least else {
        continue
      }
      found.append(
        PolicyViolation(
          key.address, path: path, at: field.provenance,
          "expected the replication_factor of a shard key to be at least \(least), found \(copies)"
        ))
    }
    return found
  }
}

/// As many confirmations as copies: one lost copy stops every write.
struct WriteConsistencySurvivesLoss: CollectionRule {
  let spec = PolicyRuleSpec(
    "P002", "write-consistency-survives-loss", hasFix: true,
    "Writes go on while one copy of a shard is away.",
    """
    When write_consistency_factor equals replication_factor, every write needs every copy, and \
    one restarting peer makes all writes fail. Qdrant takes any pair of numbers without a word. \
    The rule looks at collections that say both and have more than one copy; the edit is the \
    largest number that one loss leaves.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    guard let copies = collection.field(.replicationFactor)?.value.integer, copies > 1,
      let field = collection.field(FieldPath("write_consistency_factor")),
      let confirmations = field.value.integer, confirmations >= copies
    else { return [] }
    return [
      PolicyViolation(
        collection.address, path: field.path, at: field.provenance,
        "expected write_consistency_factor to be below the \(copies) copies, "
          + "found \(confirmations)",
        fix: collection.edit(field.path, .integer(copies - 1), instead: field))
    ]
  }
}
