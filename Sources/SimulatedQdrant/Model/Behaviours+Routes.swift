/// What can be asked of a server, and what a collection tells.
extension Behaviours {
  /// A collection tells how many updates wait since 1.17.
  var reportsUpdateQueue: Bool { line >= .v1_17_1 }
  /// Collections complain of settings without effect since 1.16.
  var warns: Bool { line >= .v1_16_3 }
  /// Complaints come once for every shard since 1.17, once at all in 1.16.
  var warnsPerShard: Bool { line >= .v1_17_1 }
  /// `GET /collections/{name}/optimizations` came with 1.16.
  var hasOptimizationReport: Bool { line >= .v1_16_3 }
  /// In 1.16 that report has only what goes on.
  var summarisesOptimizations: Bool { line >= .v1_17_1 }
  /// `GET /collections/{name}/memory` came with 1.18.
  var hasMemoryReport: Bool { line >= .v1_18_3 }
  /// `GET /collections/{name}/shards` came with 1.16.
  var listsShards: Bool { line >= .v1_16_3 }
  /// `GET /cluster/telemetry` came with 1.17.
  var hasClusterTelemetry: Bool { line >= .v1_17_1 }
  /// The log of who did what came with 1.17.
  var hasAudit: Bool { line >= .v1_17_1 }
  /// Before 1.16 a server can be locked against writing, `/locks`.
  var hasLocks: Bool { line < .v1_16_3 }
  /// 1.19 limits what a server may use, `/quotas`, and tells of it in telemetry.
  var hasQuotas: Bool { line >= .v1_19_0 }
  /// Vector names can be added and dropped since 1.18.
  var hasVectorNames: Bool { line >= .v1_18_3 }
}
