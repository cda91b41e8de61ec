import JSON
import ResourceModel

/// Strict mode: what a collection refuses to its users.
enum StrictModeRules {
  static let all: [any PolicyRule] = [
    enabled, queryLimit, timeout, unindexedReads, unindexedWrites, upsertBatch, conditions,
    exactSearch, searchEf, points,
  ]

  /// What every limit has in common.
  private static let common = """
     Limits hold while strict_mode_config.enabled is true (the rule strict-mode-enabled). A \
    server merges the block key by key, and a limit that was set can be changed, not taken back.
    """

  private static func limit(
    _ code: String, _ name: String, _ key: String, max standard: Int, _ summary: String,
    _ documentation: String
  ) -> FieldRule {
    FieldRule(
      FieldPattern("strict_mode_config." + key), demand: .atMost("max"), isRequired: true,
      PolicyRuleSpec(
        code, name,
        parameters: [
          PolicyParameter(
            "max", .integer(from: 1), standard: .integer(standard), "The largest limit.")
        ], hasFix: true, summary, documentation + common))
  }

  private static func flag(
    _ code: String, _ name: String, _ key: String, _ value: JSONValue, _ summary: String,
    _ documentation: String
  ) -> FieldRule {
    FieldRule(
      FieldPattern("strict_mode_config." + key), demand: .equals(value), isRequired: true,
      PolicyRuleSpec(code, name, hasFix: true, summary, documentation))
  }

  private static let enabled = flag(
    "P051", "strict-mode-enabled", "enabled", true,
    "Every collection has strict mode on.",
    """
    Strict mode (servers from 1.13) refuses requests that one user makes and all others wait \
    for: filters on fields without an index, huge limits, endless timeouts. A stock server has \
    it off, and no limit counts while it is.
    """)

  private static let queryLimit = limit(
    "P052", "strict-mode-query-limit", "max_query_limit", max: 1000,
    "Strict mode bounds how many points one request may ask for.",
    "A request for a million points holds all of them in memory, on every peer that has a shard.")

  private static let timeout = limit(
    "P053", "strict-mode-timeout", "max_timeout", max: 60,
    "Strict mode bounds the timeout, in seconds, that a request may set.",
    "A search that nobody waits for any more goes on until its timeout.")

  private static let unindexedReads = flag(
    "P054", "strict-mode-no-unindexed-reads", "unindexed_filtering_retrieve", false,
    "Strict mode refuses reads that filter by a field without an index.",
    "A filter on a field without an index reads the payload of every candidate point." + common)

  private static let unindexedWrites = flag(
    "P055", "strict-mode-no-unindexed-writes", "unindexed_filtering_update", false,
    "Strict mode refuses updates that filter by a field without an index.",
    "A deletion by a filter without an index reads the payload of every point, while writes wait."
      + common)

  private static let upsertBatch = limit(
    "P056", "strict-mode-upsert-batch", "upsert_max_batchsize", max: 1000,
    "Strict mode bounds how many points one upsert may hold.",
    "A huge batch blocks the shard's queue of updates, and is sent again as a whole on failure."
  )

  private static let conditions = limit(
    "P057", "strict-mode-filter-conditions", "filter_max_conditions", max: 100,
    "Strict mode bounds how many conditions one filter may have.",
    "Every condition is looked at for every candidate point; filters made by programs grow unseen."
  )

  private static let exactSearch = flag(
    "P058", "strict-mode-no-exact-search", "search_allow_exact", false,
    "Strict mode refuses exact searches.",
    "An exact search compares with every vector of the collection." + common)

  private static let searchEf = limit(
    "P059", "strict-mode-hnsw-ef", "search_max_hnsw_ef", max: 512,
    "Strict mode bounds the hnsw_ef that a search may ask for.",
    "The time of a search grows with hnsw_ef, up to that of a full scan.")

  private static let points = limit(
    "P060", "strict-mode-points", "max_points_count", max: 100_000_000,
    "Strict mode bounds how many points a collection may have.",
    """
    A runaway import fills memory and disk for all collections of a peer. The server compares \
    with its estimate, so that a few points more may pass; it knows the limit from 1.14 (1.13.6) \
    on.
    """)
}
