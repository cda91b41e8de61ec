import JSON

extension Shapes {
  /// An expression that scores points: a number, a name, or an operation over expressions.
  static let expression: Shape = Shape.custom { value, decoding throws(WireFailure) in
    if value.number != nil { return try decoding.decode(.float32, value) }
    if value.string != nil { return value }
    let kind = value.object?.members.first { operations[$0.key] != nil }
    guard let kind, let shape = operations[kind.key] else {
      return try decoding.decode(condition, value)
    }
    return .object([kind.key: try decoding.decode(shape, kind.value)])
  }

  private static let operations: [String: Shape] = [
    "mult": .list(expression), "sum": .list(expression), "neg": expression, "abs": expression,
    "sqrt": expression, "exp": expression, "ln": expression, "log10": expression,
    "div": .structure(
      Structure(
        "DivParams",
        [
          .required("left", expression), .required("right", expression),
          .optional("by_zero_default", .float32),
        ])),
    "pow": .structure(
      Structure("PowParams", [.required("base", expression), .required("exponent", expression)])),
    "lin_decay": decay, "exp_decay": decay, "gauss_decay": decay,
    "geo_distance": .structure(
      Structure(
        "GeoDistanceParams",
        [
          .required(
            "origin",
            .structure(
              Structure("GeoPoint", [.required("lon", .float64), .required("lat", .float64)]))),
          .required("to", fieldPath),
        ])),
    "datetime": .string, "datetime_key": fieldPath,
  ]

  private static let decay: Shape = .structure(
    Structure(
      "DecayParamsExpression",
      [
        .required("x", expression), .optional("target", expression),
        .optional("scale", .float32), .optional("midpoint", .float32),
      ]))
}
