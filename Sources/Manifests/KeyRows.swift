package import ResourceModel

/// Keys that decoders read by themselves, in the form of rows: for the reference and `explain`.
///
/// No walk uses them; that each is a key that is really read is for tests to show.
extension LocalKinds {
  /// Beside the fields of a collection.
  package static let collectionKeys: [FieldSpec] = [
    name("The name on the server, of 1 to 255 bytes.", .replace),
    composed(
      "cluster", .any,
      "Where it lives: a cluster's name, a list of names, or {labels: {env: prod}}; needed when "
        + "several clusters are declared.", mutability: .replace),
    classes,
    composed("labels.*", label, "A label that overlays match."),
    composed(
      "vectors", .any,
      "The unnamed vector, {size: 768, distance: Cosine}, or a mapping of named ones; absent in "
        + "the place of a named one drops it, and one that is not mentioned stays.",
      mutability: .ownEndpoint),
    composed(
      "sparse_vectors", .any, "The sparse vectors by their names, {} for one as it is.",
      mutability: .ownEndpoint),
    composed(
      "payload_indexes", .any,
      "The payload indexes by their fields: a type, or a mapping of options. Those beyond the list "
        + "are removed, unless lifecycle.unlisted is keep.", mutability: .ownEndpoint),
    composed(
      "aliases", .any,
      "The aliases: a list of names. Those beyond the list are removed, unless "
        + "lifecycle.unlisted is keep.", mutability: .ownEndpoint),
    composed(
      "shard_keys", .any,
      "The shard keys, with sharding_method custom: a list of keys. Those beyond it stay.",
      mutability: .ownEndpoint),
    composed("lifecycle", .any, "How the collection comes, changes and goes."),
    composed(
      "generations", .bool,
      "Physical collections behind an alias; true is refused: not built yet."),
  ]

  /// One of a collection's `aliases`; a text is short for its name.
  package static let aliasKeys: [FieldSpec] = [
    name("The name of the alias.", .ownEndpoint),
    state("Whether it is to be there; absent removes it by name."),
  ]

  /// One of a collection's `shard_keys`, beside its fields; a text or integer is short for its key.
  package static let shardKeyKeys: [FieldSpec] = [
    composed(
      "key", .textOrInteger, "The key, where \"1\" and 1 are two keys.", presence: .required,
      mutability: .ownEndpoint),
    state("Whether it is to be there; absent removes it with its points."),
  ]

  /// `kind: Class`.
  package static let classKeys: [FieldSpec] = [
    name("The name that collections, hierarchies and classes ask for it by."),
    classes,
    composed(
      "fields of a Collection", .any,
      "All of them may be said here, and none must be; what builds on the class goes over them, "
        + "mappings key by key and lists as a whole."),
  ]

  /// The key that `Cluster`, `Workspace`, `Environment`, `Hierarchy` and `Policy` have in common.
  package static func named(_ what: String) -> FieldSpec {
    name("The name of the \(what).")
  }

  /// The classes that the collections of a hierarchy build on.
  package static let hierarchyKeys: [FieldSpec] = [named("hierarchy"), classes]

  /// One of a hierarchy's `levels`.
  package static let levelKeys: [FieldSpec] = [
    name("The name of the level, as templates and paths have it."),
    composed(
      "place", .oneOf(["cluster", "name", "payload", "shard_key"]),
      "What a value of the level chooses: a cluster, a part of the collection's name, a value of a "
        + "payload field, or a shard key.", presence: .required),
    composed("values", .list(.any), "The values that it takes."),
    composed("pattern", label, "What its values look like, in the place of values."),
    composed("field", label, "The payload field of a level that is placed by payload."),
    composed(
      "clusters.*", .any, "The clusters of a value: a name, a list, or labels."),
  ]

  /// One of a hierarchy's `moved`.
  package static let moveKeys: [FieldSpec] = [
    composed("from", label, "The name that the collection had.", presence: .required),
    composed("to", label, "The name that it has now.", presence: .required),
  ]

  /// One of an environment's `overlays`.
  package static let overlayKeys: [FieldSpec] = [
    composed(
      "match.kind", .oneOf(Overlay.Kind.allCases.map(\.rawValue)),
      "What it is laid over, by default collections."),
    composed("match.name", label, "The names that match, with * for any text."),
    composed(
      "match.labels.*", label, "A label that must be there, of it or of the cluster it is on."),
    composed("set", .any, "What is laid over: fields of that kind.", presence: .required),
  ]

  /// One of a policy's `waivers`.
  package static let waiverKeys: [FieldSpec] = [
    composed("rule", label, "The rule that is not to hold.", presence: .required),
    composed("address", label, "For which resources, with * for any text.", presence: .required),
    composed("until", label, "The last day, such as 2027-01-31.", presence: .required),
    composed("owner", label, "Who answers for the exception.", presence: .required),
  ]

  private static let label = ValueType.text(bytes: 1...4096)

  private static let classes = composed(
    "class", .any, "The classes that it builds on: a name, or a list, the later over the earlier.")

  private static func name(
    _ summary: String, _ mutability: FieldSpec.Mutability = .local
  ) -> FieldSpec {
    composed("name", label, summary, presence: .required, mutability: mutability)
  }

  private static func state(_ summary: String) -> FieldSpec {
    composed("state", .oneOf(["present", "absent"]), summary, mutability: .ownEndpoint)
  }
}
