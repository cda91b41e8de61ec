import Diagnostics
import ResourceModel

/// Dense and sparse vectors share one name space; a server answers 400 to a name in both.
struct DistinctVectorNames: Rule {
  let code = "M301"

  func check(_ collection: DesiredResource, schema: ResourceSchema) -> [Diagnostic] {
    let dense = Dictionary(
      collection.present(.vector).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    return collection.present(.sparseVector).compactMap { sparse in
      guard let other = dense[sparse.name] else { return nil }
      return Diagnostic(
        .error, code,
        "expected one vector of a name, found '\(sparse.name)' as a dense and as a sparse one",
        at: sparse.span, hint: "rename one of them",
        related: [.init(span: other.span, message: "the dense vector")])
    }
  }
}
