import Diagnostics
import JSON
import ResourceModel

/// More confirmations than copies: the number promises more than it holds.
///
/// A server takes it, and writes with the copies that there are (recorded:
/// `standalone-cluster/update-replication-factor`).
struct ConsistencyWithinCopies: Rule {
  let code = "M302"

  func check(_ collection: DesiredResource, schema: ResourceSchema) -> [Diagnostic] {
    guard let confirmations = collection.field(RulePaths.writeConsistencyFactor),
      let copies = collection.field(RulePaths.replicationFactor),
      let wanted = confirmations.value.number?.unsigned, let most = copies.value.number?.unsigned,
      wanted > most
    else { return [] }
    return [
      Diagnostic(
        .warning, code,
        "expected at most the \(most) copies of replication_factor, found \(wanted)",
        at: confirmations.span, hint: "no more copies can confirm a write than there are",
        related: [.init(span: copies.span, message: "the copies")])
    ]
  }
}
