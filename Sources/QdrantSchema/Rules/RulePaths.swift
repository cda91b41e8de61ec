import ResourceModel

/// The paths that rules look for, made once: a rule runs for each of ten thousand collections.
enum RulePaths {
  static let hnswConfigInlineStorage = FieldPath("hnsw_config.inline_storage")
  static let hnswConfigM = FieldPath("hnsw_config.m")
  static let hnswConfigPayloadM = FieldPath("hnsw_config.payload_m")
  static let isTenant = FieldPath("is_tenant")
  static let lookup = FieldPath("lookup")
  static let optimizersConfigMaxOptimizationThreads = FieldPath(
    "optimizers_config.max_optimization_threads")
  static let quantizationConfig = FieldPath("quantization_config")
  static let range = FieldPath("range")
  static let replicationFactor = FieldPath("replication_factor")
  static let shardingMethod = FieldPath("sharding_method")
  static let stemmerLanguage = FieldPath("stemmer.language")
  static let stemmerType = FieldPath("stemmer.type")
  static let strictModeConfigMaxPayloadIndexCount = FieldPath(
    "strict_mode_config.max_payload_index_count")
  static let writeConsistencyFactor = FieldPath("write_consistency_factor")
}
