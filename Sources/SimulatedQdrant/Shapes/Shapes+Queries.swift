import JSON

extension Shapes {
  private static let kinds = [
    "recommend", "discover", "context", "order_by", "fusion", "formula", "sample", "rrf",
    "relevance_feedback",
  ]

  /// What is looked for: a vector or the identifier of a point, or another kind of query as sent.
  private static let query: Shape = Shape.custom { value, decoding throws(WireFailure) in
    let wanted = value["nearest"] ?? value
    if let id = PointID(wanted) { return id.json }
    if wanted.object != nil || wanted.array != nil {
      do throws(WireFailure) { return try decoding.decode(anyVector, wanted) } catch {}
    }
    if kinds.contains(where: { value[$0] != nil }) { return value }
    throw WireFailure("Expected some form of vector, id, or a type of query")
  }

  static let queryRequest = Shape.flattened(
    Structure(
      "QueryRequest",
      [
        .optional("prefetch", .anything), .optional("query", query), .optional("using", .string),
        .optional("filter", filter), .optional("params", .anyObject),
        .optional("score_threshold", .float32),
        .optional("limit", .integer(.usize), [.atLeast(1)]),
        .optional("offset", .integer(.usize)), .optional("lookup_from", .anyObject),
      ] + parts), part: "internal")

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
