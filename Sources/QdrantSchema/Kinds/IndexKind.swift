import JSON
import ResourceModel

extension QdrantResources {
  /// A payload index: written as a whole, over the old one, which rebuilds it.
  ///
  /// A key that is left out has the server's default. Saying a default or dropping it again is a
  /// change to the server and rebuilds the index, so defaults compare equal and are not sent anew.
  static let indexKind = KindSpec(
    kind: .index, rows: indexRows + textIndexRows + textLanguageRows,
    shortForms: ["stopwords": "languages"])

  private static let indexRows: [FieldSpec] = [
    FieldSpec(
      "type",
      .oneOf(["keyword", "integer", "float", "geo", "text", "bool", "datetime", "uuid"]),
      presence: .required, mutability: .ownEndpoint, effect: .rebuildsIndex,
      wire: .index("type"), block: "", summary: "The type of the values that are indexed."),
    FieldSpec(
      "on_disk", .bool, absentEquals: false, mutability: .ownEndpoint, effect: .rebuildsIndex,
      unset: .removes(.null), wire: .index("on_disk"), block: "",
      deprecated: FieldSpec.useMemory,
      summary: "Whether the index is read from disk instead of being held in memory."),
    FieldSpec(
      "memory", Memory.any, mutability: .ownEndpoint, effect: .rebuildsIndex,
      unset: .removes(.null), wire: .index("memory"), block: "", since: ServerVersion(1, 19),
      summary: "Where the index is held: read from disk, cached, or pinned in memory."),
    FieldSpec(
      "enable_hnsw", .bool, absentEquals: true, mutability: .ownEndpoint, effect: .newDataOnly,
      unset: .removes(.null), wire: .index("enable_hnsw"), block: "",
      since: ServerVersion(1, 17),
      summary: "Whether vector graphs get extra edges for this field."),
    FieldSpec(
      "is_tenant", .bool, absentEquals: false, mutability: .ownEndpoint, effect: .newDataOnly,
      unset: .removes(.null), wire: .index("is_tenant"), block: "",
      appliesTo: ["keyword", "uuid"],
      summary: "Whether data is laid out by this field, because it names the tenant."),
    FieldSpec(
      "is_principal", .bool, absentEquals: false, mutability: .ownEndpoint, effect: .newDataOnly,
      unset: .removes(.null), wire: .index("is_principal"), block: "",
      appliesTo: ["integer", "float", "datetime"],
      summary: "Whether data is laid out by this field, because most requests filter by it."),
    FieldSpec(
      "lookup", .bool, absentEquals: true, mutability: .ownEndpoint, effect: .rebuildsIndex,
      unset: .removes(.null), wire: .index("lookup"), block: "", appliesTo: ["integer"],
      summary: "Whether the index answers matches of single values."),
    FieldSpec(
      "range", .bool, absentEquals: true, mutability: .ownEndpoint, effect: .rebuildsIndex,
      unset: .removes(.null), wire: .index("range"), block: "", appliesTo: ["integer"],
      summary: "Whether the index answers ranges."),
    FieldSpec(
      "prefix", .bool, absentEquals: false, mutability: .ownEndpoint, effect: .rebuildsIndex,
      unset: .removes(.null), wire: .index("prefix"), block: "", since: ServerVersion(1, 19),
      appliesTo: ["keyword"], summary: "Whether the index answers matches of prefixes."),
  ]

  private static let textIndexRows: [FieldSpec] = [
    FieldSpec(
      "tokenizer", .oneOf(["prefix", "whitespace", "word", "multilingual"]),
      absentEquals: "word", mutability: .ownEndpoint, effect: .rebuildsIndex,
      unset: .removes(.null), wire: .index("tokenizer"), block: "", appliesTo: ["text"],
      summary: "How text is split into words."),
    FieldSpec(
      "min_token_len", .anyInteger, mutability: .ownEndpoint, effect: .rebuildsIndex,
      unset: .removes(.null), wire: .index("min_token_len"), block: "", appliesTo: ["text"],
      summary: "The number of characters below which a word is not indexed."),
    FieldSpec(
      "max_token_len", .anyInteger, mutability: .ownEndpoint, effect: .rebuildsIndex,
      unset: .removes(.null), wire: .index("max_token_len"), block: "", appliesTo: ["text"],
      summary: "The number of characters above which a word is not indexed."),
    FieldSpec(
      "lowercase", .bool, absentEquals: true, mutability: .ownEndpoint, effect: .rebuildsIndex,
      unset: .removes(.null), wire: .index("lowercase"), block: "", appliesTo: ["text"],
      summary: "Whether upper and lower case are the same."),
    FieldSpec(
      "ascii_folding", .bool, absentEquals: false, mutability: .ownEndpoint,
      effect: .rebuildsIndex, unset: .removes(.null), wire: .index("ascii_folding"), block: "",
      since: ServerVersion(1, 16), appliesTo: ["text"],
      summary: "Whether letters with and without accents are the same."),
    FieldSpec(
      "phrase_matching", .bool, absentEquals: false, mutability: .ownEndpoint,
      effect: .rebuildsIndex, unset: .removes(.null), wire: .index("phrase_matching"), block: "",
      since: ServerVersion(1, 15), appliesTo: ["text"],
      summary: "Whether the index answers matches of phrases."),
  ]

  private static let textLanguageRows: [FieldSpec] = [
    FieldSpec(
      "stopwords.languages",
      .list(.oneOf(Languages.stopwords, synonyms: Languages.stopwordCodes)),
      absentEquals: [], mutability: .ownEndpoint, effect: .rebuildsIndex,
      unset: .removes(.null), comparison: .set, wire: .index("stopwords.languages"), block: "",
      since: ServerVersion(1, 15), appliesTo: ["text"],
      summary: "Languages whose most frequent words are not indexed."),
    FieldSpec(
      "stopwords.custom", .list(.text(bytes: 0...Int.max)), absentEquals: [],
      mutability: .ownEndpoint, effect: .rebuildsIndex, unset: .removes(.null),
      comparison: .set, wire: .index("stopwords.custom"), block: "",
      since: ServerVersion(1, 15), appliesTo: ["text"],
      summary: "Words of your own that are not indexed."),
    FieldSpec(
      "stemmer.type", .oneOf(["snowball", "none"]), presence: .required, absentEquals: "none",
      mutability: .ownEndpoint, effect: .rebuildsIndex, unset: .removes(.null),
      wire: .index("stemmer.type"), block: "", since: ServerVersion(1, 15),
      valuesSince: ["none": ServerVersion(1, 19)], appliesTo: ["text"],
      summary: "The algorithm that reduces words to their stems."),
    FieldSpec(
      "stemmer.language", .oneOf(Languages.stemmer, synonyms: Languages.stemmerCodes),
      mutability: .ownEndpoint, effect: .rebuildsIndex, unset: .removes(.null),
      wire: .index("stemmer.language"), block: "", since: ServerVersion(1, 15),
      appliesTo: ["text"],
      summary: "The language whose words are reduced to their stems."),
  ]
}

extension FieldSpec.Wire {
  /// A key of the schema: below the field's entry when read, below `field_schema` when written.
  fileprivate static func index(_ path: FieldPattern) -> FieldSpec.Wire {
    FieldSpec.Wire(read: path, create: path, update: nil)
  }
}
