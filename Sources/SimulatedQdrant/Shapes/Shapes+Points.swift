import JSON

extension Shapes {
  /// A point's identifier in its canonical form.
  static let pointID: Shape = Shape.custom { value, _ throws(WireFailure) in
    if let id = PointID(value) { return id.json }
    let shown =
      switch value {
      case .null: "Unit"
      case .bool(let value): String(value)
      case .string(let text): text
      case .number(let number): RustText.display(number)
      case .array: "Seq"
      case .object: "Map"
      }
    throw WireFailure(
      "value \(shown) is not a valid point ID, "
        + "valid values are either an unsigned integer or a UUID")
  }

  /// Whether a value is a list of numbers only, which need not be looked at one by one.
  private static func isPlain(_ value: JSONValue) -> Bool {
    guard let elements = value.array, !elements.isEmpty else { return false }
    return elements.allSatisfy { $0.number != nil }
  }

  private static let dense: Shape = Shape.custom { value, decoding throws(WireFailure) in
    if isPlain(value) { return value }
    let vector = try decoding.decode(.list(.float32), value)
    if vector.array?.isEmpty == true, decoding.behaviours.refusesEmptyVectors {
      decoding.log.violations.append(
        Violation(
          path: decoding.log.path + ["vector"], message: "dense vector must not be empty"))
    }
    return vector
  }

  private static let sparseVector: Shape = Shape.structure(
    Structure(
      "SparseVector",
      [.required("indices", .list(.integer(.u32))), .required("values", .list(.float32))]
    ) { object in
      let indices = object["indices"]?.array ?? []
      if indices.count != object["values"]?.array?.count {
        return [("values", "Validation error: must be the same length as indices [{}]")]
      }
      if Set(indices).count != indices.count {
        return [("indices", "Validation error: must be unique [{}]")]
      }
      return []
    })

  private static let multiDense: Shape = Shape.list(.list(.float32))
  static let anyVector: Shape = Shape.untagged(
    Untagged("Vector", [dense, sparseVector, multiDense]))

  /// The vectors of a point: one without a name, or some by name.
  static let pointVectors: Shape = Shape.untagged(
    Untagged("VectorStruct", [dense, multiDense, .map(anyVector, .merged)]))

  private static let updateMode: [Field] = [
    .optional("shard_key", .anything),
    .optional("update_filter", filter).when(\.knowsUpdateFilter),
    .optional("update_mode", words("upsert", "insert_only", "update_only"))
      .when(\.knowsUpdateMode),
  ]

  private static let point: Shape = Shape.structure(
    Structure(
      "PointStruct",
      [
        .required("id", pointID),
        Field(
          name: "vector", aliases: ["vectors"], shape: pointVectors, absence: .required,
          checks: [], form: .plain),
        .optional("payload", .anyObject),
      ]))

  private static let pointsList: Shape = Shape.structure(
    Structure("PointsList", [.required("points", .list(point))] + updateMode))

  private static let batch: Shape = Shape.structure(
    Structure(
      "Batch",
      [
        .required("ids", .list(pointID)),
        .required(
          "vectors",
          .untagged(
            Untagged(
              "BatchVectorStruct",
              [.list(dense), .list(multiDense), .map(.list(anyVector), .merged)]))),
        .optional("payloads", .list(.optional(.anyObject))),
      ]
    ) { object in
      let count = object["ids"]?.array?.count ?? 0
      var lists: [(String, Int)] = []
      if let list = object["vectors"]?.array { lists.append(("vectors", list.count)) }
      for member in object["vectors"]?.object?.members ?? [] {
        lists.append(("vectors", member.value.array?.count ?? 0))
      }
      if let payloads = object["payloads"]?.array { lists.append(("payloads", payloads.count)) }
      let wrong = lists.first { $0.1 != count }
      return wrong.map { name, other in
        [("batch", "number of ids and \(name) must be equal (\(count) != \(other))")]
      } ?? []
    })

  private static let pointsBatch: Shape = Shape.structure(
    Structure("PointsBatch", [.required("batch", batch)] + updateMode))

  /// Points to be written; those in columns are turned into rows.
  static let insertion: Shape = Shape.custom { value, decoding throws(WireFailure) in
    if value["batch"] != nil {
      var decoded = try decoding.decode(pointsBatch, value).object ?? JSONObject()
      decoded["points"] = .array(rows(of: decoded["batch"] ?? .null))
      decoded["batch"] = nil
      return .object(decoded)
    }
    guard value["points"] != nil else {
      throw WireFailure("Invalid PointInsertOperations format")
    }
    return try decoding.decode(pointsList, value)
  }

  private static func rows(of batch: JSONValue) -> [JSONValue] {
    let payloads = batch["payloads"]?.array ?? []
    return (batch["ids"]?.array ?? []).enumerated().map { index, id in
      var point: JSONObject = ["id": id]
      if let list = batch["vectors"]?.array {
        point["vector"] = list.indices.contains(index) ? list[index] : nil
      } else {
        let members = batch["vectors"]?.object?.members ?? []
        let named = members.compactMap { member -> JSONObject.Member? in
          guard let list = member.value.array, list.indices.contains(index) else { return nil }
          return JSONObject.Member(key: member.key, value: list[index])
        }
        point["vector"] = .object(JSONObject(named))
      }
      if payloads.indices.contains(index) { point["payload"] = payloads[index] }
      return .object(point)
    }
  }

  static let key = Field.optional("shard_key", .anything)

  /// The points that an operation is about.
  static let selector: Shape = Shape.untagged(
    Untagged(
      "PointsSelector",
      [
        .structure(Structure("PointIdsList", [.required("points", .list(pointID)), key])),
        .structure(Structure("FilterSelector", [.required("filter", filter), key])),
      ]))

  static let withPayload: Shape = Shape.untagged(
    Untagged(
      "WithPayloadInterface",
      [
        .boolean, .list(fieldPath),
        .structure(Structure("Include", [.required("include", .list(fieldPath))])),
        .structure(Structure("Exclude", [.required("exclude", .list(fieldPath))])),
      ]))

  static let withVector: Shape = Shape.untagged(
    Untagged("WithVector", [.boolean, .list(.string)]))

  static let parts: [Field] = [
    .optional("with_payload", withPayload),
    .optional("with_vector", withVector, aliases: ["with_vectors"]),
    key,
  ]

  static let scroll: Shape = Shape.flattened(
    Structure(
      "ScrollRequest",
      [
        .optional("offset", pointID), .optional("limit", .integer(.usize), [.atLeast(1)]),
        .optional("filter", filter), .optional("order_by", orderBy),
      ] + parts), part: "scroll_request")

  static let count: Shape = Shape.flattened(
    Structure(
      "CountRequest",
      [.optional("filter", filter), .defaulted("exact", .boolean, true), key]),
    part: "count_request")

  static let retrieval: Shape = Shape.flattened(
    Structure("PointRequest", [.required("ids", .list(pointID))] + parts), part: "point_request")

  static let payloadChange = Structure(
    "SetPayloadShadow",
    [
      .required("payload", .anyObject), .optional("points", .list(pointID), defaulted: false),
      .optional("filter", filter), key, .optional("key", fieldPath),
    ])

  static let payloadDeletion = Structure(
    "DeletePayloadShadow",
    [
      .required("keys", .list(fieldPath)), .optional("points", .list(pointID)),
      .optional("filter", filter), key,
    ])

  static let vectorUpdate = Structure(
    "UpdateVectors",
    [
      .required(
        "points",
        .list(
          .structure(
            Structure(
              "PointVectors", [.required("id", pointID), .required("vector", pointVectors)])))),
      key, .optional("update_filter", filter).when(\.knowsUpdateFilter),
    ])

  private static let someNames = Check.custom { names in
    names.array?.isEmpty == true ? "must specify vector names to delete" : nil
  }

  static let vectorDeletion = Structure(
    "DeleteVectors",
    [
      .optional("points", .list(pointID)), .optional("filter", filter),
      .required("vector", .list(.string), [someNames]), key,
    ])

  private static func operation(_ name: String, _ shape: Shape) -> Shape {
    .structure(Structure(name, [.required(name, shape)]))
  }

  /// Updates that are done one after another.
  static let batchUpdate: Shape = Shape.structure(
    Structure(
      "UpdateOperations",
      [
        .required(
          "operations",
          .list(
            .untagged(
              Untagged(
                "UpdateOperation",
                [
                  operation("upsert", insertion), operation("delete", selector),
                  operation("set_payload", .structure(payloadChange)),
                  operation("overwrite_payload", .structure(payloadChange)),
                  operation("delete_payload", .structure(payloadDeletion)),
                  operation("clear_payload", selector),
                  operation("update_vectors", .structure(vectorUpdate)),
                  operation("delete_vectors", .structure(vectorDeletion)),
                ]))))
      ]))
}
