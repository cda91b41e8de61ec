/// How points are written and kept.
extension Behaviours {
  /// Vectors of the datatype `turbo4` are kept since 1.19; 1.18 only reads the word.
  var keepsTurbo4: Bool { line >= .v1_19_0 }
  /// Whether vectors of a wrong size are refused before an update gets its number; before 1.18 that
  /// shows only when it is done.
  var checksSizesFirst: Bool { line >= .v1_18_3 }
  /// Whether all names of a point's vectors are looked up before their sizes; before 1.18 that
  /// hangs on the order of a table, here as it was recorded.
  var checksNamesBeforeSizes: Bool { line >= .v1_17_1 || line == .v1_14_1 }
  /// Whether a number with an exponent is written with the sign of that.
  var signsExponents: Bool { line >= .v1_17_1 }
  /// Whether the points before a wrong one stay; before 1.18 that hangs on the order of a set, in
  /// which the wrong one came first where it was recorded for 1.13 and 1.16.
  var keepsPointsBeforeFailure: Bool {
    switch line {
    case .v1_14_1, .v1_15_5, .v1_17_1: true
    default: false
    }
  }
  /// How a request is too large for a limited rate; 1.13 stammered.
  var largerThan: String { line < .v1_14_1 ? "larger than than" : "larger than" }
  /// Whether a point that is written without payload loses what it had; not before 1.14.
  var clearsPayload: Bool { line >= .v1_14_1 }
  /// Whether a query for an unknown vector is told which there are, as before 1.16.
  var tellsVectorNames: Bool { line < .v1_16_3 }
  /// The score of points that nothing was asked about.
  var scoreWithoutQuery: Float { line < .v1_16_3 ? 0 : 1 }
  /// The number before that of a collection's first operation, which is 0 before 1.16.
  var operationBeforeFirst: UInt64 { line >= .v1_16_3 ? 0 : .max }
}
