import Diagnostics
import JSON

/// How names are made of the values of levels: `{domain}.{corpus}`.
struct NameTemplate: Sendable {
  enum Part: Sendable, Equatable {
    case literal(String)
    /// A level, by its place in the list.
    case level(Int)
  }

  var parts: [Part]
  var span: SourceSpan

  /// The name, where each level has a value.
  func name(_ values: [Int: String]) -> String {
    parts.map { part in
      switch part {
      case .literal(let text): text
      case .level(let index): values[index] ?? ""
      }
    }.joined()
  }

  /// Why a text is no template.
  enum Malformed: Error {
    /// A brace is not closed, or closes nothing.
    case brace
    /// No level has that name.
    case unknown(String)
  }

  init(_ text: String, levels: [HierarchyLevel], span: SourceSpan) throws(Malformed) {
    self.span = span
    parts = []
    var literal = ""
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "{" else {
        if scalar == "}" { throw .brace }
        literal.unicodeScalars.append(scalar)
        continue
      }
      guard let end = rest.firstIndex(of: "}") else { throw .brace }
      let name = String(String.UnicodeScalarView(rest[..<end]))
      guard let index = levels.firstIndex(where: { $0.name == name }) else { throw .unknown(name) }
      if !literal.isEmpty { parts.append(.literal(literal)) }
      literal = ""
      parts.append(.level(index))
      rest = rest[rest.index(after: end)...]
    }
    if !literal.isEmpty { parts.append(.literal(literal)) }
  }
}

/// One level of a hierarchy.
struct HierarchyLevel: Sendable {
  /// How it is placed: in exactly one way.
  enum Place: String, CaseIterable, Sendable {
    case cluster, name, payload
    case shardKey = "shard_key"
  }

  var name: String
  var span: SourceSpan
  var place: Place
  /// What it may hold, as written; nil when a pattern says so, or nothing does.
  var values: [LevelValue]? { didSet { known = Set((values ?? []).map { ExactString($0.text) }) } }
  private var known: Set<ExactString> = []
  var pattern: NamePattern?
  var patternSpan: SourceSpan?
  var patternText = ""
  /// The payload field.
  var field: String?
  var fieldSpan: SourceSpan?
  /// The clusters that values stand for; a value that is not here stands for its namesake.
  var clusters: [String: ClusterSelection] = [:]

  init(name: String, span: SourceSpan, place: Place) {
    self.name = name
    self.span = span
    self.place = place
  }

  /// Whether it may hold a text.
  func accepts(_ text: String) -> Bool {
    if values != nil { return known.contains(ExactString(text)) }
    return !text.isEmpty && (pattern?.matches(text) ?? true)
  }

  /// Whether a character may stand in what it holds.
  func mayHold(_ scalar: Unicode.Scalar) -> Bool {
    if let values { return values.contains { $0.text.unicodeScalars.contains(scalar) } }
    return pattern?.mayHold(scalar) ?? true
  }
}

/// A value of a level.
struct LevelValue: Sendable {
  var text: String
  var value: ManifestValue
}
