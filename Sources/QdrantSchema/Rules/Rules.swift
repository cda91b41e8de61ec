package import ResourceModel

extension QdrantResources {
  /// The laws over several fields, in the order of their codes.
  package static let rules: [any Rule] = []
}
