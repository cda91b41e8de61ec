/// Which keys and words a request may use; a key that a line does not know is passed over.
extension Behaviours {
  // MARK: Since 1.19

  /// 1.19 places vectors, graphs, payload and indexes by `memory` (`cold`, `cached`, `pinned`).
  var knowsMemory: Bool { line >= .v1_19_0 }
  /// 1.19 indexes keywords by `prefix`, too.
  var knowsPrefixes: Bool { line >= .v1_19_0 }
  /// 1.19 can be told to stem no words.
  var knowsNoStemmer: Bool { line >= .v1_19_0 }
  /// Strict mode's `max_disk_usage_percent` came late in 1.18 and was gone in 1.19.
  var knowsDiskLimit: Bool { line == .v1_18_3 }

  // MARK: Since 1.18

  /// 1.18 quantises by `turbo`, and reads the datatype `turbo4`.
  var knowsTurbo: Bool { line >= .v1_18_3 }
  /// Strict mode's `max_resident_memory_percent` came with 1.18.
  var knowsMemoryLimit: Bool { line >= .v1_18_3 }
  /// 1.18 looks at the names of vectors in a creation; before, any goes that a folder can have.
  var checksVectorNames: Bool { line >= .v1_18_3 }
  /// An empty dense vector is a broken rule since 1.18; before, its size is wrong.
  var refusesEmptyVectors: Bool { line >= .v1_18_3 }

  // MARK: Since 1.17

  /// 1.17 can hold back what is not optimised, `prevent_unoptimized`.
  var knowsPreventUnoptimized: Bool { line >= .v1_17_1 }
  /// `read_fan_out_delay_ms` came with 1.17.
  var knowsFanOutDelay: Bool { line >= .v1_17_1 }
  /// An index can do without graphs of its own since 1.17, `enable_hnsw`.
  var knowsIndexGraphs: Bool { line >= .v1_17_1 }
  /// Strict mode's `search_max_batchsize` came with 1.17.
  var knowsSearchBatchLimit: Bool { line >= .v1_17_1 }
  /// The state of a replica that somebody recovers by hand came with 1.17.
  var knowsManualRecovery: Bool { line >= .v1_17_1 }
  /// Writing new points only, or present ones only, `update_mode`, came with 1.17.
  var knowsUpdateMode: Bool { line >= .v1_17_1 }
  /// Before 1.17 a condition that cannot be read is not told by its part.
  var tellsPartsOfConditions: Bool { line >= .v1_17_1 }
  /// In 1.16 a `timeout` of an update cannot be read as a number of seconds.
  var readsUpdateTimeouts: Bool { line != .v1_16_3 }

  // MARK: Since 1.15 and 1.16

  /// Texts are indexed without accents, `ascii_folding`, since 1.16.
  var knowsFolding: Bool { line >= .v1_16_3 }
  /// An update can have a `timeout` since 1.16.
  var knowsUpdateTimeouts: Bool { line >= .v1_16_3 }
  /// Whether the settings of strict mode are there from the start.
  var startsWithStrictMode: Bool { line < .v1_16_3 }
  /// Points can be copied from key to key since 1.16.
  var knowsReplicatePoints: Bool { line >= .v1_16_3 }
  /// A new key can start in a state, `initial_state`, since 1.16.
  var knowsInitialState: Bool { line >= .v1_16_3 }

  /// A new collection could take over the points of another, `init_from`, until 1.16.
  var knowsInitFrom: Bool { line < .v1_16_3 }
  /// A PATCH of the largest segment is looked at since 1.15.
  var checksSegmentSizeInPatch: Bool { line >= .v1_15_5 }
  /// The server's setting `shard_number` for new collections came with 1.15.
  var readsShardNumberSetting: Bool { line >= .v1_15_5 }
  /// The server's setting `max_collections` came with 1.14.
  var readsCollectionLimit: Bool { line >= .v1_14_1 }
  /// An index of integers must be able to do something since 1.14.
  var checksIntegerIndexes: Bool { line >= .v1_14_1 }
  /// The rules about when the optimiser cleans up came with 1.15.
  var checksVacuum: Bool { line >= .v1_15_5 }
  /// Binary quantisation has encodings since 1.15.
  var knowsBinaryEncodings: Bool { line >= .v1_15_5 }
  /// Texts are indexed by stem, without stopwords and for phrases since 1.15.
  var knowsLanguages: Bool { line >= .v1_15_5 }
  /// Updates can hang on the present points, `update_filter`, since 1.15.
  var knowsUpdateFilter: Bool { line >= .v1_15_5 }
  /// Whether an index by its type's name is the same as one by an object of that name; before 1.15
  /// one replaces the other.
  var equatesIndexForms: Bool { line >= .v1_15_5 }
  /// Which characters a collection's name has is looked at only where one is made, before 1.15.
  var checksCharactersOfNames: Bool { line >= .v1_15_5 }
  /// Collections have `metadata` since 1.15.
  var knowsMetadata: Bool { line >= .v1_15_5 }
  /// Graphs can keep vectors inside, `inline_storage`, since 1.16; 1.15 calls it `copy_vectors`.
  var knowsInlineStorage: Bool { line >= .v1_16_3 }
  var knowsCopyVectors: Bool { line == .v1_15_5 }
  /// Closed logs can be kept, `wal_retain_closed`, since 1.15.
  var knowsRetainedLogs: Bool { line >= .v1_15_5 }
  /// Strict mode's `max_payload_index_count` came with 1.15.
  var knowsIndexLimit: Bool { line >= .v1_15_5 }
  /// A token's rule about payload is refused since 1.16.
  var refusesPayloadRules: Bool { line >= .v1_16_3 }
}
