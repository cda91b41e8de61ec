package import ResourceModel

/// Whether manifests with classes ask for exactly what the same without them asks for.
struct FactoredCheck {
  /// The documents that all need.
  let base: String
  let schema: ResourceSchema
  let rules: [any Rule]

  /// Loads both, and compares every collection with all that is in it.
  func isSame(_ plain: [String], _ factored: [String]) -> Bool {
    guard let left = state(plain), let right = state(factored) else { return false }
    return left.collections.count == right.collections.count
      && zip(left.collections, right.collections).allSatisfy { $0.asksForTheSame(as: $1) }
  }

  private func state(_ texts: [String]) -> DesiredState? {
    let files = ([base] + texts).enumerated().map { number, text in
      (path: "\(number).yaml", bytes: Array(text.utf8))
    }
    return ManifestLoader.load(sources: [MemorySource(files)], schema: schema, rules: rules).state
  }
}

extension DesiredResource {
  /// Whether another resource asks for the same, wherever and by whomever it is said.
  package func asksForTheSame(as other: DesiredResource) -> Bool {
    address == other.address && isPresent == other.isPresent
      && lifecycle.asksForTheSame(as: other.lifecycle)
      && fields.elementsEqual(other.fields) { $0.path == $1.path && $0.value == $1.value }
      && elements.elementsEqual(other.elements) {
        $0.path == $1.path && $0.isPresent == $1.isPresent
      }
      && Set(listedChildren.keys) == Set(other.listedChildren.keys)
      && children.elementsEqual(other.children) { $0.asksForTheSame(as: $1) }
  }
}

extension Lifecycle {
  fileprivate func asksForTheSame(as other: Lifecycle) -> Bool {
    onDelete == other.onDelete && onReplace == other.onReplace && unlisted == other.unlisted
      && ignore == other.ignore
      && later.elementsEqual(other.later) { $0.key == $1.key && $0.value == $1.value }
  }
}
