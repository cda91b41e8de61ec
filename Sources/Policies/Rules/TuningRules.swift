import JSON
import ResourceModel

/// The graph, the optimizers and the write-ahead log.
enum TuningRules {
  static let all: [any PolicyRule] = [
    GraphForFilters(), graphEdges, graphQuality, fullScan, indexing, threads, segments, wal, flush,
    deleted,
  ]

  private static func bounds(
    _ min: JSONValue, _ max: JSONValue, _ type: ValueType = .integer(from: 0)
  ) -> [PolicyParameter] {
    [
      PolicyParameter("min", type, standard: min, "The smallest value."),
      PolicyParameter("max", type, standard: max, "The largest value."),
    ]
  }

  private static let graphEdges = GraphEdgesWithin()

  private static let graphQuality = FieldRule(
    "hnsw_config.ef_construct", "vectors.*.hnsw_config.ef_construct",
    demand: .within("min", "max"),
    PolicyRuleSpec(
      "P043", "hnsw-ef-construct-within", .warning, parameters: bounds(64, 512), hasFix: true,
      "An ef_construct that is said lies within bounds.",
      """
      The number of neighbours that are looked at while the graph is built (100 on a stock \
      server; servers take 4 and more). Small numbers give a graph that misses good answers for \
      every search to come, large ones make optimizing slow. A change builds all graphs anew in \
      the background.
      """))

  private static let fullScan = FieldRule(
    "hnsw_config.full_scan_threshold", "vectors.*.hnsw_config.full_scan_threshold",
    demand: .atMost("max"),
    PolicyRuleSpec(
      "P044", "full-scan-threshold-at-most", .warning,
      parameters: [
        PolicyParameter("max", .integer(from: 10), standard: 100_000, "The largest size in kB.")
      ], hasFix: true,
      "A full_scan_threshold that is said is at most so much.",
      """
      Below this size in kB of the matching vectors the graph is not used and all of them are \
      compared (10,000 on a stock server). A large number makes searches with a filter slow \
      without a word. A change builds all graphs anew in the background.
      """))

  private static let indexing = FieldRule(
    "optimizers_config.indexing_threshold", demand: .within("min", "max"),
    PolicyRuleSpec(
      "P045", "indexing-threshold-within", parameters: bounds(1, 200_000), hasFix: true,
      "An indexing_threshold that is said lies within bounds.",
      """
      Segments below this size in kB have no vector index and are scanned; 0 means that none \
      ever gets one, which is right while data is loaded and wrong afterwards, when it is easily \
      forgotten. A stock server takes 10,000, one of 1.14 or older 20,000. The value can be set \
      back in place; existing segments are then indexed.
      """))

  private static let threads = FieldRule(
    "optimizers_config.max_optimization_threads", demand: .within("min", "max"),
    PolicyRuleSpec(
      "P046", "optimization-threads-within", parameters: bounds(1, 64), hasFix: true,
      "A number of max_optimization_threads lies within bounds.",
      """
      With 0 nothing is optimized any more: the status stays yellow while there is work, and \
      whoever waits for green waits for ever. A large number takes the processors from searches. \
      The word auto has no bound and is left alone.
      """))

  private static let segments = FieldRule(
    "optimizers_config.default_segment_number", demand: .atMost("max"),
    PolicyRuleSpec(
      "P047", "default-segment-number-at-most", .warning,
      parameters: [
        PolicyParameter("max", .integer(from: 0), standard: 16, "The most segments of a shard.")
      ], hasFix: true,
      "A default_segment_number that is said is at most so much.",
      """
      Every segment of every shard is searched for every request: as many as there are \
      processors are fast, more make throughput worse. 0 leaves the number to the server. A \
      change merges or splits segments in the background.
      """))

  private static let wal = FieldRule(
    "wal_config.wal_capacity_mb", demand: .within("min", "max"),
    PolicyRuleSpec(
      "P048", "wal-capacity-within", parameters: bounds(1, 256),
      "A wal_capacity_mb that is said lies within bounds.",
      """
      Every shard of every copy reserves segments of the write-ahead log of this size in MB (32 \
      on a stock server); a large number times many collections fills a disk with nothing. The \
      whole wal_config is fixed when a collection is made.
      """))

  private static let flush = FieldRule(
    "optimizers_config.flush_interval_sec", demand: .within("min", "max"),
    PolicyRuleSpec(
      "P049", "flush-interval-within", .warning, parameters: bounds(1, 60), hasFix: true,
      "A flush_interval_sec that is said lies within bounds.",
      """
      So many seconds lie between two forced writes of segments to disk (5 on a stock server, \
      which takes 0 as well). What was not flushed is in the write-ahead log and is read again \
      after a crash: a long interval makes that restart long.
      """))

  private static let deleted = FieldRule(
    "optimizers_config.deleted_threshold", demand: .within("min", "max"),
    PolicyRuleSpec(
      "P050", "deleted-threshold-within", .warning, parameters: bounds(0.05, 0.5, .number(0...1)),
      hasFix: true,
      "A deleted_threshold that is said lies within bounds.",
      """
      A segment is cleaned up when this share of its vectors is deleted (0.2 on a stock server). \
      Deleted points stay on disk and in the graph until then: a large share wastes both, a tiny \
      one rewrites segments all the time.
      """))
}

/// No graph, and none for payload fields either.
struct GraphForFilters: CollectionRule {
  let spec = PolicyRuleSpec(
    "P041", "payload-m-with-m-zero",
    parameters: [
      PolicyParameter(
        "payload_m", .integer(1...256), standard: 16, "The edges per node that --fix writes.")
    ], hasFix: true,
    "A collection with m: 0 has edges for its payload fields.",
    """
    hnsw_config with m: 0 builds no graph over all points. With payload_m above 0 there are \
    graphs for each value of the indexed payload fields, which is the layout for many tenants; \
    without it (payload_m follows m when it is not said) every search scans. The rule looks at \
    the collection's own hnsw_config; multivectors, which only rescore, have theirs at the \
    vector.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    guard let m = collection.field(FieldPath("hnsw_config.m")), m.value.integer == 0 else {
      return []
    }
    let path = FieldPath("hnsw_config.payload_m")
    let field = collection.field(path)
    if let edges = field?.value.integer, edges > 0 { return [] }
    let wanted = settings.value("payload_m") ?? 16
    return [
      PolicyViolation(
        collection.address, path: path, at: (field ?? m).provenance,
        "expected payload_m above 0 beside m: 0, found \(field?.value.text() ?? "nothing")",
        fix: collection.edit(path, wanted, instead: field))
    ]
  }
}

/// Edges of the graph outside of bounds, where 0 is a layout and no bound.
struct GraphEdgesWithin: CollectionRule {
  let spec = PolicyRuleSpec(
    "P042", "hnsw-m-within", .warning,
    parameters: [
      PolicyParameter("min", .integer(1...1024), standard: 8, "The fewest edges."),
      PolicyParameter("max", .integer(1...1024), standard: 64, "The most edges."),
    ], hasFix: true,
    "A number of edges m that is said and not 0 lies within bounds.",
    """
    m is the number of edges per node of the graph (16 on a stock server, which takes any \
    number). Few edges miss good answers; many take memory, for every point and vector, and \
    building time. 0 builds no graph, which is a layout of its own and left to the rule \
    payload-m-with-m-zero. A change builds all graphs anew in the background.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    let demand = Demand.within("min", "max")
    let patterns: [FieldPattern] = ["hnsw_config.m", "vectors.*.hnsw_config.m"]
    return collection.fields.compactMap { field in
      guard patterns.contains(where: { $0.matches(field.path) }), field.value.integer != 0,
        !demand.isSatisfied(by: field.value, settings)
      else { return nil }
      let fix = demand.nearest(to: field.value, settings).flatMap {
        collection.edit(field.path, $0, instead: field)
      }
      return PolicyViolation(
        collection.address, path: field.path, at: field.provenance,
        "expected \(field.path) to be \(demand.words(settings)), found \(field.value.text())",
        fix: fix)
    }
  }
}
