import Diagnostics
import ResourceModel

/// What can be said of parts that are laid over nothing: of environments, and without classes.
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

  /// Looks at a document with variables under every environment, when none was asked for; that
  /// one is needed has been told. Nothing is put together, so that many environments cost little.
  mutating func checkUnderAll(_ document: CapturedDocument, _ composition: Composition) {
    guard selectedEnvironment == nil else { return }
    let environments = composition.substitution.known
    // What no environment declares is told once.
    let undeclared = composition.substitution.problems.filter {
      $0.code == ManifestCode.undefinedVariable.text
    }
    let told = Set(undeclared.map(\.span))
    for environment in environments {
      var substitution = Substitution(environment: environment, known: environments)
      let value = substitution.replace(in: document.value)
      for problem in substitution.problems where !told.contains(problem.span) { report(problem) }
      guard let value else { continue }
      isPartial = true
      switch document.value[words.kind]?.text {
      case "Collection", "Class": _ = decodeCollection(load(value))
      case "Cluster": _ = clusterFields(load(value))
      default: break
      }
      isPartial = false
    }
  }

  /// Looks at a collection whose classes cannot be had, so that they hide nothing else.
  mutating func checkAlone(_ value: ManifestValue) {
    let root = load(value)
    _ = name(
      reader.tree.entries(of: root).first { symbol($0) == words.name }?.value, of: root,
      .collection)
    isPartial = true
    _ = decodeCollection(root)
    isPartial = false
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
