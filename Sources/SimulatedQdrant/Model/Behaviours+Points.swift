/// How points are written and kept.
extension Behaviours {
  /// Vectors of the datatype `turbo4` are kept since 1.19; 1.18 only reads the word.
  var keepsTurbo4: Bool { line >= .v1_19_0 }
  /// Whether vectors of a wrong size are refused before an update gets its number; before 1.18 that
  /// shows only when it is done.
  var checksSizesFirst: Bool { line >= .v1_18_3 }
  /// Whether the points before a wrong one stay.
  var keepsPointsBeforeFailure: Bool { line == .v1_17_1 }
}
