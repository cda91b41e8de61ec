import JSON

extension Shapes {
  /// A vector, the identifier of a point, or what a model would make a vector of.
  private static let vectorInput: Shape = Shape.custom { value, decoding throws(WireFailure) in
    if let id = PointID(value) { return id.json }
    let isInferred = ["text", "image", "object"].contains { value[$0] != nil }
    if isInferred, value["model"]?.string != nil { return value }
    return try decoding.decode(anyVector, value)
  }

  private static func kind(_ name: String, _ fields: [Field]) -> Shape {
    .structure(Structure(name, fields))
  }

  private static let pair: Shape = kind(
    "ContextPair", [.required("positive", vectorInput), .required("negative", vectorInput)])

  /// One or many, or none.
  private static func many(_ shape: Shape) -> Shape {
    Shape.custom { value, decoding throws(WireFailure) in
      if value.isNull { return [] }
      if value.array != nil { return try decoding.decode(.list(shape), value) }
      return .array([try decoding.decode(shape, value)])
    }
  }

  private static let diversity: Shape = kind(
    "Mmr",
    [
      .optional("diversity", .float32, [.float32Range(0, 1)]),
      .optional("candidates_limit", .integer(.usize), [.range(0, 16384)]),
    ])

  private static let recommendation: Shape = kind(
    "RecommendInput",
    [
      .optional("positive", .list(vectorInput)), .optional("negative", .list(vectorInput)),
      .optional("strategy", strategy),
    ])

  private static let strategy = words("average_vector", "best_score", "sum_scores")

  private static let feedback: Shape = kind(
    "RelevanceFeedbackInput",
    [
      .required("target", vectorInput),
      .required(
        "feedback",
        .list(
          kind("FeedbackItem", [.required("example", vectorInput), .required("score", .float32)]))),
      .required(
        "strategy",
        kind(
          "NaiveFeedbackStrategy",
          [
            .required(
              "naive",
              kind(
                "NaiveFeedbackStrategyParams",
                [
                  .required("a", .float32), .required("b", .float32, [.atLeast(0)]),
                  .required("c", .float32),
                ]))
          ])),
    ])

  private static let kinds: Shape = .untagged(
    Untagged(
      "Query",
      [
        kind("NearestQuery", [.required("nearest", vectorInput), .optional("mmr", diversity)]),
        kind("RecommendQuery", [.required("recommend", recommendation)]),
        kind(
          "DiscoverQuery",
          [
            .required(
              "discover",
              kind(
                "DiscoverInput",
                [.required("target", vectorInput), .required("context", many(pair))]))
          ]),
        kind("ContextQuery", [.required("context", many(pair))]),
        kind("OrderByQuery", [.required("order_by", orderBy)]),
        kind("FusionQuery", [.required("fusion", words("rrf", "dbsf"))]),
        kind(
          "RrfQuery",
          [
            .required(
              "rrf",
              kind(
                "Rrf",
                [
                  .optional("k", .integer(.usize), [.atLeast(1)]),
                  .optional("weights", .list(.float32)),
                ]))
          ]),
        kind(
          "FormulaQuery",
          [.required("formula", expression), .optional("defaults", .anyObject)]),
        kind("SampleQuery", [.required("sample", words("random"))]),
        kind("RelevanceFeedbackQuery", [.required("relevance_feedback", feedback)]),
      ]))

  /// What is looked for: a vector or the identifier of a point, or another kind of query.
  private static let query: Shape = Shape.custom { value, decoding throws(WireFailure) in
    for shape in [vectorInput, kinds] {
      var attempt = decoding
      do throws(WireFailure) {
        let decoded = try attempt.decode(shape, value)
        decoding = attempt
        return decoded
      } catch { continue }
    }
    throw WireFailure("Expected some form of vector, id, or a type of query")
  }

  static let searchParams: Shape = kind(
    "SearchParams",
    [
      .optional("hnsw_ef", .integer(.usize)), .optional("exact", .boolean),
      .optional(
        "quantization",
        kind(
          "QuantizationSearchParams",
          [
            .optional("ignore", .boolean), .optional("rescore", .boolean),
            .optional("oversampling", .float64, [.custom(oversamplingComplaint)]),
          ])),
      .optional("indexed_only", .boolean),
      .optional(
        "acorn",
        kind(
          "AcornSearchParams",
          [
            .optional("enable", .boolean),
            .optional("max_selectivity", .float64, [.floatRange(0, 1)]),
          ])),
    ])

  private static let oversamplingComplaint: @Sendable (JSONValue) -> String? = { value in
    guard let amount = value.double, amount < 1 else { return nil }
    return "value \(WireNumber.text(of: amount)) invalid, must be 1.0 or larger"
  }

  static let lookup: Shape = kind(
    "LookupLocation",
    [
      .required("collection", .string), .optional("vector", .string),
      .optional("shard_key", .anything),
    ])

  private static let prefetch: Shape = kind(
    "Prefetch",
    [
      .optional("prefetch", many(nestedPrefetch)), .optional("query", query),
      .optional("using", .string), .optional("filter", filter),
      .optional("params", searchParams), .optional("score_threshold", .float32),
      .optional("limit", .integer(.usize), [.atLeast(1)]), .optional("lookup_from", lookup),
    ])

  private static let nestedPrefetch: Shape = Shape.custom { value, decoding throws(WireFailure) in
    try decoding.decode(prefetch, value)
  }

  private static let sought: [Field] = [
    .optional("prefetch", many(prefetch)), .optional("query", query),
    .optional("using", .string), .optional("filter", filter), .optional("params", searchParams),
    .optional("score_threshold", .float32), .optional("lookup_from", lookup),
  ]

  static let queryRequest = Shape.flattened(
    Structure(
      "QueryRequest",
      sought + [
        .optional("limit", .integer(.usize), [.atLeast(1)]), .optional("offset", .integer(.usize)),
      ] + parts), part: "internal")

  static let queryGroups = Shape.flattened(
    Structure(
      "QueryGroupsRequest",
      sought + [
        .required("group_by", fieldPath),
        .optional("group_size", .integer(.usize), [.atLeast(1)]),
        .optional("limit", .integer(.usize), [.atLeast(1)]),
        .optional("with_lookup", withLookup),
      ] + parts), part: "search_group_request")

  /// Which collection has a point for each group.
  static let withLookup: Shape = Shape.custom { value, decoding throws(WireFailure) in
    if value.string != nil { return ["collection": value] }
    return try decoding.decode(
      kind(
        "WithLookup",
        [
          .required("collection", .string), .optional("with_payload", withPayload),
          .optional("with_vectors", withVector, aliases: ["with_vector"]),
        ]), value)
  }

  /// How a scroll is ordered: the field, the direction and where it starts.
  static let orderBy: Shape = Shape.custom { value, decoding throws(WireFailure) in
    let refusal = WireFailure(
      "Expected a string, or an object with a key, direction and/or start_from")
    do throws(WireFailure) {
      if value.string != nil { return ["key": try decoding.decode(fieldPath, value)] }
      guard value.object != nil else { throw refusal }
      return try decoding.decode(orderObject, value)
    } catch { throw refusal }
  }

  private static let orderObject = Shape.structure(
    Structure(
      "OrderBy",
      [
        .required("key", fieldPath), .optional("direction", words("asc", "desc")),
        .optional("start_from", startFrom),
      ]))

  private static let startFrom: Shape = Shape.custom { value, decoding throws(WireFailure) in
    guard let text = value.string else { return try decoding.decode(.float64, value) }
    guard let moment = Moment.microseconds(text) else { throw WireFailure("no moment") }
    return .number(JSONNumber(text: String(moment)))
  }

  static let facet = Shape.flattened(
    Structure(
      "FacetRequest",
      [
        .required("key", fieldPath), .optional("limit", .integer(.usize), [.atLeast(1)]),
        .optional("filter", filter), .optional("exact", .boolean), key,
      ]), part: "facet_request")
}
