/// Words that other tools, and clients of Qdrant, have for what manifests call otherwise.
enum OtherWords {
  private static let meant = [
    "vectors_config": "vectors", "vector_params": "vectors", "embeddings": "vectors",
    "dim": "size", "dimension": "size", "dimensions": "size", "metric": "distance",
    "sparse_vectors_config": "sparse_vectors", "replicas": "replication_factor",
    "replication": "replication_factor", "shards": "shard_number",
    "num_shards": "shard_number", "write_consistency": "write_consistency_factor",
    "indexes": "payload_indexes", "indices": "payload_indexes", "index": "payload_indexes",
    "payload_schema": "payload_indexes", "alias": "aliases", "hnsw": "hnsw_config",
    "quantization": "quantization_config", "optimizers": "optimizers_config",
    "wal": "wal_config", "strict_mode": "strict_mode_config", "host": "url", "address": "url",
    "endpoint": "url", "token": "api_key", "apikey": "api_key", "vars": "variables",
  ]

  private static let removed = [
    "init_from": "Qdrant has removed it: make the collection without it and copy the points"
  ]

  /// What to write in place of an unknown key, if the place has that.
  static func hint(_ key: String, among siblings: [String]) -> String? {
    if let reason = removed[key] { return reason }
    guard let word = meant[key], siblings.contains(word) else { return nil }
    return "write '\(word)'"
  }
}
