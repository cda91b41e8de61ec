/// Which kinds of queries are known, by the descriptions of the interface that came with a line.
extension Behaviours {
  /// Recommendations by the sum of scores.
  var knowsSumOfScores: Bool { line >= .v1_14_1 }
  /// Fusion by rank with a constant of its own.
  var knowsRankFusionConstant: Bool { line >= .v1_15_5 }
  /// Fusion by rank with weights; they are passed over before.
  var weighsRanks: Bool { line >= .v1_17_1 }
  /// Results that are unlike each other (MMR); it is passed over before.
  var knowsDiversity: Bool { line >= .v1_15_5 }
  /// Whether vectors of halves are multiplied in halves, so that what is beyond them is no number.
  var multipliesInHalves: Bool { line < .v1_19_0 }
  /// Relevance feedback.
  var knowsFeedback: Bool { line >= .v1_17_1 }
}
