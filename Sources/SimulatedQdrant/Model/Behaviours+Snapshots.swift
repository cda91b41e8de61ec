/// How snapshots are taken over, and what is said when they are not.
extension Behaviours {
  /// What is said of a file that is no snapshot.
  func malformedArchive(at path: String) -> String {
    if line < .v1_15_5 { return "Failed to open snapshot archive, malformed format" }
    return line >= .v1_17_1
      ? "File IO error: Malformed tar archive, reached unknown entry"
      : "failed to read snapshot archive " + path
  }
  /// Since 1.17 snapshots are taken from the folder for them only.
  var confinesSnapshots: Bool { line >= .v1_17_1 }
  /// Whether names are looked at before snapshots are listed or made.
  var checksNamesForSnapshots: Bool { line >= .v1_17_1 }
  /// What the first part of an address is called.
  var schemeWord: String { line >= .v1_17_1 ? "scheme" : "schema" }
  /// What is fetched from an address, as failures call it.
  var fetchedThing: String { line >= .v1_17_1 ? "tar" : "snapshot" }
  /// Whether what comes from an address is unpacked while it arrives, which fails on its own.
  var unpacksOnArrival: Bool { line >= .v1_17_1 }
  /// Before 1.18 a snapshot without the sparse vectors of the collection cannot be taken over, and
  /// the collection is lost in the attempt.
  var needsSparseVectorsOfSnapshot: Bool { line < .v1_18_3 }
  /// Whether a shard that could not be restored still counts as one.
  var countsFailedShards: Bool { line >= .v1_14_1 }
  /// Whether an upload that is not allowed is refused in plain text, as downloads always are.
  var refusesUploadsPlainly: Bool { line >= .v1_18_3 }
  /// Fetching snapshots from an address can be switched off since 1.18.
  var hasURLRecoverySwitch: Bool { line >= .v1_18_3 }
  /// What is said of an upload that is no form; another library reads forms since 1.19.
  var noFormText: String {
    line < .v1_19_0
      ? "ContentTypeIncompatible"
      : "Parsed Content-Type did not have 'multipart' top-level media type"
  }
}
