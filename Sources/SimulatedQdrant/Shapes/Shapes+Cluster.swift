import JSON

extension Shapes {
  private static let shardKey = Shape.untagged(
    Untagged("ShardKey", [.string, .integer(.u64)]))

  private static let replicaState: Shape = .depending { behaviours in
    let words = [
      "Active", "Dead", "Partial", "Initializing", "Listener", "PartialSnapshot", "Recovery",
      "Resharding", "ReshardingScaleDown", "ActiveRead",
    ]
    return .choice(
      Choice(variants: behaviours.knowsManualRecovery ? words + ["ManualRecovery"] : words))
  }

  private static let transferMethod = words(
    "stream_records", "snapshot", "wal_delta", "resharding_stream_records")

  private static let newShardKey = Structure(
    "CreateShardingKey",
    [
      .required("shard_key", shardKey),
      .optional("shards_number", .integer(.nonzero32), aliases: ["shard_number"]),
      .optional("replication_factor", .integer(.nonzero32)),
      .optional("placement", .list(.integer(.u64))),
      .optional("initial_state", replicaState).when(\.knowsInitialState),
    ])

  private static let oldShardKey = Structure(
    "DropShardingKey", [.required("shard_key", shardKey)])

  static let createShardKey = Shape.structure(newShardKey)
  static let dropShardKey = Shape.structure(oldShardKey)

  private static let way: [Field] = [
    .required("shard_id", .integer(.u32)), .required("from_peer_id", .integer(.u64)),
    .required("to_peer_id", .integer(.u64)),
  ]

  private static let otherPeer: @Sendable (JSONObject) -> [(field: String, message: String)] = {
    object in
    guard let from = object["from_peer_id"]?.number, from == object["to_peer_id"]?.number else {
      return []
    }
    let message =
      "cannot transfer shard to itself, \"to_peer_id\" must be different than \(from.text) "
      + "in \"from_peer_id\""
    return [("to_peer_id", message)]
  }

  private static let otherKey: @Sendable (JSONObject) -> [(field: String, message: String)] = {
    object in
    guard object["from_shard_key"] == object["to_shard_key"] else { return [] }
    let message = "Validation error: must be different from from_shard_key [{}]"
    return [("to_shard_key", message)]
  }

  private static func operation(_ name: String, _ inner: Structure) -> Shape {
    .structure(Structure(name, [.required(name, .structure(inner))]))
  }

  private static func operation(_ name: String, _ fields: [Field]) -> Shape {
    operation(name, Structure(name, fields))
  }

  static let clusterOperation = Shape.depending { behaviours in
    let known = operations + (behaviours.knowsReplicatePoints ? [replication] : [])
    return .untagged(Untagged("ClusterOperations", known))
  }

  private static let operations: [Shape] =
    [
      operation(
        "move_shard",
        Structure("move", way + [.optional("method", transferMethod)], rule: otherPeer)),
      operation(
        "replicate_shard",
        Structure("replicate", way + [.optional("method", transferMethod)], rule: otherPeer)),
      operation("abort_transfer", Structure("abort", way, rule: otherPeer)),
      operation(
        "drop_replica",
        [.required("shard_id", .integer(.u32)), .required("peer_id", .integer(.u64))]),
      operation("create_sharding_key", newShardKey),
      operation("drop_sharding_key", oldShardKey),
      operation("restart_transfer", way + [.required("method", transferMethod)]),
      operation(
        "start_resharding",
        [
          .required("direction", words("up", "down")), .optional("peer_id", .integer(.u64)),
          .optional("shard_key", shardKey),
        ]),
      operation("finish_migrating_points", []),
      operation("commit_read_hash_ring", []), operation("commit_write_hash_ring", []),
      operation("finish_resharding", []), operation("abort_resharding", []),
    ]

  private static let replication =
    operation(
      "replicate_points",
      Structure(
        "replicate_points",
        [
          .optional("filter", .anyObject), .required("from_shard_key", shardKey),
          .required("to_shard_key", shardKey),
        ], rule: otherKey))
}
