/// How a server tells of itself and what it does without a cluster.
extension Behaviours {
  /// 1.19 limits what a server may use, `/quotas`, and tells of it in telemetry.
  var hasQuotas: Bool { line >= .v1_19_0 }

  /// What else a server may have been built with, as telemetry calls it.
  var otherFeatures: [(name: String, isThere: Bool)] {
    if line < .v1_15_5 { return [("web_feature", true)] }
    let storage = ("rocksdb", line < .v1_16_3)
    return line < .v1_17_1 ? [storage] : [storage, ("staging", false)]
  }

  /// Metrics of single collections, replicas and the process came with 1.16.
  var measuresCollections: Bool { line >= .v1_16_3 }
  /// Before 1.17 metrics count failed requests by themselves.
  var countsFailures: Bool { line < .v1_17_1 }

  /// Settings of all graphs are told in telemetry since 1.15.
  var hasHealing: Bool { line >= .v1_15_5 }
  /// The logger's buffer came with 1.15.
  var hasLogBuffer: Bool { line >= .v1_15_5 }
  /// What inference took is told since 1.15.
  var reportsInference: Bool { line >= .v1_15_5 }
  /// Telemetry tells of the recovery from partial snapshots since 1.15.
  var reportsPartialRecovery: Bool { line >= .v1_15_5 }
  /// Before 1.15 a histogram has only the buckets next to one that is not empty.
  var hasAllBuckets: Bool { line >= .v1_15_5 }

  /// Telemetry has less at its lower levels since 1.14: shards from the third on, segments from the
  /// fourth, and no more than the average duration of requests without any.
  var hasLeanTelemetry: Bool { line >= .v1_14_1 }
  /// Anonymous telemetry tells of replicas since 1.14.
  var tellsReplicasAnonymously: Bool { line >= .v1_14_1 }
  /// What strict mode forbids is a bad request since 1.14.
  var forbidsBeyondLimits: Bool { line < .v1_14_1 }
  /// The failed creation of a file is caught since 1.14.
  var catchesFilePanics: Bool { line >= .v1_14_1 }
  /// Whether a shard that could not be restored still counts as one.
  var countsFailedShards: Bool { line >= .v1_14_1 }
  /// What an update took is told by itself before 1.14.
  var groupsUsage: Bool { line >= .v1_14_1 }

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

  /// 1.19 tells in telemetry how payload is read and written.
  var reportsPayloadBackend: Bool { line >= .v1_19_0 }

  /// A collection tells how many updates wait since 1.17.
  var reportsUpdateQueue: Bool { line >= .v1_17_1 }
  /// `GET /collections/{name}/optimizations` came with 1.16.
  var hasOptimizationReport: Bool { line >= .v1_16_3 }
  /// In 1.16 that report has only what goes on.
  var summarisesOptimizations: Bool { line >= .v1_17_1 }
  /// Statistics of requests by collection came with 1.17.
  var countsByCollection: Bool { line >= .v1_17_1 }
  /// `GET /cluster/telemetry` came with 1.17.
  var hasClusterTelemetry: Bool { line >= .v1_17_1 }
  /// `GET /collections/{name}/shards` came with 1.16.
  var listsShards: Bool { line >= .v1_16_3 }
  /// The log of who did what came with 1.17.
  var hasAudit: Bool { line >= .v1_17_1 }
  /// A second full key, `alt_api_key`, came with 1.17.
  var hasOtherKey: Bool { line >= .v1_17_1 }
  /// What the part of a path that names a collection is called.
  var nameParameter: String { line >= .v1_17_1 ? "collection_name" : "name" }
  /// A number that cannot be read in a path: told in plain text, with 404, before 1.17.
  var refusesPathNumbersPlainly: Bool { line < .v1_17_1 }
  /// Whether names are looked at before snapshots are listed or made.
  var checksNamesForSnapshots: Bool { line >= .v1_17_1 }
  /// Why something could not be done with a file; what it was is told since 1.16.
  func failure(to work: String, _ reason: String) -> String {
    line >= .v1_16_3 ? "failed to \(work): \(reason)" : reason
  }
  /// Whether a panic over the log is told; before 1.16 the connection ends.
  var catchesLogPanics: Bool { line >= .v1_16_3 }
  /// What lacks where a collection without shards is asked for an index.
  var noShardText: String {
    line >= .v1_16_3 ? "Shard key not specified" : "No shards found for shard key"
  }
  /// Whether an index can be changed while recovery mode leaves shards unloaded.
  var indexesInRecovery: Bool { line >= .v1_16_3 }
  /// Before 1.16 a server can be locked against writing, `/locks`.
  var hasLocks: Bool { line < .v1_16_3 }
  /// Telemetry tells of snapshots and reads a `timeout` since 1.16; before, what it cannot read is
  /// told in plain text.
  var hasFullTelemetry: Bool { line >= .v1_16_3 }
  /// The logger's settings can be read by anybody with a credential before 1.16.
  var guardsLogger: Bool { line >= .v1_16_3 }
  /// What the first part of an address is called.
  var schemeWord: String { line >= .v1_17_1 ? "scheme" : "schema" }
  /// What is fetched from an address, as failures call it.
  var fetchedThing: String { line >= .v1_17_1 ? "tar" : "snapshot" }
  /// Whether what comes from an address is unpacked while it arrives, which fails on its own.
  var unpacksOnArrival: Bool { line >= .v1_17_1 }
  /// A collection without shards refuses an index before 1.17.
  var needsShardForIndex: Bool { line < .v1_17_1 }
  /// Complaints come once for every shard since 1.17, once at all in 1.16.
  var warnsPerShard: Bool { line >= .v1_17_1 }
  /// Collections complain of settings without effect since 1.16.
  var warns: Bool { line >= .v1_16_3 }
  /// Since 1.17 a shard that is not loaded says what it was asked for.
  var namesFailedOperation: Bool { line >= .v1_17_1 }
  /// Since 1.17 snapshots are taken from the folder for them only.
  var confinesSnapshots: Bool { line >= .v1_17_1 }
  /// What is said of a file that is no snapshot.
  func malformedArchive(at path: String) -> String {
    if line < .v1_15_5 { return "Failed to open snapshot archive, malformed format" }
    return line >= .v1_17_1
      ? "File IO error: Malformed tar archive, reached unknown entry"
      : "failed to read snapshot archive " + path
  }
  /// Before 1.17 a collection may be called `..`, whose folder is that of the storage.
  var takesParentAsName: Bool { line < .v1_17_1 }
  /// Before 1.18 a server cannot tell of several wrong vectors: the connection ends.
  var panicsOverSeveralVectors: Bool { line < .v1_18_3 }
  /// Before 1.18 a snapshot without the sparse vectors of the collection cannot be taken over, and
  /// the collection is lost in the attempt.
  var needsSparseVectorsOfSnapshot: Bool { line < .v1_18_3 }
  /// Vector names can be added and dropped since 1.18.
  var hasVectorNames: Bool { line >= .v1_18_3 }
  /// `GET /collections/{name}/memory` came with 1.18.
  var hasMemoryReport: Bool { line >= .v1_18_3 }
  /// Telemetry tells of the pool of searching threads and of low memory since 1.18.
  var reportsSearchPool: Bool { line >= .v1_18_3 }
  /// Whether an upload that is not allowed is refused in plain text, as downloads always are.
  var refusesUploadsPlainly: Bool { line >= .v1_18_3 }
  /// Fetching snapshots from an address can be switched off since 1.18.
  var hasURLRecoverySwitch: Bool { line >= .v1_18_3 }
  /// Where the text about a body that is too long begins.
  var oversizedPrefix: String { line >= .v1_18_3 ? "" : "Payload error: " }

  /// What is said of an upload that is no form; another library reads forms since 1.19.
  var noFormText: String {
    line < .v1_19_0
      ? "ContentTypeIncompatible"
      : "Parsed Content-Type did not have 'multipart' top-level media type"
  }

  /// What only a cluster can do: since 1.19 refused in one way.
  ///
  /// - Parameter older: the refusal of the lines before.
  func standaloneRefusal(_ older: Refusal) -> Refusal {
    line < .v1_19_0
      ? older : Refusal(status: 405, text: "Qdrant is running in standalone mode")
  }
}
