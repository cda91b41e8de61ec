import Diagnostics
import ResourceModel

/// What can be said of environments without laying them over anything.
extension ManifestDecoder {
  /// Looks at environments of which none was asked for: their overlays by themselves, and later
  /// their clusters. Nothing is expanded, so that it costs what the environments themselves hold.
  mutating func checkAll(_ environments: [EnvironmentDocument]) {
    for environment in environments {
      var substitution = Substitution(environment: environment, known: environments)
      for overlay in environment.overlays { check(overlay, &substitution) }
      for problem in substitution.problems { report(problem) }
    }
    otherClusters = environments.map(\.clusters)
  }

  /// Looks at an overlay by itself, as far as a part can be judged.
  mutating func check(_ overlay: Overlay, _ substitution: inout Substitution) {
    guard let value = substitution.replace(in: overlay.value) else { return }
    let root = load(value)
    isPartial = true
    switch overlay.kind {
    case .collection: _ = decodeCollection(root)
    case .cluster: _ = clusterFields(root)
    }
    isPartial = false
  }
}
