import JSON

extension RuleCase {
  static let wrong: [RuleCase] = names + copies + indexes + graphs + secrets

  private static let names: [RuleCase] = [
    .error("M301", at: "sparse_vectors.a", Sample(["vectors.a.size": 4, "sparse_vectors.a": [:]])),
    .error(
      "M303", at: "sharding_method", Sample(["sharding_method": "auto", "shard_key.eu": [:]])),
    .error("M303", at: "shard_key.eu", Sample(["shard_number": 2, "shard_key.eu": [:]])),
    .error(
      "M303", at: "sharding_method",
      Sample(["sharding_method": "auto", "shard_key.eu": [:]]).removing("shard_key.eu")),
    .warning("M303", at: "sharding_method", Sample(["sharding_method": "custom"])),
    .warning(
      "M303", at: "sharding_method",
      Sample(["sharding_method": "custom", "shard_key.eu": [:]]).removing("shard_key.eu")),
  ]

  private static let copies: [RuleCase] = [
    .warning(
      "M302", at: "write_consistency_factor",
      Sample(["replication_factor": 1, "write_consistency_factor": 2])),
    .warning(
      "M310", at: "optimizers_config.max_optimization_threads",
      Sample(["optimizers_config.max_optimization_threads": 0])
        .gates([["golden_queries": "q.jsonl"], ["wait": "green", "timeout": "30m"]])),
  ]

  private static let indexes: [RuleCase] = [
    .error(
      "M304", at: "index.n.range",
      Sample(["index.n.type": "integer", "index.n.lookup": false, "index.n.range": false])),
    .warning(
      "M305", at: "index.b.is_tenant",
      Sample([
        "index.a.type": "keyword", "index.a.is_tenant": true, "index.b.type": "uuid",
        "index.b.is_tenant": true,
      ])),
    .error("M306", at: "hnsw_config.memory", Sample(both("hnsw_config"))),
    .error("M306", at: "vectors.a.memory", Sample(both("vectors.a"))),
    .error("M306", at: "vectors.a.hnsw_config.memory", Sample(both("vectors.a.hnsw_config"))),
    .error("M306", at: "sparse_vectors.a.index.memory", Sample(both("sparse_vectors.a.index"))),
    .error(
      "M306", at: "index.a.on_disk",
      Sample(["index.a.type": "float", "index.a.memory": "cold", "index.a.on_disk": true])),
    .error(
      "M306", at: "quantization_config.binary.memory",
      Sample([
        "quantization_config.binary.always_ram": true,
        "quantization_config.binary.memory": "pinned",
      ])),
    .error(
      "M306", at: "payload.memory",
      Sample(["on_disk_payload": true, "payload.memory": "cached"])),
    .error(
      "M307", at: "strict_mode_config.max_payload_index_count",
      Sample([
        "strict_mode_config.enabled": true, "strict_mode_config.max_payload_index_count": 1,
        "index.a.type": "keyword", "index.b.type": "keyword",
      ])),
    .error(
      "M307", at: "strict_mode_config.max_payload_index_count",
      Sample([
        "strict_mode_config.enabled": true, "strict_mode_config.max_payload_index_count": 0,
        "index.a.type": "keyword",
      ])),
    .error(
      "M312", at: "index.a.tokenizer",
      Sample(["index.a.type": "keyword", "index.a.tokenizer": "word"])),
    .error(
      "M312", at: "index.a.is_tenant",
      Sample(["index.a.type": "float", "index.a.is_tenant": true])),
    .error(
      "M312", at: "index.a.stopwords.languages",
      Sample(["index.a.type": "keyword", "index.a.stopwords.languages": ["english"]])),
    .error(
      "M313", at: "index.a.stemmer.type",
      Sample(["index.a.type": "text", "index.a.stemmer.type": "snowball"])),
    .error(
      "M313", at: "index.a.stemmer.language",
      Sample([
        "index.a.type": "text", "index.a.stemmer.type": "none",
        "index.a.stemmer.language": "english",
      ])),
    .warning(
      "M314", at: "index.a.min_token_len",
      Sample([
        "index.a.type": "text", "index.a.min_token_len": 9, "index.a.max_token_len": 3,
      ])),
  ]

  private static let graphs: [RuleCase] = [
    .warning("M308", at: "hnsw_config.m", Sample(["hnsw_config.m": 0])),
    .warning(
      "M308", at: "hnsw_config.m", Sample(["hnsw_config.m": 0, "hnsw_config.payload_m": 0])),
    .warning(
      "M308", at: "hnsw_config.m",
      Sample(["hnsw_config.m": 0, "vectors.a.hnsw_config.m": 8, "vectors.b.size": 4])),
    .warning("M308", at: "vectors.a.hnsw_config.m", Sample(["vectors.a.hnsw_config.m": 0])),
    .warning(
      "M308", at: "vectors.a.hnsw_config.m",
      Sample([
        "hnsw_config.payload_m": 16, "vectors.a.hnsw_config.m": 0,
        "vectors.a.hnsw_config.payload_m": 0,
      ])),
    .warning(
      "M309", at: "hnsw_config.inline_storage", Sample(["hnsw_config.inline_storage": true])),
    .warning(
      "M309", at: "hnsw_config.inline_storage",
      Sample(["hnsw_config.inline_storage": true, "vectors.a.size": 4, "vectors.b.size": 4])),
    .warning(
      "M309", at: "hnsw_config.inline_storage",
      Sample(["hnsw_config.inline_storage": true, "quantization_config": "disabled"])),
    .warning(
      "M309", at: "vectors.a.hnsw_config.inline_storage",
      Sample(["vectors.a.hnsw_config.inline_storage": true])),
    .warning(
      "M309", at: "hnsw_config.inline_storage",
      Sample([
        "hnsw_config.inline_storage": true, "quantization_config.binary": [:],
        "vectors.a.multivector_config.comparator": "max_sim",
      ])),
  ]

  private static let secrets: [RuleCase] = [
    ("metadata.db_password", "correct-horse"),
    ("metadata.apiKey", "0123456789"),
    ("metadata.auth", ["token": "abcdefgh"]),
    ("metadata.auth", [["client-secret": "abcdefgh"]]),
    ("metadata.note", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"),
    ("metadata.source", "postgres://app:hunter2@db.example:5432/x"),
    ("metadata.key", "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----"),
    ("metadata.aws", "AKIAIOSFODNN7EXAMPLE"),
    ("metadata.value", "q7Xv2LbN9tRz4KcW8mYs1HdF6pGj3QaE"),
  ].map { (path: String, value: JSONValue) in
    .warning("M311", at: path, Sample([path: value]))
  }

  private static func both(_ part: String) -> KeyValuePairs<String, JSONValue> {
    [part + ".on_disk": true, part + ".memory": "cold"]
  }
}
