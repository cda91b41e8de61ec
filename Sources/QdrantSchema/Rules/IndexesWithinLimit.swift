import Diagnostics
import JSON
import ResourceModel

/// More payload indexes than the collection's own strict mode lets be made.
struct IndexesWithinLimit: Rule {
  let code = "M307"

  func check(_ collection: DesiredResource, schema: ResourceSchema) -> [Diagnostic] {
    guard collection.value("strict_mode_config.enabled")?.bool == true,
      let limit = collection.field(RulePaths.strictModeConfigMaxPayloadIndexCount),
      let most = limit.value.number?.unsigned.flatMap({ Int(exactly: $0) })
    else { return [] }
    let indexes = collection.presentChildren(.index)
    guard indexes.count > most else { return [] }
    return [
      Diagnostic(
        .error, code,
        "expected a limit of at least \(indexes.count) payload indexes, found \(most)",
        at: limit.span, hint: "a server in strict mode would refuse the rest",
        related: [.init(span: indexes[most].span, message: "the first index beyond the limit")])
    ]
  }
}
