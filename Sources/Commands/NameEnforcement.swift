import JSON
import Manifests
import Planning
import ResourceModel

/// Looks at live names that no manifest mentions: do they fit a hierarchy of their cluster?
struct NameEnforcement {
  let hierarchies: [Hierarchy]
  let clusters: [ClusterDeclaration]

  /// Says of unmanaged collections that they fit no hierarchy; where that is an error, it is drift.
  func apply(to report: inout DriftReport) {
    let enforced = hierarchies.filter { $0.enforce != .off }
    guard !enforced.isEmpty else { return }
    for index in report.entries.indices where report.entries[index].state == .unmanaged {
      let address = report.entries[index].address
      let here = enforced.filter { $0.isPlaced(on: address.cluster, among: clusters) }
      guard !here.isEmpty, !here.contains(where: { $0.fits(address.collection.string) }) else {
        continue
      }
      let names = here.map(\.name).joined(separator: ", ")
      report.entries[index].reason = "its name fits no level of the hierarchy \(names)"
      if here.contains(where: { $0.enforce == .error }) { report.entries[index].state = .drifted }
    }
  }
}
