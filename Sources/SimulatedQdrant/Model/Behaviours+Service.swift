/// How a server tells of itself and what it does without a cluster.
extension Behaviours {
  /// 1.19 limits what a server may use, `/quotas`, and tells of it in telemetry.
  var hasQuotas: Bool { line >= .v1_19_0 }

  /// The switches that telemetry lists under `runtime_features`; those of 1.19 are off.
  var runtimeFeatures: [(name: String, isOn: Bool)] {
    var features = [
      ("all", false), ("incremental_hnsw_building", true), ("appendable_quantization", true),
      ("single_file_mmap_vector_storage", true),
    ]
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
