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
    var asked: [ResourceAddress: [Gate]] = [:]
    for desired in collections {
      let part = desired.lifecycle.later.first { $0.key == "gates" }
      asked[desired.address] = part.map { ManifestGates($0.value).gates }
    }
    guard !asked.isEmpty else { return }
    var seen: Set<Place> = []
    for index in steps.indices.reversed() {
      let step = steps[index]
      let owner = ResourceAddress.collection(
        step.address.collection, cluster: step.address.cluster)
      guard step.phase != .irreversible, step.address.kind != .alias, let gates = asked[owner],
        seen.insert(Place(collection: owner, phase: step.phase)).inserted
      else { continue }
      steps[index].gates += gates
    }
  }

  /// A phase of one collection.
  private struct Place: Hashable {
    var collection: ResourceAddress
    var phase: StepPhase
  }
}
