import JSON

extension Shapes {
  /// A vector alone, or with the name of those that it is compared with.
  private static let soughtVector: Shape = .untagged(
    Untagged(
      "NamedVectorStruct",
      [
        .list(.float32),
        .structure(
          Structure("NamedVector", [.required("name", .string), .required("vector", anyVector)])),
      ]))

  /// The identifier of a point, or a vector.
  private static let example: Shape = .untagged(
    Untagged("RecommendExample", [pointID, anyVector]))

  private static let pair: Shape = .structure(
    Structure(
      "ContextExamplePair",
      [.required("positive", example), .required("negative", example)]))

  private static let wanted: [Field] = [
    .required("vector", soughtVector), .optional("filter", filter),
    .optional("params", searchParams), .optional("score_threshold", .float32),
  ]

  private static let recommended: [Field] = [
    .defaulted("positive", .list(example), []), .defaulted("negative", .list(example), []),
    .optional("strategy", words("average_vector", "best_score", "sum_scores")),
    .optional("filter", filter), .optional("params", searchParams),
    .optional("score_threshold", .float32), .optional("using", .string),
    .optional("lookup_from", lookup),
  ]

  private static let page: [Field] = [
    Field(
      name: "limit", aliases: ["top"], shape: .integer(.usize), absence: .required,
      checks: [.atLeast(1)], form: .plain), .optional("offset", .integer(.usize)),
  ]

  private static let grouped: [Field] = [
    .required("group_by", fieldPath), .required("group_size", .integer(.u32), [.atLeast(1)]),
    .required("limit", .integer(.u32), [.atLeast(1)]), .optional("with_lookup", withLookup),
  ]

  static let search = Shape.flattened(
    Structure("SearchRequest", wanted + page + parts), part: "search_request")
  static let searchGroups = Shape.flattened(
    Structure("SearchGroupsRequest", wanted + grouped + parts), part: "search_group_request")
  static let recommend = Shape.flattened(
    Structure("RecommendRequest", recommended + page + parts), part: "recommend_request")
  static let recommendGroups = Shape.flattened(
    Structure("RecommendGroupsRequest", recommended + grouped + parts),
    part: "recommend_group_request")
  static let discover = Shape.flattened(
    Structure(
      "DiscoverRequest",
      [
        .optional("target", example), .optional("context", .list(pair)),
        .optional("filter", filter), .optional("params", searchParams),
        .optional("using", .string), .optional("lookup_from", lookup),
      ] + page + parts), part: "discover_request")

  /// Points that are compared with each other.
  static let searchMatrix = Shape.flattened(
    Structure(
      "SearchMatrixRequest",
      [
        .optional("filter", filter), .optional("sample", .integer(.usize), [.atLeast(2)]),
        .optional("limit", .integer(.usize), [.atLeast(1)]), .optional("using", .string), key,
      ]), part: "search_request")
}
