package import ResourceModel

/// What Qdrant's resources look like: every field of every kind, and the laws between fields.
package enum QdrantResources {
  /// The oldest server that is supported.
  package static let oldestSupported = ServerVersion(1, 13)

  /// All kinds that live on a server.
  package static let schema = ResourceSchema([
    collectionKind, indexKind, aliasKind, shardKeyKind,
  ])
}
