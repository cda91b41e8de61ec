/// What is refused, to whom and in which words.
extension Behaviours {
  /// What strict mode forbids is a bad request since 1.14.
  var forbidsBeyondLimits: Bool { line < .v1_14_1 }
  /// The failed creation of a file is caught since 1.14.
  var catchesFilePanics: Bool { line >= .v1_14_1 }
  /// A second full key, `alt_api_key`, came with 1.17.
  var hasOtherKey: Bool { line >= .v1_17_1 }
  /// What the part of a path that names a collection is called.
  var nameParameter: String { line >= .v1_17_1 ? "collection_name" : "name" }
  /// A number that cannot be read in a path: told in plain text, with 404, before 1.17.
  var refusesPathNumbersPlainly: Bool { line < .v1_17_1 }
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
  /// The logger's settings can be read by anybody with a credential before 1.16.
  var guardsLogger: Bool { line >= .v1_16_3 }
  /// A collection without shards refuses an index before 1.17.
  var needsShardForIndex: Bool { line < .v1_17_1 }
  /// Since 1.17 a shard that is not loaded says what it was asked for.
  var namesFailedOperation: Bool { line >= .v1_17_1 }
  /// Before 1.17 a collection may be called `..`, whose folder is that of the storage.
  var takesParentAsName: Bool { line < .v1_17_1 }
  /// Before 1.18 a server cannot tell of several wrong vectors: the connection ends.
  var panicsOverSeveralVectors: Bool { line < .v1_18_3 }
  /// Where the text about a body that is too long begins.
  var oversizedPrefix: String { line >= .v1_18_3 ? "" : "Payload error: " }
  /// Before 1.19 consensus ends over a transfer by a method that only resharding has.
  var stopsOverForeignMethods: Bool { line < .v1_19_0 }
  /// What only a cluster can do: since 1.19 refused in one way.
  ///
  /// - Parameter older: the refusal of the lines before.
  func standaloneRefusal(_ older: Refusal) -> Refusal {
    line < .v1_19_0
      ? older : Refusal(status: 405, text: "Qdrant is running in standalone mode")
  }
}
