import JSON
import ResourceModel

extension QdrantResources {
  /// An alias: its name is its address, and what it points to is the collection that lists it.
  static let aliasKind = KindSpec(kind: .alias, rows: [])

  /// A shard key of a collection with custom sharding; what it was made with stays as it is.
  ///
  /// `initial_state` has no row on purpose: it steers one request and cannot be read back.
  static let shardKeyKind = KindSpec(
    kind: .shardKey,
    rows: [
      FieldSpec(
        "shards_number", .integer32(from: 1), mutability: .replace,
        wire: FieldSpec.Wire(read: "shards_number", create: "shards_number", update: nil),
        summary: "The shards of this key, by default the collection's number."),
      FieldSpec(
        "replication_factor", .integer32(from: 1), mutability: .replace,
        wire: FieldSpec.Wire(
          read: "replication_factor", create: "replication_factor", update: nil),
        summary: "The copies of each shard of this key, by default the collection's number."),
      FieldSpec(
        "placement", .list(.anyInteger), mutability: .replace, comparison: .set,
        wire: FieldSpec.Wire(read: "placement", create: "placement", update: nil),
        summary: "The ids of the peers that may hold shards of this key."),
    ])
}
