import JSON

extension RuleCase {
  static let right: [Sample] = names + indexes + graphs + metadata

  private static let names: [Sample] = [
    Sample([:]),
    Sample(["vectors.a.size": 4, "sparse_vectors.b": [:]]),
    // Two names to a server, though Swift's strings call them equal.
    Sample(["vectors.\u{e9}.size": 4, "sparse_vectors.e\u{301}": [:]]),
    // Dropping the dense one and adding a sparse one of its name is possible.
    Sample(["vectors.a": "absent", "sparse_vectors.a": [:]]).removing("vectors.a"),
    Sample(["replication_factor": 2, "write_consistency_factor": 2]),
    Sample(["write_consistency_factor": 9]),
    Sample(["sharding_method": "custom", "shard_key.eu": [:]]),
    Sample(["sharding_method": "auto"]),
    Sample(["optimizers_config.max_optimization_threads": 0]),
    Sample(["optimizers_config.max_optimization_threads": 0]).gates([["golden_queries": "q"]]),
    Sample(["optimizers_config.max_optimization_threads": "auto"]).gates([["wait": "green"]]),
  ]

  private static let indexes: [Sample] = [
    Sample(["index.n.type": "integer", "index.n.lookup": false]),
    Sample(["index.n.type": "integer", "index.n.lookup": false, "index.n.range": true]),
    Sample([
      "index.a.type": "keyword", "index.a.is_tenant": true, "index.b.type": "keyword",
      "index.b.is_tenant": false,
    ]),
    Sample(["hnsw_config.on_disk": true, "vectors.a.memory": "cold"]),
    Sample(["optimizers_config.memmap_threshold": 0, "vectors.a.on_disk": true]),
    Sample([
      "strict_mode_config.enabled": true, "strict_mode_config.max_payload_index_count": 2,
      "index.a.type": "keyword", "index.b.type": "keyword",
    ]),
    Sample([
      "strict_mode_config.enabled": false, "strict_mode_config.max_payload_index_count": 0,
      "index.a.type": "keyword",
    ]),
    Sample([
      "index.a.type": "text", "index.a.tokenizer": "word", "index.a.stemmer.type": "snowball",
      "index.a.stemmer.language": "en", "index.a.stopwords.custom": ["the"],
    ]),
    Sample(["index.a.type": "text", "index.a.stemmer.type": "none"]),
    Sample(["index.a.type": "geo", "index.a.on_disk": true, "index.a.enable_hnsw": false]),
  ]

  private static let graphs: [Sample] = [
    Sample(["hnsw_config.m": 0, "hnsw_config.payload_m": 16]),
    Sample(["hnsw_config.m": 16]),
    Sample(["hnsw_config.m": 0, "vectors.a.hnsw_config.m": 8]),
    Sample(["hnsw_config.m": 0, "vectors.a.hnsw_config.payload_m": 8]),
    Sample(["hnsw_config.payload_m": 16, "vectors.a.hnsw_config.m": 0]),
    Sample([
      "vectors.a.hnsw_config.m": 0, "vectors.a.multivector_config.comparator": "max_sim",
    ]),
    Sample(["hnsw_config.inline_storage": true, "quantization_config.binary": [:]]),
    Sample([
      "hnsw_config.inline_storage": true, "vectors.a.quantization_config.scalar.type": "int8",
    ]),
    Sample([
      "hnsw_config.inline_storage": true, "vectors.a.hnsw_config.inline_storage": false,
    ]),
    Sample(["hnsw_config.inline_storage": false]),
  ]

  private static let metadata: [Sample] = [
    Sample(["index.a.type": "text", "index.a.min_token_len": 3, "index.a.max_token_len": 3]),
    Sample(["index.a.type": "text", "index.a.min_token_len": 3]),
    Sample(["metadata.team": "search", "metadata.tokenizer": "multilingual"]),
    Sample(["metadata.max_tokens": 512, "metadata.secret": "x", "metadata.token": .null]),
    Sample(["metadata.commit": "9fceb02d0ae598e95dc970b74767f19372d61af8"]),
    Sample(["metadata.id": "3f0c9f0e-6f7d-4b3f-9d6c-0d9d9b0f5a11"]),
    Sample(["metadata.source": "https://example.org/a@b:c"]),
    Sample(["metadata.model": "sentence-transformers/all-MiniLM-L6-v2"]),
    Sample(["metadata.contact": ["mail": "search@example.org", "room": 12]]),
  ]
}
