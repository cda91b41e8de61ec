import Diagnostics
import JSON
import ResourceModel

/// `m: 0` builds no graph, and without `payload_m` none for payload fields either: searches scan.
///
/// On multivectors, which only rescore, that is common and meant.
struct GraphWithoutEdges: Rule {
  let code = "M308"

  func check(_ collection: DesiredResource, schema: ResourceSchema) -> [Diagnostic] {
    let vectors = collection.present(.vector)
    let general = collection.field(RulePaths.hnswConfigPayloadM)
    var found: [Diagnostic] = []
    if let m = collection.field(RulePaths.hnswConfigM), isZero(m), isNone(general) {
      let following = vectors.filter { vector in
        let own = collection.vectorField(vector.name, "hnsw_config.m")
        let payload = collection.vectorField(vector.name, "hnsw_config.payload_m")
        return own == nil && isNone(payload)
      }
      if vectors.isEmpty || !following.isEmpty { found.append(diagnostic(m)) }
    }
    for vector in vectors {
      guard let m = collection.vectorField(vector.name, "hnsw_config.m"), isZero(m),
        isNone(collection.vectorField(vector.name, "hnsw_config.payload_m") ?? general),
        collection.vectorField(vector.name, "multivector_config.comparator") == nil
      else { continue }
      found.append(diagnostic(m))
    }
    return found
  }

  private func isZero(_ field: DesiredField) -> Bool { field.value.integer == 0 }

  private func isNone(_ field: DesiredField?) -> Bool { field.map(isZero) ?? true }

  private func diagnostic(_ m: DesiredField) -> Diagnostic {
    Diagnostic(
      .warning, code, "expected payload_m beside m: 0, which builds no graph", at: m.span,
      hint: "with payload_m only filtered searches use a graph; without it all of them scan")
  }
}
