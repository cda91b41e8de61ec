/// What differs between server lines, in one table; code asks this instead of comparing versions.
///
/// Each property says what changed and with which line; they stand in extensions by subject, and
/// nothing but them looks at the line.
struct Behaviours: Sendable, Equatable {
  /// Something that a server line has or has not.
  typealias Condition = any KeyPath<Behaviours, Bool> & Sendable

  let line: ServerLine

  var version: String { line.rawValue }

  /// The commit that a server of the line was built from, as `GET /` tells it.
  var commit: String {
    switch line {
    case .v1_13_6: "4db98ecdbf66bedbce268ec26865ea446d0bba7b"
    case .v1_14_1: "530430fac2a3ca872504f276d2c91a5c91f43fa0"
    case .v1_15_5: "48203e414e4e7f639a6d394fb6e4df695f808e51"
    case .v1_16_3: "bd49f45a8a2d4e4774cac50fa29507c4e8375af2"
    case .v1_17_1: "eabee371fda447974a94d29fbaa675a6a596cc7b"
    case .v1_18_3: "db8fa43fcb6aedec1e739487e17a99731b74590a"
    case .v1_19_0: "74f3e85b9473c62560006c043e13737ce6b48412"
    }
  }
}

extension Behaviours {
  /// KB of vectors above which a new collection builds an index; half as many since 1.15.
  var indexingThreshold: Int { line < .v1_15_5 ? 20000 : 10000 }
}
