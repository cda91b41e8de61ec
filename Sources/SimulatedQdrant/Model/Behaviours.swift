/// What differs between server lines, in one table; code asks this instead of comparing versions.
struct Behaviours: Sendable {
  var version: String
  var commit: String
  /// KB of vectors above which a new collection builds an index.
  var indexingThreshold: Int

  static func of(_ line: ServerLine) -> Behaviours {
    Behaviours(
      version: line.rawValue, commit: "db8fa43fcb6aedec1e739487e17a99731b74590a",
      indexingThreshold: 10000)
  }
}
