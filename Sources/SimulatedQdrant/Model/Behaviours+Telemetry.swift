/// What a server measures and tells of itself.
extension Behaviours {
  /// The switches that telemetry lists under `runtime_features`; those of 1.19 are off.
  var runtimeFeatures: [(name: String, isOn: Bool)] {
    guard line >= .v1_15_5 else { return [] }
    var features = [
      ("all", false), ("incremental_hnsw_building", true), ("appendable_quantization", true),
    ]
    if line >= .v1_17_1 { features.append(("single_file_mmap_vector_storage", true)) }
    if line < .v1_18_3 {
      features += [
        ("payload_index_skip_rocksdb", true), ("payload_index_skip_mutable_rocksdb", true),
        ("payload_storage_skip_rocksdb", true), ("migrate_rocksdb_id_tracker", true),
        ("migrate_rocksdb_vector_storage", true), ("migrate_rocksdb_payload_storage", true),
        ("migrate_rocksdb_payload_indices", true),
      ]
    }
    if line >= .v1_19_0 {
      features += [
        ("async_payload_storage", false), ("write_segment_manifest", false),
        ("append_only_mutations", false), ("compact_bitmask", false),
        ("serverless_compatible", false),
      ]
    }
    return features
  }
  /// What else a server may have been built with, as telemetry calls it.
  var otherFeatures: [(name: String, isThere: Bool)] {
    if line < .v1_15_5 { return [("web_feature", true)] }
    let storage = ("rocksdb", line < .v1_16_3)
    return line < .v1_17_1 ? [storage] : [storage, ("staging", false)]
  }
  /// Telemetry has less at its lower levels since 1.14: shards from the third on, segments from the
  /// fourth, and no more than the average duration of requests without any.
  var hasLeanTelemetry: Bool { line >= .v1_14_1 }
  /// Telemetry tells of snapshots and reads a `timeout` since 1.16; before, what it cannot read is
  /// told in plain text.
  var hasFullTelemetry: Bool { line >= .v1_16_3 }
  /// Anonymous telemetry tells of replicas since 1.14.
  var tellsReplicasAnonymously: Bool { line >= .v1_14_1 }
  /// Telemetry tells of the recovery from partial snapshots since 1.15.
  var reportsPartialRecovery: Bool { line >= .v1_15_5 }
  /// Settings of all graphs are told in telemetry since 1.15.
  var hasHealing: Bool { line >= .v1_15_5 }
  /// Telemetry tells of the pool of searching threads and of low memory since 1.18.
  var reportsSearchPool: Bool { line >= .v1_18_3 }
  /// 1.19 tells in telemetry how payload is read and written.
  var reportsPayloadBackend: Bool { line >= .v1_19_0 }
  /// Statistics of requests by collection came with 1.17.
  var countsByCollection: Bool { line >= .v1_17_1 }
  /// Metrics of single collections, replicas and the process came with 1.16.
  var measuresCollections: Bool { line >= .v1_16_3 }
  /// Before 1.17 metrics count failed requests by themselves.
  var countsFailures: Bool { line < .v1_17_1 }
  /// Before 1.15 a histogram has only the buckets next to one that is not empty.
  var hasAllBuckets: Bool { line >= .v1_15_5 }
  /// The logger's buffer came with 1.15.
  var hasLogBuffer: Bool { line >= .v1_15_5 }
  /// What inference took is told since 1.15.
  var reportsInference: Bool { line >= .v1_15_5 }
  /// What an update took is told by itself before 1.14.
  var groupsUsage: Bool { line >= .v1_14_1 }
}
