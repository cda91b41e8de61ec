import JSON
import ResourceModel

/// A text index that leaves its tokenizer to the server, or uses one that is not allowed.
struct TextIndexTokenizer: CollectionRule {
  private static let tokenizers = ["prefix", "whitespace", "word", "multilingual"]

  let spec = PolicyRuleSpec(
    "P016", "text-index-tokenizer-stated",
    parameters: [
      PolicyParameter(
        "allowed", .list(.oneOf(tokenizers)), standard: ["word", "multilingual", "whitespace"],
        "The tokenizers that a text index may have.")
    ], hasFix: true,
    "Text indexes say their tokenizer, one of these.",
    """
    The tokenizer decides what a full-text match finds: word splits at everything that is no \
    letter or digit and is what a server takes when nothing is said, multilingual is for \
    languages without spaces, prefix keeps every beginning of every word and is large. Saying \
    word where nothing was said changes nothing on the server (measured), so that is the edit \
    for an index that says none.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    let demand = Demand.oneOf("allowed")
    return collection.indexes(ofType: "text").compactMap { index in
      let field = index.field(FieldPath("tokenizer"))
      if let field, demand.isSatisfied(by: field.value, settings) { return nil }
      let isWordAllowed = field == nil && settings.texts("allowed").contains("word")
      return PolicyViolation(
        index.address, path: FieldPath("tokenizer"), at: field?.provenance ?? index.provenance,
        "expected a tokenizer that is \(demand.words(settings)), found "
          + (field?.value.string ?? "nothing"),
        fix: isWordAllowed
          ? collection.edit(index: index, "tokenizer", "word", instead: field) : nil)
    }
  }
}

/// A text index that tells upper from lower case.
struct TextIndexLowercase: CollectionRule {
  let spec = PolicyRuleSpec(
    "P017", "text-index-lowercase", .warning, hasFix: true,
    "Text indexes do not tell upper from lower case.",
    """
    With lowercase: false a match of 'qdrant' does not find 'Qdrant' at the beginning of a \
    sentence. A server takes true when nothing is said. A change builds the index anew.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    collection.indexes(ofType: "text").compactMap { index in
      guard let field = index.field(FieldPath("lowercase")), field.value == false else {
        return nil
      }
      return PolicyViolation(
        index.address, path: field.path, at: field.provenance,
        "expected lowercase to be true, found false",
        fix: collection.edit(index: index, "lowercase", true, instead: field))
    }
  }
}

/// Large kinds of indexes in memory.
struct PayloadIndexOnDisk: CollectionRule {
  private static let types = [
    "keyword", "integer", "float", "geo", "text", "datetime", "uuid",
  ]

  let spec = PolicyRuleSpec(
    "P018", "payload-index-on-disk", .warning,
    parameters: [
      PolicyParameter(
        "types", .list(.oneOf(types)), standard: ["text", "geo"],
        "The types whose indexes are read from disk.")
    ], hasFix: true,
    "Payload indexes of these types are read from disk.",
    """
    A payload index is held in memory unless it says on_disk: true (or memory: cold from Qdrant \
    1.19 on, which overrides the flag). For rarely used or very large indexes the disk is the \
    better place. A change builds the index anew: 0.2 to 0.8 seconds per 100,000 points were \
    measured, during which single writes to the shard wait.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    settings.texts("types").flatMap { collection.indexes(ofType: $0) }.compactMap { index in
      let field = index.field(FieldPath("on_disk"))
      if let memory = index.field(FieldPath("memory")) {
        guard memory.value != "cold" else { return nil }
        return PolicyViolation(
          index.address, path: memory.path, at: memory.provenance,
          "expected memory to be cold, found \(memory.value.string ?? "?")",
          fix: collection.edit(index: index, "memory", "cold", instead: memory))
      }
      if field?.value == true { return nil }
      return PolicyViolation(
        index.address, path: FieldPath("on_disk"), at: field?.provenance ?? index.provenance,
        "expected on_disk to be true, found \(field?.value.text() ?? "nothing")",
        fix: collection.edit(index: index, "on_disk", true, instead: field))
    }
  }
}

/// A collection that says nothing of its indexes, so that nobody sees those that are added.
struct PayloadIndexesDeclared: CollectionRule {
  let spec = PolicyRuleSpec(
    "P019", "payload-indexes-declared", .warning,
    "Every collection lists its payload indexes, be it none.",
    """
    What a manifest does not mention is not managed: without payload_indexes an index that \
    somebody makes by hand is no drift, and one that somebody drops is not put back. An empty \
    list (payload_indexes: {}) says that there are to be none, and a plan then removes those \
    that are live, which is why no edit is offered.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    guard collection.listedChildren[.index] == nil else { return [] }
    return [
      PolicyViolation(
        collection.address, at: collection.provenance, "expected payload_indexes, found nothing")
    ]
  }
}

extension DesiredResource {
  /// The payload indexes of a type, in the order of their addresses.
  fileprivate func indexes(ofType type: String) -> [DesiredResource] {
    presentChildren(.index).filter { $0.field(FieldPath("type"))?.value.string == type }
  }
}
