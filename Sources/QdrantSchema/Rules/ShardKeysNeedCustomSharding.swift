import Diagnostics
import JSON
import ResourceModel

/// Shard keys exist with custom sharding only, and without one such a collection takes no points.
struct ShardKeysNeedCustomSharding: Rule {
  let code = "M303"

  func check(_ collection: DesiredResource, schema: ResourceSchema) -> [Diagnostic] {
    let method = collection.field(RulePaths.shardingMethod)
    let isCustom = method?.value.string == "custom"
    let keys = collection.children.filter { $0.address.kind == .shardKey }
    if let key = keys.first, !isCustom {
      return [
        Diagnostic(
          .error, code,
          "expected sharding_method: custom beside shard keys, found \(found(method))",
          at: method?.span ?? key.span, hint: "write sharding_method: custom",
          related: method == nil ? [] : [.init(span: key.span, message: "the first shard key")])
      ]
    }
    guard let method, isCustom, collection.presentChildren(.shardKey).isEmpty else { return [] }
    return [
      Diagnostic(
        .warning, code, "expected shard keys with custom sharding, found none", at: method.span,
        hint: "without a shard key the collection takes no points")
    ]
  }

  private func found(_ method: DesiredField?) -> String {
    method.map { $0.value.string ?? "another value" } ?? "none"
  }
}
