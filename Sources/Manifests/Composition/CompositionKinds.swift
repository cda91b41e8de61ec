package import ResourceModel

/// The rows of the kinds that take part in composition only; they never reach a server.
extension LocalKinds {
  /// `kind: Environment`.
  package static let environment = KindSpec(
    kind: .collection,
    rows: [
      composed("variables.*", .any, "A variable: a text, a number or a Boolean."),
      composed("clusters", .any, "The clusters that take part: a name, a list, or labels."),
      composed(
        "overlays", .list(.any),
        "What is laid over the collections, or clusters, that 'match' describes, in this order."),
    ])

  /// `kind: Hierarchy`.
  package static let hierarchy = KindSpec(
    kind: .collection,
    rows: [
      composed(
        "levels", .list(.any),
        "The levels of a path, each with its name, its place and what it may hold.",
        presence: .required),
      composed(
        "names.collection", .text(bytes: 1...4096),
        "How names of collections are made: \"{domain}.{corpus}\"."),
      composed(
        "names.alias", .text(bytes: 1...4096), "How the alias of every collection is named."),
      composed("tree", .any, "The nodes, by the values of the levels that make the name."),
      composed(
        "enforce", .oneOf(Hierarchy.Enforcement.allCases.map(\.rawValue)),
        "Whether live names that fit no level are reported as drift, by default off."),
      composed("moved", .list(.any), "Renames: from the old name of a collection to the new one."),
    ])

  static func composed(
    _ path: FieldPattern, _ type: ValueType, _ summary: String,
    presence: FieldSpec.Presence = .optional, mutability: FieldSpec.Mutability = .local
  ) -> FieldSpec {
    FieldSpec(
      path, type, presence: presence, mutability: mutability, unset: .impossible, wire: nil,
      summary: summary)
  }
}
