/// Which keys and words a request may use.
extension Behaviours {
  /// 1.19 places vectors, graphs, payload and indexes by `memory` (`cold`, `cached`, `pinned`).
  var knowsMemory: Bool { line >= .v1_19_0 }
  /// 1.19 indexes keywords by `prefix`, too.
  var knowsPrefixes: Bool { line >= .v1_19_0 }
  /// 1.19 can be told to stem no words.
  var knowsNoStemmer: Bool { line >= .v1_19_0 }
  /// 1.18 quantises by `turbo`, and reads the datatype `turbo4`.
  var knowsTurbo: Bool { line >= .v1_18_3 }
  /// Strict mode's `max_resident_memory_percent` came with 1.18.
  var knowsMemoryLimit: Bool { line >= .v1_18_3 }
  /// 1.18 looks at the names of vectors in a creation; before, any goes that a folder can have.
  var checksVectorNames: Bool { line >= .v1_18_3 }
  /// An empty dense vector is a broken rule since 1.18; before, its size is wrong.
  var refusesEmptyVectors: Bool { line >= .v1_18_3 }
  /// Strict mode's `max_disk_usage_percent` came late in 1.18 and was gone in 1.19.
  var knowsDiskLimit: Bool { line == .v1_18_3 }
}
