import JSON
import ResourceModel

/// What a collection is, overlays included, on some of its clusters.
struct OverlaidCollection {
  var value: ManifestValue
  /// Nil when the overlays do not ask for labels, so that it is the same on all of them.
  var clusters: Set<ExactString>?
}

/// Overlays of the selected environment.
///
/// A label that an overlay asks for may be a collection's own or one of the cluster that the
/// collection is on, so that one collection may be something else on every cluster. What is the
/// same is decoded once.
extension ManifestDecoder {
  /// Lays the environment's overlays over a cluster.
  func overlaid(_ value: ManifestValue, _ composition: inout Composition) -> ManifestValue {
    var value = value
    for (index, overlay) in composition.overlays.enumerated()
    where overlay.kind == .cluster && matches(overlay, value, on: nil) {
      composition.matched[index] += 1
      guard let upper = composition.substitution.replace(in: overlay.value) else { continue }
      value = composition.clusters.merge(upper, over: value)
    }
    return value
  }

  /// Lays the environment's overlays over a collection, for each of its clusters.
  ///
  /// - Parameter selection: where it is to live, when that is not for the collection to say.
  func overlaid(
    _ value: ManifestValue, on selection: ClusterSelection?, _ composition: inout Composition
  ) -> [OverlaidCollection] {
    var layers = OverlayLayers(value)
    let hasLabels = composition.overlays.contains { $0.kind == .collection && !$0.labels.isEmpty }
    var clusters: [[Int]: Set<ExactString>] = [:]
    var order: [[Int]] = []
    for cluster in hasLabels ? composition.places : [] {
      let laid = lay(&layers, on: cluster, &composition)
      let isThere =
        selection.map { isSelected(cluster, by: $0) }
        ?? isSelected(cluster, by: layers.values[laid]?[words.cluster], of: composition.places)
      guard isThere else { continue }
      if clusters[laid] == nil { order.append(laid) }
      clusters[laid, default: []].insert(ExactString(cluster.name))
    }
    // Without a cluster that is known its own labels count, and whoever places it tells the rest.
    if order.isEmpty { order = [lay(&layers, on: nil, &composition)] }
    for index in Set(order.joined()) { composition.matched[index] += 1 }
    let isSpread = hasLabels && !composition.places.isEmpty
    return order.map { laid in
      OverlaidCollection(
        value: layers.values[laid] ?? value, clusters: isSpread ? clusters[laid] ?? [] : nil)
    }
  }

  /// The overlays that match on a cluster, in their order, laid over the collection.
  private func lay(
    _ layers: inout OverlayLayers, on cluster: ClusterDeclaration?,
    _ composition: inout Composition
  ) -> [Int] {
    var laid: [Int] = []
    for (index, overlay) in composition.overlays.enumerated() where overlay.kind == .collection {
      guard let value = layers.values[laid], matches(overlay, value, on: cluster) else { continue }
      laid.append(index)
      guard layers.values[laid] == nil else { continue }
      let upper = composition.substitution.replace(in: overlay.value)
      layers.values[laid] = upper.map { composition.collections.merge($0, over: value) } ?? value
    }
    return laid
  }

  private func matches(
    _ overlay: Overlay, _ value: ManifestValue, on cluster: ClusterDeclaration?
  ) -> Bool {
    guard overlay.matches(value[words.name]?.text ?? "") else { return false }
    let own = texts(value[words.labels])
    return overlay.labels.allSatisfy { label, wanted in
      [own[ExactString(label)], cluster?.labels[label]].contains {
        $0?.hasSameBytes(as: wanted) ?? false
      }
    }
  }

  private func texts(_ value: ManifestValue?) -> [ExactString: String] {
    Dictionary(
      (value?.entries ?? []).map { (reader.keys[$0.key], $0.value.text ?? "") },
      uniquingKeysWith: { _, last in last })
  }

  /// The clusters that take part, by name.
  func places() -> [ClusterDeclaration] {
    let sorted = clusters.sorted { $0.name.precedes($1.name) }
    if case .unsaid = environmentClusters { return sorted }
    return sorted.filter { isSelected($0, by: environmentClusters) }
  }

  private func isSelected(_ cluster: ClusterDeclaration, by selection: ClusterSelection) -> Bool {
    switch selection {
    case .unsaid, .wrong: false
    case .names(let names): names.contains { $0.name.hasSameBytes(as: cluster.name) }
    case .labels(let labels, _): cluster.has(labels)
    case .several(let parts): parts.contains { isSelected(cluster, by: $0) }
    }
  }

  /// The same for `cluster` of a collection, which may be left out where there is only one.
  private func isSelected(
    _ cluster: ClusterDeclaration, by value: ManifestValue?, of places: [ClusterDeclaration]
  ) -> Bool {
    guard let value else { return places.count == 1 }
    if value.isMapping {
      let wanted = texts(value[words.labels])
      return !wanted.isEmpty
        && wanted.allSatisfy { label, text in
          cluster.labels[label.string]?.hasSameBytes(as: text) ?? false
        }
    }
    let names = value.isList ? value.items : [value]
    return names.contains { $0.text?.hasSameBytes(as: cluster.name) ?? false }
  }
}

/// A collection under the overlays that match it, by their numbers: each is laid over once.
private struct OverlayLayers {
  var values: [[Int]: ManifestValue]

  init(_ value: ManifestValue) { values = [[]: value] }
}
