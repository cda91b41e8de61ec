import JSON

extension Shapes {
  private static let selection: [Field] = [
    .optional("points", .list(pointID)), .optional("filter", .anyObject),
    .optional("shard_key", .anything),
  ]

  static let setPayload = Shape.structure(
    Structure(
      "SetPayloadShadow",
      [.required("payload", .anyObject)] + selection + [.optional("key", fieldPath)]))

  static let deletePayload = Shape.structure(
    Structure("DeletePayloadShadow", [.required("keys", .list(fieldPath))] + selection))

  private static let someVector = Check.custom { value in
    value.array?.isEmpty == true ? "must specify vector names to delete" : nil
  }

  static let deleteVectors = Shape.structure(
    Structure("DeleteVectors", selection + [.required("vector", .set(.string), [someVector])]))

  private static func operation(_ name: String) -> Shape {
    .structure(Structure(name, [.required(name, .anyObject)]))
  }

  /// Operations of which each is known by its name; of two names the first counts.
  static let updateBatch = Shape.structure(
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
                  operation("upsert"), operation("delete"), operation("set_payload"),
                  operation("overwrite_payload"), operation("delete_payload"),
                  operation("clear_payload"), operation("update_vectors"),
                  operation("delete_vectors"),
                ]))))
      ]))
}
