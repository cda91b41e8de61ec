import JSON

extension Shapes {
  static let createIndex = Shape.structure(
    Structure(
      "CreateFieldIndex",
      [
        .required("field_name", fieldPath),
        .optional("field_schema", fieldSchema, aliases: ["field_type"]),
      ]))

  /// The path of a payload field, in its canonical text.
  static let fieldPath = Shape.parsed(expecting: "a string") { text in
    guard let path = FieldPath(text) else {
      return .failure(WireFailure("Invalid json path: '\(text)'"))
    }
    return .success(path.text)
  }

  static let fieldTypes = [
    "keyword", "integer", "float", "geo", "text", "bool", "datetime", "uuid",
  ]

  private static let fieldSchema = Shape.untagged(
    Untagged("PayloadFieldSchema", [.choice(Choice(variants: fieldTypes)), fieldParams]))

  /// The object form of an index schema.
  static let fieldParams = Shape.untagged(Untagged("PayloadSchemaParams", parameters))

  private static let parameters: [Shape] = [
    index(
      "keyword",
      [.optional("is_tenant", .boolean), .optional("prefix", .boolean).when(\.knowsPrefixes)]),
    index(
      "integer",
      [
        .optional("lookup", .boolean, form: .nullWhenAbsent),
        .optional("range", .boolean, form: .nullWhenAbsent),
        .optional("is_principal", .boolean, form: .nullWhenAbsent),
      ], rule: oneCapability),
    index("float", [.optional("is_principal", .boolean, form: .nullWhenAbsent)]),
    index("geo", []),
    index("text", textFields),
    index("bool", []),
    index("datetime", [.optional("is_principal", .boolean, form: .nullWhenAbsent)]),
    index("uuid", [.optional("is_tenant", .boolean)]),
  ]

  private static func index(
    _ type: String, _ fields: [Field],
    rule: Structure.Rule? = nil
  ) -> Shape {
    let common: [Field] = [
      .optional("on_disk", .boolean), .optional("memory", memory).when(\.knowsMemory),
      .optional("enable_hnsw", .boolean).when(\.knowsIndexGraphs),
    ]
    return .structure(
      Structure(
        type + "IndexParams", [.required("type", words(type))] + fields + common,
        rule: rule, ruleCondition: \Behaviours.checksIntegerIndexes))
  }

  private static let oneCapability: Structure.Rule = {
    object in
    guard object["lookup"]?.bool == false, object["range"]?.bool == false else { return [] }
    let message =
      "Validation error: the 'lookup' and 'range' capabilities can't be both disabled [{}]"
    return [("lookup", message)]
  }

  private static let textFields: [Field] = [
    .defaulted("tokenizer", words("prefix", "whitespace", "word", "multilingual"), "word"),
    .optional("min_token_len", .integer(.usize)),
    .optional("max_token_len", .integer(.usize)),
    .optional("lowercase", .boolean),
    .optional("ascii_folding", .boolean).when(\.knowsFolding),
    .optional("phrase_matching", .boolean).when(\.knowsLanguages),
    .optional("stopwords", stopwords).when(\.knowsLanguages),
    .optional("stemmer", .depending { $0.knowsNoStemmer ? stemmer : snowball })
      .when(\.knowsLanguages),
  ]

  private static let snowball = Shape.structure(
    Structure(
      "SnowballParams",
      [.required("type", words("snowball")), .required("language", stemmerLanguage)]))

  private static let stemmer = Shape.untagged(
    Untagged(
      "StemmingAlgorithm",
      [snowball, .structure(Structure("NoStemmer", [.required("type", words("none"))]))]))

  private static let stopwords = Shape.untagged(
    Untagged(
      "StopwordsInterface",
      [
        stopwordLanguage,
        .structure(
          Structure(
            "StopwordsSet",
            [
              .optional("languages", .set(stopwordLanguage)),
              .optional("custom", .set(.string)),
            ])),
      ]))

  private static let stopwordLanguage = Shape.choice(
    Choice(
      variants: [
        "arabic", "azerbaijani", "basque", "bengali", "catalan", "chinese", "danish", "dutch",
        "english", "finnish", "french", "german", "greek", "hebrew", "hinglish", "hungarian",
        "indonesian", "italian", "japanese", "kazakh", "nepali", "norwegian", "portuguese",
        "romanian", "russian", "slovene", "spanish", "swedish", "tajik", "turkish",
      ],
      aliases: [
        "ar": "arabic", "az": "azerbaijani", "eu": "basque", "bn": "bengali", "ca": "catalan",
        "zh": "chinese", "da": "danish", "nl": "dutch", "en": "english", "fi": "finnish",
        "fr": "french", "de": "german", "el": "greek", "he": "hebrew", "hi-en": "hinglish",
        "hu": "hungarian", "id": "indonesian", "it": "italian", "jp": "japanese", "kk": "kazakh",
        "ne": "nepali", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
        "sl": "slovene", "es": "spanish", "sv": "swedish", "tg": "tajik", "tr": "turkish",
      ]))

  private static let stemmerLanguage = Shape.choice(
    Choice(
      variants: [
        "arabic", "armenian", "danish", "dutch", "english", "finnish", "french", "german",
        "greek", "hungarian", "italian", "norwegian", "portuguese", "romanian", "russian",
        "spanish", "swedish", "tamil", "turkish",
      ],
      aliases: [
        "ar": "arabic", "hy": "armenian", "da": "danish", "nl": "dutch", "en": "english",
        "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hu": "hungarian",
        "it": "italian", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
        "ru": "russian", "es": "spanish", "sv": "swedish", "ta": "tamil", "tr": "turkish",
      ]))
}
