import JSON
import ResourceModel

/// What a manifest's `gates` ask to wait for.
struct ManifestGates {
  /// Those that a run can wait at.
  private(set) var gates: [Gate] = []
  /// Whether there are others, which are not built yet.
  private(set) var hasMore = false

  /// How long a gate may take when nothing is said.
  private static let patience = Duration.seconds(30 * 60)

  init(_ value: JSONValue) {
    for item in value.array ?? [] {
      guard let word = item["wait"]?.string, let condition = Gate.Condition(rawValue: word) else {
        hasMore = true
        continue
      }
      if item["golden_queries"] != nil { hasMore = true }
      let said = item["timeout"]?.string.flatMap(ValueType.seconds)
      let timeout = said.map { Duration.seconds(min($0, 86_400)) } ?? ManifestGates.patience
      gates.append(Gate(condition, timeout: timeout))
    }
  }

  /// Puts the gates of every collection behind its last step of each phase, so that nothing later
  /// starts before they hold; what an alias then points to is ready.
  static func place(_ collections: [DesiredResource], in steps: inout [Step]) {
    for desired in collections {
      guard let part = desired.lifecycle.later.first(where: { $0.key == "gates" }) else { continue }
      let gates = ManifestGates(part.value).gates
      guard !gates.isEmpty else { continue }
      for phase in Set(steps.map(\.phase)) where phase != .irreversible {
        let last = steps.lastIndex { step in
          step.phase == phase && step.address.cluster == desired.address.cluster
            && step.address.collection == desired.address.collection && step.address.kind != .alias
        }
        if let last { steps[last].gates += gates }
      }
    }
  }
}
