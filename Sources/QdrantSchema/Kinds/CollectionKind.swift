import JSON
import ResourceModel

extension QdrantResources {
  /// A collection with its vectors; what it contains stands in kinds of its own.
  static let collectionKind = KindSpec(
    kind: .collection,
    rows: collectionRows,
    elements: [
      ElementSpec(
        container: "vectors", kind: .vector, anonymousKeys: ["size", "distance"],
        ownEndpointSince: ServerVersion(1, 18), nameBytes: 0...200),
      ElementSpec(
        container: "sparse_vectors", kind: .sparseVector, anonymousKeys: [],
        ownEndpointSince: ServerVersion(1, 18), nameBytes: 1...200),
    ],
    children: [
      ChildSpec(
        key: "payload_indexes", kind: .index, form: .map(shortField: "type"), isComplete: true),
      ChildSpec(key: "aliases", kind: .alias, form: .list(nameField: "name"), isComplete: true),
      ChildSpec(
        key: "shard_keys", kind: .shardKey, form: .list(nameField: "key"), isComplete: false),
    ],
    exclusive: ["quantization_config", "vectors.*.quantization_config"],
    sections: [
      "optimizers_config", "params", "hnsw_config", "vectors", "quantization_config",
      "sparse_vectors", "strict_mode_config", "metadata",
    ])

  private static let collectionRows: [FieldSpec] =
    placementRows + payloadRows + metadataRows
    + collectionHNSWRows
    + optimizerRows.mounted(at: "optimizers_config", read: "config.optimizer_config")
    + walRows.mounted(at: "wal_config", read: "config.wal_config")
    + quantizationRows.mounted(at: "quantization_config", read: "config.quantization_config")
    + strictModeRows.mounted(at: "strict_mode_config", read: "config.strict_mode_config")
    + vectorRows.mounted(at: "vectors.*", read: "config.params.vectors.*")
    + vectorHNSWRows
    + quantizationRows.mounted(
      at: "vectors.*.quantization_config", read: "config.params.vectors.*.quantization_config")
    + sparseVectorRows.mounted(at: "sparse_vectors.*", read: "config.params.sparse_vectors.*")

  private static let collectionHNSWRows = hnswRows.mounted(
    at: "hnsw_config", read: "config.hnsw_config")

  private static let vectorHNSWRows = hnswRows.mounted(
    at: "vectors.*.hnsw_config", read: "config.params.vectors.*.hnsw_config"
  ).inheriting(from: collectionHNSWRows)

  private static let placementRows: [FieldSpec] = [
    FieldSpec(
      "shard_number", .integer32(from: 1), mutability: .replace,
      wire: FieldSpec.Wire(
        read: "config.params.shard_number", create: "shard_number", update: nil),
      summary: "The number of shards; with custom sharding, those of each shard key."),
    FieldSpec(
      "sharding_method", .oneOf(["auto", "custom"]), absentEquals: "auto", mutability: .replace,
      unset: .impossible,
      wire: FieldSpec.Wire(
        read: "config.params.sharding_method", create: "sharding_method", update: nil),
      summary: "Whether the server spreads points over shards or shard keys place them."),
    FieldSpec(
      "replication_factor", .integer32(from: 1), mutability: .inPlace, effect: .recordedOnly,
      wire: FieldSpec.Wire(
        read: "config.params.replication_factor", create: "replication_factor",
        update: "params.replication_factor"),
      summary: "The copies of each shard; on a cluster they are made and dropped to match."),
    FieldSpec(
      "write_consistency_factor", .integer32(from: 1), mutability: .inPlace,
      wire: FieldSpec.Wire(
        read: "config.params.write_consistency_factor", create: "write_consistency_factor",
        update: "params.write_consistency_factor"),
      summary: "The copies that must confirm a write."),
    FieldSpec(
      "read_fan_out_factor", .integer32(from: 0), absentEquals: 0, mutability: .inPlace,
      unset: .equals(0),
      wire: FieldSpec.Wire(
        read: "config.params.read_fan_out_factor", create: nil,
        update: "params.read_fan_out_factor"),
      summary: "The additional copies that every read asks, taking the first answer."),
    FieldSpec(
      "read_fan_out_delay_ms", .anyInteger, absentEquals: 0, mutability: .inPlace,
      unset: .equals(0),
      wire: FieldSpec.Wire(
        read: "config.params.read_fan_out_delay_ms", create: nil,
        update: "params.read_fan_out_delay_ms"),
      since: ServerVersion(1, 17),
      summary: "Milliseconds before a read asks additional copies."),
  ]

  private static let payloadRows: [FieldSpec] = [
    FieldSpec(
      "on_disk_payload", .bool, mutability: .inPlace, effect: .rebuildsIndex,
      wire: FieldSpec.Wire(
        read: "config.params.on_disk_payload", create: "on_disk_payload",
        update: "params.on_disk_payload"),
      deprecated: .init(since: ServerVersion(1, 19), replacement: "payload.memory"),
      summary: "Whether payloads are read from disk instead of being held in memory."),
    // What absence equals depends on `on_disk_payload`.
    FieldSpec(
      "payload.memory", Memory.unpinned, mutability: .inPlace, effect: .rebuildsIndex,
      unset: .impossible,
      wire: FieldSpec.Wire(
        read: "config.params.payload.memory", create: "payload.memory",
        update: "params.payload.memory"),
      since: ServerVersion(1, 19),
      summary: "Where payloads are held: read from disk or cached."),
  ]

  private static let metadataRows: [FieldSpec] = [
    FieldSpec(
      "metadata.*", .any, mutability: .inPlace, unset: .removes(.null),
      wire: FieldSpec.Wire(
        read: "config.metadata.*", create: "metadata.*", update: "metadata.*"),
      since: ServerVersion(1, 15, 5),
      summary: "A value of your own that the server keeps; null removes the key.")
  ]
}
