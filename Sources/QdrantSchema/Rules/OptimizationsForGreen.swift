import Diagnostics
import JSON
import ResourceModel

/// A gate that waits for green while optimizations are off: the status stays yellow while there is
/// work, so the wait ends with its timeout.
struct OptimizationsForGreen: Rule {
  let code = "M310"

  func check(_ collection: DesiredResource, schema: ResourceSchema) -> [Diagnostic] {
    guard
      let threads = collection.field(RulePaths.optimizersConfigMaxOptimizationThreads),
      threads.value.integer == 0,
      let gates = collection.lifecycle.later.first(where: { $0.key == "gates" }),
      gates.value.array?.contains(where: { $0["wait"]?.string == "green" }) == true
    else { return [] }
    return [
      Diagnostic(
        .warning, code, "expected optimization threads where a gate waits for green, found 0",
        at: threads.span, hint: "without optimizations the status may never become green",
        related: [.init(span: gates.span, message: "the gates")])
    ]
  }
}
