import JSON
import ResourceModel

/// What things may be called.
enum NameRules {
  static let all: [any PolicyRule] = [
    NamePattern(
      kind: .collection,
      PolicyRuleSpec(
        "P061", "collection-name-pattern", parameters: [pattern],
        "Names of collections match a pattern.",
        """
        A server takes nearly any name: blanks, tabs, emoji, both writings of an accented letter \
        as two names. Names stand in addresses, metrics and file paths, and a collection cannot \
        be renamed. The pattern is a regular expression that the whole name has to match.
        """)),
    NameLength(),
    NamePrefix(),
    NamePattern(
      kind: .alias,
      PolicyRuleSpec(
        "P064", "alias-name-pattern", parameters: [pattern],
        "Aliases match a pattern.",
        """
        Applications know a collection by its alias, which a server takes in any length and \
        writing. The pattern is a regular expression that the whole name has to match.
        """)),
    NamePattern(
      kind: .vector,
      PolicyRuleSpec(
        "P065", "vector-name-pattern", parameters: [pattern],
        "Names of vectors, dense and sparse, match a pattern.",
        """
        The name of a vector stands in every request that uses it, and changing it takes a new \
        vector and all points written again. The unnamed vector is left to the rule \
        named-vectors-only. The pattern is a regular expression that the whole name has to \
        match.
        """)),
  ]

  private static let pattern = PolicyParameter(
    "pattern", .text(bytes: 1...1000), isPattern: true,
    "A regular expression for the whole name.")
}

/// A name that a regular expression does not match.
struct NamePattern: CollectionRule {
  /// Whose names: of collections, aliases or vectors.
  let kind: ResourceKind
  let spec: PolicyRuleSpec

  init(kind: ResourceKind, _ spec: PolicyRuleSpec) {
    self.kind = kind
    self.spec = spec
  }

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    let pattern = settings.text("pattern")
    // The decoder has refused what is no regular expression.
    guard let regex = try? Regex(pattern).matchingSemantics(.unicodeScalar) else { return [] }
    func violation(_ name: ExactString, _ violation: (String) -> PolicyViolation)
      -> PolicyViolation?
    {
      if name.string.wholeMatch(of: regex) != nil { return nil }
      return violation("expected a name that matches \(pattern), found '\(name)'")
    }
    switch kind {
    case .alias:
      return collection.presentChildren(.alias).compactMap { alias in
        violation(alias.address.name) { PolicyViolation(alias.address, at: alias.provenance, $0) }
      }
    case .vector:
      let vectors = collection.present(.vector) + collection.present(.sparseVector)
      return vectors.filter { !$0.name.string.isEmpty }.compactMap { vector in
        violation(vector.name) {
          PolicyViolation(vector.address(in: collection.address), at: vector.provenance, $0)
        }
      }
    default:
      return [
        violation(collection.address.collection) {
          PolicyViolation(collection.address, at: collection.provenance, $0)
        }
      ].compactMap { $0 }
    }
  }
}

/// A name with more bytes than a policy allows.
struct NameLength: CollectionRule {
  let spec = PolicyRuleSpec(
    "P062", "collection-name-length-at-most",
    parameters: [
      PolicyParameter("max", .integer(1...255), standard: 200, "The most bytes of UTF-8.")
    ],
    "Names of collections have at most so many bytes.",
    """
    A letter takes up to four bytes. Snapshots of collections with names from somewhere below \
    215 bytes up fail (measured), because the name of a temporary folder becomes too long; names \
    over 255 bytes, which are an error whatever a policy says, stop a whole cluster.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    let count = collection.address.collection.string.utf8.count
    guard count > settings.integer("max") else { return [] }
    return [
      PolicyViolation(
        collection.address, at: collection.provenance,
        "expected a name of at most \(settings.integer("max")) bytes, found \(count)")
    ]
  }
}

/// A name without the prefix of its team.
struct NamePrefix: CollectionRule {
  let spec = PolicyRuleSpec(
    "P063", "collection-name-prefix",
    parameters: [
      PolicyParameter(
        "prefixes", .list(.text(bytes: 1...200)), "What a name may begin with, one of them.")
    ],
    "Names of collections begin with one of these prefixes.",
    """
    Qdrant has no databases and no schemas: all collections of a cluster stand in one list, and \
    a token is given for collections by their names. A prefix for each team or domain is what \
    keeps them apart, and it cannot be put there later.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    let prefixes = settings.texts("prefixes")
    let name = collection.address.collection.string
    if prefixes.contains(where: { name.utf8.starts(with: $0.utf8) }) { return [] }
    return [
      PolicyViolation(
        collection.address, at: collection.provenance,
        "expected a name that begins with \(prefixes.joined(separator: " or ")), found '\(name)'")
    ]
  }
}
