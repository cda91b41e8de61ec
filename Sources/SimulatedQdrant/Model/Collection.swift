import JSON

/// A collection of the simulated server.
struct Collection: Sendable {
  /// A payload index: the canonical path of its field and its schema as it was asked for.
  struct Index: Sendable {
    var field: String
    /// The name of the type, or the object with it.
    var schema: JSONValue
    /// Whether a shard has built it, so that it is shown.
    var isBuilt: Bool

    /// Whether it can find anything: one of integers may have both its abilities switched off.
    var isUseful: Bool { schema["lookup"]?.bool != false || schema["range"]?.bool != false }

    var type: String { schema.string ?? schema["type"]?.string ?? "" }

    /// The schema without the difference between a name and an object of that name only.
    func identity(_ behaviours: Behaviours) -> JSONValue {
      guard let name = schema.string, behaviours.equatesIndexForms else { return schema }
      var decoding = BufferedDecoding(behaviours)
      let object: JSONValue = ["type": .string(name)]
      do throws(WireFailure) { return try decoding.decode(Shapes.fieldParams, object) } catch {
        return object
      }
    }
  }

  var config: CollectionConfig
  var indexes: [Index] = []
  var points = PointStore()
  /// The number that the last operation was given.
  var lastOperation: UInt64 = 0
  var indexing = IndexingState()
  var rates = RateLimits()
  /// Whether its shards were left unloaded when the server started in recovery mode.
  var isDormant = false
  /// Why its shards cannot be read, if something went wrong with them.
  var failure: String?
  /// As it was sent, for telemetry.
  var uuid: String?
  /// Where its shards lie; nil on a server without a cluster.
  var layout: ShardLayout?
  /// The points by shard key, of which `points` are the union.
  var parts: [KeyedPoints] = []
  /// Whether it stands for the points under keys that a request has chosen.
  var isPart = false

  init(config: CollectionConfig, uuid: String? = nil) {
    self.config = config
    self.uuid = uuid
  }

  /// Starts with the points of another collection.
  mutating func takeFirstPoints(of source: Collection?) {
    guard let source, source.points.count > 0 else { return }
    points = source.points
    _ = nextOperation()
  }

  var shardCount: Int { layout?.shards.count ?? config.shardCount }

  /// The next operation number.
  mutating func nextOperation() -> UInt64 {
    lastOperation &+= 1
    return lastOperation
  }

  func index(of field: String) -> Int? {
    indexes.firstIndex { $0.field.hasSameBytes(as: field) }
  }
}
