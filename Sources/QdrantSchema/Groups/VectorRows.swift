import JSON
import ResourceModel

extension QdrantResources {
  /// One dense vector's own fields.
  static let vectorRows: [FieldSpec] = [
    FieldSpec(
      "size", .integer(1...65536), presence: .required, mutability: .replace,
      wire: FieldSpec.Wire(read: "size", create: "size", update: nil),
      summary: "The number of components of a vector."),
    FieldSpec(
      "distance", .oneOf(["Cosine", "Euclid", "Dot", "Manhattan"]), presence: .required,
      mutability: .replace,
      wire: FieldSpec.Wire(read: "distance", create: "distance", update: nil),
      summary: "How the similarity of two vectors is measured."),
    FieldSpec(
      "on_disk", .bool, absentEquals: false, mutability: .inPlace, effect: .rebuildsIndex,
      unset: .equals(false), wire: .each("on_disk"), deprecated: FieldSpec.useMemory,
      summary: "Whether vectors are read from disk instead of being held in memory."),
    // 1.18 parses `turbo4` and then panics: usable from 1.19.
    FieldSpec(
      "datatype", .oneOf(["float32", "uint8", "float16", "turbo4"]), absentEquals: "float32",
      mutability: .replace, unset: .impossible,
      wire: FieldSpec.Wire(read: "datatype", create: "datatype", update: nil),
      valuesSince: ["turbo4": ServerVersion(1, 19)],
      summary: "The type that components are stored as."),
    FieldSpec(
      "multivector_config.comparator", .oneOf(["max_sim"]), presence: .required,
      mutability: .replace, unset: .impossible,
      wire: FieldSpec.Wire(
        read: "multivector_config.comparator", create: "multivector_config.comparator",
        update: nil), block: "multivector_config",
      summary: "How two lists of vectors are compared; makes the vector a multivector."),
    // What absence equals depends on `on_disk`.
    FieldSpec(
      "memory", Memory.unpinned, mutability: .inPlace, effect: .rebuildsIndex, unset: .impossible,
      wire: .each("memory"), since: ServerVersion(1, 19),
      summary: "Where vectors are held: read from disk or cached."),
  ]

  /// One sparse vector's fields.
  static let sparseVectorRows: [FieldSpec] = [
    FieldSpec(
      "modifier", .oneOf(["none", "idf"]), absentEquals: "none", mutability: .inPlace,
      unset: .equals("none"), wire: .each("modifier"),
      summary: "What is done to values in a query: nothing, or weighting by inverse frequency."),
    // The engine's own default is reported nowhere.
    FieldSpec(
      "index.full_scan_threshold", .anyInteger, mutability: .inPlace, effect: .rebuildsIndex,
      unset: .impossible, wire: .each("index.full_scan_threshold"),
      summary: "The number of vectors up to which they are scanned without the index."),
    FieldSpec(
      "index.on_disk", .bool, absentEquals: false, mutability: .inPlace, effect: .rebuildsIndex,
      unset: .equals(false), wire: .each("index.on_disk"), deprecated: FieldSpec.useMemory,
      summary: "Whether the index is read from disk instead of being held in memory."),
    FieldSpec(
      "index.datatype", .oneOf(["float32", "uint8", "float16"]), absentEquals: "float32",
      mutability: .inPlace, effect: .rebuildsIndex, unset: .equals("float32"),
      wire: .each("index.datatype"),
      summary: "The type that values are kept as in the index."),
    FieldSpec(
      "index.memory", Memory.any, mutability: .inPlace, effect: .rebuildsIndex,
      unset: .impossible, wire: .each("index.memory"), since: ServerVersion(1, 19),
      summary: "Where the index is held: read from disk, cached, or pinned in memory."),
  ]
}
