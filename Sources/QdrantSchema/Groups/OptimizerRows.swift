import JSON
import ResourceModel

extension QdrantResources {
  /// `optimizers_config`: written in the plural, read in the singular.
  ///
  /// A server fills in defaults when it makes a collection, but for the four rows with an `unset`.
  static let optimizerRows: [FieldSpec] = [
    FieldSpec(
      "deleted_threshold", .number(0...1), mutability: .inPlace, wire: .each("deleted_threshold"),
      summary: "The share of deleted vectors from which on a segment is cleaned up."),
    FieldSpec(
      "vacuum_min_vector_number", .integer(from: 100), mutability: .inPlace,
      wire: .each("vacuum_min_vector_number"),
      summary: "The number of vectors from which on a segment is cleaned up at all."),
    FieldSpec(
      "default_segment_number", .anyInteger, mutability: .inPlace, effect: .rebuildsIndex,
      wire: .each("default_segment_number"),
      summary: "How many segments the server tries to keep, where 0 means by its processors."),
    // Absent means a limit by the number of processors, which no number says.
    FieldSpec(
      "max_segment_size", .integer(from: 1), mutability: .inPlace, effect: .newDataOnly,
      unset: .impossible, wire: .each("max_segment_size"),
      summary: "The size in kB that a segment does not grow beyond."),
    FieldSpec(
      "memmap_threshold", .anyInteger, absentEquals: 0, mutability: .inPlace,
      effect: .rebuildsIndex, unset: .equals(0), wire: .each("memmap_threshold"),
      deprecated: .init(since: ServerVersion(1, 15), replacement: "vectors.*.on_disk"),
      summary: "The size in kB from which on a segment's vectors stay on disk, where 0 means never."
    ),
    FieldSpec(
      "indexing_threshold", .anyInteger, mutability: .inPlace, effect: .rebuildsIndex,
      wire: .each("indexing_threshold"),
      summary: "The size in kB from which on a segment gets a vector index, where 0 means never."),
    FieldSpec(
      "flush_interval_sec", .anyInteger, mutability: .inPlace, wire: .each("flush_interval_sec"),
      summary: "Seconds between two forced writes to disk."),
    FieldSpec(
      "max_optimization_threads", .integerOr("auto", 0...UInt64.max), absentEquals: "auto",
      mutability: .inPlace, unset: .removes("auto"), wire: .each("max_optimization_threads"),
      summary: "Optimizations at once in a shard; 0 turns them off, auto has no limit."),
    FieldSpec(
      "prevent_unoptimized", .bool, absentEquals: false, mutability: .inPlace,
      effect: .newDataOnly, unset: .equals(false), wire: .each("prevent_unoptimized"),
      since: ServerVersion(1, 17),
      summary: "Whether new points stay invisible until large segments are optimized."),
  ]

  /// `wal_config`: fixed when the collection is made.
  static let walRows: [FieldSpec] = [
    FieldSpec(
      "wal_capacity_mb", .integer(from: 1), mutability: .replace,
      wire: FieldSpec.Wire(read: "wal_capacity_mb", create: "wal_capacity_mb", update: nil),
      summary: "Size in MB of one segment of the write-ahead log."),
    FieldSpec(
      "wal_segments_ahead", .anyInteger, mutability: .replace,
      wire: FieldSpec.Wire(read: "wal_segments_ahead", create: "wal_segments_ahead", update: nil),
      summary: "Segments of the write-ahead log that are made before they are needed."),
    // 0 passes validation, then panics a task; in a cluster it ends consensus for good.
    FieldSpec(
      "wal_retain_closed", .integer(from: 1), mutability: .replace,
      wire: FieldSpec.Wire(read: "wal_retain_closed", create: "wal_retain_closed", update: nil),
      since: ServerVersion(1, 15, 5),
      summary: "Closed segments of the write-ahead log that are kept, so that peers can catch up."),
  ]
}
