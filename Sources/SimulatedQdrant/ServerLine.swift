/// A minor release of Qdrant whose behaviour can be asked for.
package enum ServerLine: String, CaseIterable, Sendable {
  case v1_13_6 = "1.13.6"
  case v1_14_1 = "1.14.1"
  case v1_15_5 = "1.15.5"
  case v1_16_3 = "1.16.3"
  case v1_17_1 = "1.17.1"
  case v1_18_3 = "1.18.3"
  case v1_19_0 = "1.19.0"
}

extension ServerLine: Comparable {
  package static func < (left: ServerLine, right: ServerLine) -> Bool {
    left.place < right.place
  }

  /// Its place among the lines, which are declared from the oldest on.
  private var place: Int { ServerLine.allCases.firstIndex(of: self) ?? 0 }
}
