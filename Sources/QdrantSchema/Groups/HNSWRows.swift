import JSON
import ResourceModel

extension QdrantResources {
  /// The graph's settings: of a collection, and of one of its vectors.
  ///
  /// A server fills in the first four when it makes a collection, so those always have a value.
  /// Every key but `max_indexing_threads` has existing segments indexed again.
  static let hnswRows: [FieldSpec] = [
    FieldSpec(
      "m", .anyInteger, mutability: .inPlace, effect: .rebuildsIndex, wire: .each("m"),
      summary: "Edges per node of the graph, where 0 builds no graph."),
    FieldSpec(
      "ef_construct", .integer(from: 4), mutability: .inPlace, effect: .rebuildsIndex,
      wire: .each("ef_construct"),
      summary: "Neighbours looked at while the graph is built; more are slower and more accurate."),
    FieldSpec(
      "full_scan_threshold", .integer(from: 10), mutability: .inPlace, effect: .rebuildsIndex,
      wire: .each("full_scan_threshold"),
      summary: "Size in kB of the matching vectors below which they are scanned without a graph."),
    FieldSpec(
      "max_indexing_threads", .anyInteger, mutability: .inPlace,
      wire: .each("max_indexing_threads"),
      summary: "Threads that build a graph, where 0 lets the server choose."),
    FieldSpec(
      "on_disk", .bool, absentEquals: false, mutability: .inPlace, effect: .rebuildsIndex,
      unset: .equals(false), wire: .each("on_disk"), deprecated: FieldSpec.useMemory,
      summary: "Whether the graph is read from disk instead of being held in memory."),
    FieldSpec(
      "payload_m", .anyInteger, mutability: .inPlace, effect: .rebuildsIndex, unset: .sameAs("m"),
      wire: .each("payload_m"),
      summary:
        "Edges per node of the extra graphs for indexed payload fields, by default those of m."),
    FieldSpec(
      "inline_storage", .bool, absentEquals: false, mutability: .inPlace, effect: .rebuildsIndex,
      unset: .equals(false), wire: .each("inline_storage"), since: ServerVersion(1, 16),
      summary: "Whether vectors are copied into the graph's file, which needs quantization."),
    FieldSpec(
      "memory", Memory.any, mutability: .inPlace, effect: .rebuildsIndex, unset: .impossible,
      wire: .each("memory"), since: ServerVersion(1, 19),
      summary: "Where the graph is held: read from disk, cached, or pinned in memory."),
  ]
}
