import JSON

extension Shapes {
  static let createCollection = Shape.structure(
    Structure(
      "CreateCollection",
      [
        .defaulted("vectors", vectors, .object(JSONObject())),
        .optional("shard_number", .integer(.u32), [.atLeast(1)], defaulted: true),
        .optional("sharding_method", words("auto", "custom"), defaulted: true),
        .optional("replication_factor", .integer(.u32), [.atLeast(1)], defaulted: true),
        .optional("write_consistency_factor", .integer(.u32), [.atLeast(1)], defaulted: true),
        .optional("on_disk_payload", .boolean, defaulted: true),
        .optional("payload", .structure(payload), defaulted: true).when(\.knowsMemory),
        .optional("hnsw_config", .structure(hnsw)),
        .optional("wal_config", .structure(wal)),
        .optional("optimizers_config", .structure(optimizers), aliases: ["optimizer_config"]),
        .optional("init_from", initFrom, defaulted: true).when(\.knowsInitFrom),
        .optional("quantization_config", quantization, aliases: ["quantization"]),
        .optional("sparse_vectors", sparseVectors),
        .optional("strict_mode_config", .structure(strictMode)),
        .optional("uuid", uuid),
        .optional("metadata", .anyObject).when(\.knowsMetadata),
      ]))

  private static let initFrom = Shape.structure(
    Structure("InitFrom", [.required("collection", .string)]))

  static let updateCollection = Shape.structure(
    Structure(
      "UpdateCollection",
      [
        .optional("vectors", vectorChanges),
        .optional("optimizers_config", .structure(optimizerChanges), aliases: ["optimizer_config"]),
        .optional("params", .structure(params)),
        .optional("hnsw_config", .structure(hnsw)),
        .optional("quantization_config", quantizationChange, aliases: ["quantization"]),
        .optional("sparse_vectors", sparseChanges),
        .optional("strict_mode_config", .structure(strictMode)),
        .optional("metadata", .anyObject).when(\.knowsMetadata),
      ]))

  private static let params = Structure(
    "CollectionParamsDiff",
    [
      .optional("replication_factor", .integer(.nonzero32)),
      .optional("write_consistency_factor", .integer(.nonzero32)),
      .optional("read_fan_out_factor", .integer(.u32)),
      .optional("read_fan_out_delay_ms", .integer(.u64)).when(\.knowsFanOutDelay),
      .optional("on_disk_payload", .boolean),
      .optional("payload", .structure(payload)).when(\.knowsMemory),
    ])

  private static let payload = Structure("PayloadParams", [.optional("memory", memory)])

  static let uuid = Shape.parsed(expecting: "a UUID string") { text in
    guard let id = UUIDText.canonical(text) else {
      return .failure(WireFailure("UUID parsing failed: invalid character"))
    }
    return .success(id)
  }

  private static func action(_ name: String, _ fields: [String]) -> Shape {
    .structure(
      Structure(
        name, [.required(name, .structure(Structure(name, fields.map { .required($0, .string) })))]
      ))
  }

  static let changeAliases = Shape.structure(
    Structure(
      "ChangeAliasesOperation",
      [
        .required(
          "actions",
          .list(
            .untagged(
              Untagged(
                "AliasOperations",
                [
                  action("create_alias", ["collection_name", "alias_name"]),
                  action("delete_alias", ["alias_name"]),
                  action("rename_alias", ["old_alias_name", "new_alias_name"]),
                ]))))
      ]))
}
