package import Diagnostics
package import ResourceModel

extension QdrantResources {
  /// The laws over several fields, in the order of their codes.
  ///
  /// None forbids a quantization: no recorded server refuses one on any type of data or distance,
  /// and two wrappers at once are told by `KindSpec.exclusive`.
  package static let rules: [any Rule] = [
    DistinctVectorNames(), ConsistencyWithinCopies(), ShardKeysNeedCustomSharding(),
    IntegerIndexUse(), OneTenantField(), OldAndNewForm(), IndexesWithinLimit(),
    GraphWithoutEdges(), InlineStorageNeedsQuantization(), OptimizationsForGreen(),
    SecretsInMetadata(), OptionsOfIndexType(), StemmerLanguage(), TokenLengths(),
  ]

  /// What all rules say of a collection, by place; nothing of one that is to be absent.
  package static func check(_ collection: DesiredResource) -> [Diagnostic] {
    guard collection.isPresent else { return [] }
    return rules.flatMap { $0.check(collection, schema: schema) }.sorted { left, right in
      guard let first = left.span, let second = right.span, first != second else {
        return left.code < right.code
      }
      return first < second
    }
  }
}
