import JSON
import ResourceModel

extension QdrantResources {
  /// `strict_mode_config`: limits that hold while `enabled` is true.
  ///
  /// An update merges key by key and ignores `null`, so no limit can be taken back, and no number
  /// means "none"; what an absent permission means is not recorded, so nothing is taken for its
  /// equal. Only the two maps are written as a whole.
  static let strictModeRows: [FieldSpec] =
    [
      FieldSpec(
        "enabled", .bool, absentEquals: false, mutability: .inPlace, unset: .equals(false),
        wire: .each("enabled"), summary: "Whether the limits of strict mode are enforced.")
    ] + strictQueryRows + strictWriteRows + strictNodeRows + strictVectorRows

  private static let strictQueryRows: [FieldSpec] = [
    FieldSpec(
      "max_query_limit", .integer(from: 1), mutability: .inPlace, unset: .impossible,
      wire: .each("max_query_limit"),
      summary: "The largest limit that a request for points may ask for."),
    FieldSpec(
      "max_timeout", .integer(from: 1), mutability: .inPlace, unset: .impossible,
      wire: .each("max_timeout"),
      summary: "The longest timeout in seconds that a request may set."),
    FieldSpec(
      "unindexed_filtering_retrieve", .bool, mutability: .inPlace, unset: .impossible,
      wire: .each("unindexed_filtering_retrieve"),
      summary: "Whether reads may filter by payload fields that have no index."),
    FieldSpec(
      "unindexed_filtering_update", .bool, mutability: .inPlace, unset: .impossible,
      wire: .each("unindexed_filtering_update"),
      summary: "Whether updates may filter by payload fields that have no index."),
    FieldSpec(
      "search_max_hnsw_ef", .anyInteger, mutability: .inPlace, unset: .impossible,
      wire: .each("search_max_hnsw_ef"), summary: "The largest hnsw_ef that a search may ask for."),
    FieldSpec(
      "search_allow_exact", .bool, mutability: .inPlace, unset: .impossible,
      wire: .each("search_allow_exact"), summary: "Whether searches may be exact."),
    FieldSpec(
      "search_max_oversampling", .number(-Double.infinity...Double.infinity),
      mutability: .inPlace, unset: .impossible, wire: .each("search_max_oversampling"),
      summary: "The largest oversampling that a search may ask for."),
    FieldSpec(
      "search_max_batchsize", .anyInteger, mutability: .inPlace, unset: .impossible,
      wire: .each("search_max_batchsize"), since: ServerVersion(1, 17, 1),
      summary: "The most searches that one batch may hold."),
    FieldSpec(
      "filter_max_conditions", .anyInteger, mutability: .inPlace, unset: .impossible,
      wire: .each("filter_max_conditions"),
      summary: "The most conditions that one filter may have."),
    FieldSpec(
      "condition_max_size", .anyInteger, mutability: .inPlace, unset: .impossible,
      wire: .each("condition_max_size"),
      summary: "The largest size of one condition, such as the values of a match."),
    FieldSpec(
      "read_rate_limit", .integer(from: 1), mutability: .inPlace, unset: .impossible,
      wire: .each("read_rate_limit"), summary: "Reads per minute and replica."),
  ]

  private static let strictWriteRows: [FieldSpec] = [
    FieldSpec(
      "upsert_max_batchsize", .anyInteger, mutability: .inPlace, unset: .impossible,
      wire: .each("upsert_max_batchsize"),
      summary: "The most points that one upsert may hold."),
    FieldSpec(
      "max_collection_vector_size_bytes", .anyInteger, mutability: .inPlace, unset: .impossible,
      wire: .each("max_collection_vector_size_bytes"),
      summary: "The size in bytes of all vectors from which on updates are refused."),
    FieldSpec(
      "max_collection_payload_size_bytes", .anyInteger, mutability: .inPlace, unset: .impossible,
      wire: .each("max_collection_payload_size_bytes"),
      summary: "The size in bytes of all payloads from which on updates are refused."),
    FieldSpec(
      "write_rate_limit", .integer(from: 1), mutability: .inPlace, unset: .impossible,
      wire: .each("write_rate_limit"), summary: "Writes per minute and replica."),
    FieldSpec(
      "max_points_count", .integer(from: 1), mutability: .inPlace, unset: .impossible,
      wire: .each("max_points_count"), since: ServerVersion(1, 13, 6),
      summary: "The estimated number of points from which on new ones are refused."),
    FieldSpec(
      "max_payload_index_count", .anyInteger, mutability: .inPlace, unset: .impossible,
      wire: .each("max_payload_index_count"), since: ServerVersion(1, 15, 5),
      summary: "The number of payload indexes from which on even an existing one is not written."),
  ]

  private static let strictNodeRows: [FieldSpec] = [
    FieldSpec(
      "max_resident_memory_percent", .integer(1...100), mutability: .inPlace, unset: .impossible,
      wire: .each("max_resident_memory_percent"), since: ServerVersion(1, 18),
      deprecated: .init(since: ServerVersion(1, 19), replacement: "the server's quotas"),
      summary: "The share of memory in percent from which on the server refuses to take more."),
    FieldSpec(
      "max_disk_usage_percent", .integer(1...100), mutability: .inPlace, unset: .impossible,
      wire: .each("max_disk_usage_percent"), since: ServerVersion(1, 18, 2),
      removedIn: ServerVersion(1, 19),
      summary: "The share of the disk in percent from which on the server refuses to take more."),
  ]

  private static let strictVectorRows: [FieldSpec] = [
    FieldSpec(
      "multivector_config", .object, absentEquals: [:], mutability: .inPlace,
      unset: .removes([:]), wire: .each("multivector_config"), block: "multivector_config",
      since: ServerVersion(1, 13, 6),
      summary: "Limits of multivectors by their names, where an empty mapping lifts them."),
    FieldSpec(
      "sparse_config", .object, absentEquals: [:], mutability: .inPlace, unset: .removes([:]),
      wire: .each("sparse_config"), block: "sparse_config", since: ServerVersion(1, 13, 6),
      summary: "Limits of sparse vectors by their names, where an empty mapping lifts them."),
    FieldSpec(
      "multivector_config.*.max_vectors", .integer(from: 1), mutability: .inPlace,
      unset: .removes(.null), wire: .each("multivector_config.*.max_vectors"),
      block: "multivector_config", since: ServerVersion(1, 13, 6),
      summary: "The most vectors that a multivector of that name may have."),
    FieldSpec(
      "sparse_config.*.max_length", .integer(from: 1), mutability: .inPlace,
      unset: .removes(.null), wire: .each("sparse_config.*.max_length"), block: "sparse_config",
      since: ServerVersion(1, 13, 6),
      summary: "The most values that a sparse vector of that name may have."),
  ]
}
