import JSON

extension Shapes {
  private static let clauses = ["should", "min_should", "must", "must_not"]

  /// A filter; conditions stand in lists even where one was sent alone.
  static let filter: Shape = Shape.custom { value, decoding throws(WireFailure) in
    if let elements = value.array, elements.count < 4 {
      throw WireFailure("invalid length 1, expected struct Filter with 4 elements")
    }
    guard let object = value.object else {
      throw decoding.mismatch(value, expecting: "struct Filter")
    }
    let names = clauses.map { "`\($0)`" }.joined(separator: ", ")
    var decoded = JSONObject()
    for member in object.members {
      guard clauses.contains(member.key) else {
        throw WireFailure("unknown field `\(member.key)`, expected one of \(names)")
      }
      if member.value.isNull { continue }
      let shape = member.key == "min_should" ? minShould : conditions
      decoded[member.key] = try decoding.decode(shape, member.value, at: member.key)
    }
    return .object(decoded)
  }

  private static let minShould: Shape = Shape.structure(
    Structure(
      "MinShould",
      [.required("conditions", .list(condition)), .required("min_count", .integer(.usize))]))

  private static let conditions: Shape = Shape.custom { value, decoding throws(WireFailure) in
    switch value {
    case .array: return try decoding.decode(.list(condition), value)
    case .object: return try decoding.decode(.list(condition), .array([value]))
    default: throw decoding.mismatch(value, expecting: "null, array or map")
    }
  }

  private static let keyed: Shape = Shape.structure(Structure("Key", [.required("key", fieldPath)]))

  private static let noCondition = WireFailure(
    "Expected some form of condition, which can be a field condition (like {\"key\": ..., "
      + "\"match\": ... }), or some other mentioned in the documentation: "
      + "https://qdrant.tech/documentation/concepts/filtering/#filtering-conditions")

  static let condition: Shape = Shape.custom { value, decoding throws(WireFailure) in
    let shapes: [(String, Shape)] = [
      ("key", field),
      ("is_empty", .structure(Structure("IsEmpty", [.required("is_empty", keyed)]))),
      ("is_null", .structure(Structure("IsNull", [.required("is_null", keyed)]))),
      ("has_id", .structure(Structure("HasId", [.required("has_id", .list(pointID))]))),
      ("has_vector", .structure(Structure("HasVector", [.required("has_vector", .string)]))),
      ("nested", .structure(Structure("Nested", [.required("nested", nested)]))),
    ]
    let shape = shapes.first { value[$0.0] != nil }?.1 ?? filter
    do throws(WireFailure) { return try decoding.decode(shape, value) } catch {
      throw decoding.behaviours.tellsPartsOfConditions ? error : noCondition
    }
  }

  private static let nested: Shape = Shape.structure(
    Structure("NestedCondition", [.required("key", fieldPath), .required("filter", filter)]))

  private static let field: Shape = Shape.structure(
    Structure(
      "FieldCondition",
      [
        .required("key", fieldPath), .optional("match", match), .optional("range", range),
        .optional("geo_bounding_box", .anyObject), .optional("geo_radius", .anyObject),
        .optional("geo_polygon", .anyObject), .optional("values_count", .anyObject),
        .optional("is_empty", .boolean), .optional("is_null", .boolean),
      ]
    ) { object in
      guard object.count == 1 else { return [] }
      let message = "Validation error: At least one field condition must be specified [{}]"
      return [("__all__", message)]
    })

  private static func one(_ name: String, _ shape: Shape) -> Shape {
    .structure(Structure(name, [.required(name, shape)]))
  }

  private static let scalar: Shape = Shape.untagged(
    Untagged("ValueVariants", [.string, .integer(.i64), .boolean]))

  private static let scalars: Shape = Shape.untagged(
    Untagged("AnyVariants", [.list(.string), .list(.integer(.i64))]))

  private static let match: Shape = Shape.untagged(
    Untagged(
      "MatchInterface",
      [
        one("value", scalar), one("text", .string), one("text_any", .string),
        one("phrase", .string), one("any", scalars), one("except", scalars),
      ]))

  private static let bounds = ["lt", "gt", "gte", "lte"]

  /// Bounds of numbers, or of moments, which are turned into microseconds.
  private static let range: Shape = Shape.custom { value, decoding throws(WireFailure) in
    guard let object = value.object else {
      throw decoding.mismatch(value, expecting: "struct Range")
    }
    var decoded = JSONObject()
    for member in object.members where bounds.contains(member.key) && !member.value.isNull {
      if let text = member.value.string {
        guard let moment = Moment.microseconds(text) else {
          throw WireFailure(
            "'\(text)' does not match accepted datetime format (RFC3339). "
              + "Example: 2014-01-01T00:00:00Z")
        }
        decoded[member.key] = .string(String(moment))
      } else {
        decoded[member.key] = try decoding.decode(.float64, member.value)
      }
    }
    return .object(decoded)
  }
}
