import JSON

extension Shapes {
  /// Which points are meant: a list of identifiers, or a filter.
  static let pointsSelector = Shape.untagged(
    Untagged(
      "PointsSelector",
      [
        .structure(Structure("PointIdsList", [.required("points", .list(pointID))])),
        .structure(Structure("FilterSelector", [.required("filter", .anyObject)])),
      ]))

  /// A number or a UUID.
  static let pointID = Shape.custom { value, _ throws(WireFailure) in
    guard let id = PointID(value) else {
      throw WireFailure(
        "value \(value.text()) is not a valid point ID, "
          + "valid values are either an unsigned integer or a UUID")
    }
    return id.json
  }

  static let count = Shape.structure(
    Structure(
      "CountRequest",
      [
        .optional("filter", .anyObject),
        .defaulted("exact", .boolean, true), .optional("shard_key", .anything),
      ]))

  static let scroll = Shape.structure(
    Structure(
      "ScrollRequest",
      [
        .optional("offset", pointID),
        .optional("limit", .integer(.usize), [.atLeast(1)]),
        .optional("filter", .anyObject),
        .optional("with_payload", .anything),
        .optional("with_vector", .anything, aliases: ["with_vectors"]),
        .optional("order_by", .anything), .optional("shard_key", .anything),
      ]))
}
