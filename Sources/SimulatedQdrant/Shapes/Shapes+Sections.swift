import JSON

extension Shapes {
  static let hnsw = Structure(
    "HnswConfigDiff",
    [
      .optional("m", .integer(.usize)),
      .optional("ef_construct", .integer(.usize), [.atLeast(4)]),
      .optional(
        "full_scan_threshold", .integer(.usize), [.atLeast(10)],
        aliases: ["full_scan_threshold_kb"]),
      .optional("max_indexing_threads", .integer(.usize)),
      .optional("on_disk", .boolean),
      .optional("memory", memory).when(\.knowsMemory),
      .optional("payload_m", .integer(.usize)),
      .optional("inline_storage", .boolean).when(\.knowsInlineStorage),
      .optional("copy_vectors", .boolean).when(\.knowsCopyVectors),
    ])

  /// Where something is kept.
  static let memory = words("cold", "cached", "pinned")

  static let optimizers = optimizers(segmentSizeIn: nil)
  /// Of a PATCH.
  static let optimizerChanges = optimizers(segmentSizeIn: \Behaviours.checksSegmentSizeInPatch)

  /// - Parameter checked: which server lines look at the largest segment; nil: all.
  private static func optimizers(
    segmentSizeIn checked: Behaviours.Condition?
  ) -> Structure {
    let size = Field.optional(
      "max_segment_size", .integer(.usize), [.atLeast(1)], aliases: ["max_segment_size_kb"])
    return Structure(
      "OptimizersConfigDiff",
      [
        .optional("deleted_threshold", .float64, [.floatRange(0, 1)])
          .checkedWhen(\.checksVacuum),
        .optional("vacuum_min_vector_number", .integer(.usize), [.atLeast(100)])
          .checkedWhen(\.checksVacuum),
        .optional("default_segment_number", .integer(.usize)),
        checked.map { size.checkedWhen($0) } ?? size,
        .optional("memmap_threshold", .integer(.usize), aliases: ["memmap_threshold_kb"]),
        .optional("indexing_threshold", .integer(.usize), aliases: ["indexing_threshold_kb"]),
        .optional("flush_interval_sec", .integer(.u64)),
        .optional(
          "max_optimization_threads",
          .untagged(
            Untagged("MaxOptimizationThreads", [words("auto"), .integer(.usize)]))),
        .optional("prevent_unoptimized", .boolean).when(\.knowsPreventUnoptimized),
      ])
  }

  static let wal = Structure(
    "WalConfigDiff",
    [
      .optional("wal_capacity_mb", .integer(.usize), [.atLeast(1)]),
      .optional("wal_segments_ahead", .integer(.usize)),
      .optional("wal_retain_closed", .integer(.usize)).when(\.knowsRetainedLogs),
    ])

  private static func wrapper(_ name: String, _ fields: [Field]) -> Shape {
    .structure(Structure("Quantization", [.required(name, .structure(Structure(name, fields)))]))
  }

  private static let quantizations: [Shape] = [
    wrapper(
      "scalar",
      [
        .required("type", words("int8")),
        .optional("quantile", .float32, [.float32Range(0.5, 1)]),
        .optional("always_ram", .boolean),
        .optional("memory", memory).when(\.knowsMemory),
      ]),
    wrapper(
      "product",
      [
        .required("compression", words("x4", "x8", "x16", "x32", "x64")),
        .optional("always_ram", .boolean),
        .optional("memory", memory).when(\.knowsMemory),
      ]),
    wrapper(
      "binary",
      [
        .optional("always_ram", .boolean),
        .optional("encoding", words("one_bit", "two_bits", "one_and_half_bits"))
          .when(\.knowsBinaryEncodings),
        .optional("query_encoding", words("default", "binary", "scalar4bits", "scalar8bits"))
          .when(\.knowsBinaryEncodings),
        .optional("memory", memory).when(\.knowsMemory),
      ]),
  ]

  private static let turbo = wrapper(
    "turbo",
    [
      .optional("always_ram", .boolean),
      .optional("bits", words("bits1", "bits1_5", "bits2", "bits4")),
      .optional("memory", memory).when(\.knowsMemory),
    ])

  static let quantization: Shape = .depending { behaviours in
    .untagged(
      Untagged("QuantizationConfig", quantizations + (behaviours.knowsTurbo ? [turbo] : [])))
  }

  /// What a PATCH may say: a whole object, or that there shall be none.
  static let quantizationChange: Shape = .depending { behaviours in
    let known = quantizations + (behaviours.knowsTurbo ? [turbo] : [])
    return .untagged(Untagged("QuantizationConfigDiff", known + [words("Disabled")]))
  }

  static let strictMode = Structure(
    "StrictModeConfig",
    [
      .optional("enabled", .boolean),
      .optional("max_query_limit", .integer(.usize), [.atLeast(1)]),
      .optional("max_timeout", .integer(.usize), [.atLeast(1)]),
      .optional("unindexed_filtering_retrieve", .boolean),
      .optional("unindexed_filtering_update", .boolean),
      .optional("search_max_hnsw_ef", .integer(.usize)),
      .optional("search_allow_exact", .boolean),
      .optional("search_max_oversampling", .float64),
      .optional("upsert_max_batchsize", .integer(.usize)),
      .optional("search_max_batchsize", .integer(.usize)).when(\.knowsSearchBatchLimit),
      .optional("max_collection_vector_size_bytes", .integer(.usize)),
      .optional("read_rate_limit", .integer(.usize), [.atLeast(1)]),
      .optional("write_rate_limit", .integer(.usize), [.atLeast(1)]),
      .optional("max_collection_payload_size_bytes", .integer(.usize)),
      .optional("max_points_count", .integer(.usize), [.atLeast(1)]),
      .optional("filter_max_conditions", .integer(.usize)),
      .optional("condition_max_size", .integer(.usize)),
      .optional("multivector_config", limits("StrictModeMultivector", "max_vectors")),
      .optional("sparse_config", limits("StrictModeSparse", "max_length")),
      .optional("max_payload_index_count", .integer(.usize)).when(\.knowsIndexLimit),
      .optional("max_resident_memory_percent", .integer(.u8), [.range(1, 100)])
        .when(\.knowsMemoryLimit),
      .optional("max_disk_usage_percent", .integer(.u8), [.range(1, 100)]).when(\.knowsDiskLimit),
    ])

  /// A limit for each of several vectors.
  private static func limits(_ structure: String, _ name: String) -> Shape {
    .map(
      .structure(Structure(structure, [.optional(name, .integer(.usize), [.atLeast(1)])])),
      .flattened)
  }
}
