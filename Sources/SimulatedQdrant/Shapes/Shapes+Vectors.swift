import JSON

extension Shapes {
  static let distance = words("Cosine", "Euclid", "Dot", "Manhattan")
  static let datatype: Shape = .depending { behaviours in
    let words = ["float32", "uint8", "float16"]
    return .choice(Choice(variants: behaviours.knowsTurbo ? words + ["turbo4"] : words))
  }
  static let modifier = words("none", "idf")
  static let multivector = Shape.structure(
    Structure("MultiVectorConfig", [.required("comparator", words("max_sim"))]))

  private static let notTurbo = Check.custom { value in
    guard value.string == "turbo4" else { return nil }
    return "sparse vectors do not support the `turbo4` datatype"
  }

  private static let vector = Shape.structure(
    Structure(
      "VectorParams",
      [
        .required("size", .integer(.nonzero64), [.range(1, 65536)]),
        .required("distance", distance),
        .optional("hnsw_config", .structure(hnsw), form: .absentWhenEmpty),
        .optional("quantization_config", quantization, aliases: ["quantization"]),
        .optional("on_disk", .boolean),
        .optional("memory", memory).when(\.knowsMemory),
        .optional("datatype", datatype),
        .optional("multivector_config", multivector),
      ]))

  /// One unnamed vector, or a map of named ones.
  static let vectors = Shape.untagged(Untagged("VectorsConfig", [vector, .map(vector, .merged)]))

  private static let sparseIndex = Shape.structure(
    Structure(
      "SparseIndexParams",
      [
        .optional("full_scan_threshold", .integer(.usize)),
        .optional("on_disk", .boolean),
        .optional("datatype", datatype, [notTurbo]),
        .optional("memory", memory).when(\.knowsMemory),
      ]))

  private static let sparse = Shape.structure(
    Structure(
      "SparseVectorParams",
      [
        .optional("index", sparseIndex, defaulted: true),
        .optional("modifier", modifier, defaulted: true),
      ]))

  /// Sparse vectors of a creation.
  static let sparseVectors = Shape.map(sparse, .indexed)
  /// Changes of sparse vectors.
  static let sparseChanges = Shape.map(sparse, .merged)

  /// Changes of dense vectors.
  static let vectorChanges = Shape.map(
    .structure(
      Structure(
        "VectorParamsDiff",
        [
          .optional("hnsw_config", .structure(hnsw)),
          .optional("quantization_config", quantizationChange, aliases: ["quantization"]),
          .optional("on_disk", .boolean),
          .optional("memory", memory).when(\.knowsMemory),
        ])), .merged)

  /// The body that adds a vector name: only what cannot be changed later.
  static let namedVector = Shape.untagged(
    Untagged(
      "VectorNameConfig",
      [
        .structure(
          Structure(
            "DenseVectorNameConfig",
            [
              .required(
                "dense",
                .structure(
                  Structure(
                    "DenseVectorConfig",
                    [
                      .required("size", .integer(.usize), [.range(1, 65536)]),
                      .required("distance", distance),
                      .optional("multivector_config", multivector),
                      .optional("datatype", datatype),
                    ])))
            ])),
        .structure(
          Structure(
            "SparseVectorNameConfig",
            [
              .required(
                "sparse",
                .structure(
                  Structure(
                    "SparseVectorConfig",
                    [
                      .optional("modifier", modifier),
                      .optional("datatype", datatype, [notTurbo]),
                    ])))
            ])),
      ]))
}
