import ClusterProviders
import Diagnostics
import Planning
import ResourceModel

/// What a plan would refuse whatever the servers say, told by `validate` in the same words.
enum ForeseenRefusals {
  /// Of a cluster: that no connection can be made; what may hold a key is not drawn.
  static func of(
    _ cluster: ClusterDeclaration, _ catalog: inout SourceCatalog
  ) -> [Diagnostic] {
    DeclarationCheck.problems(cluster).map { problem in
      let places = cluster.spans.filter { key, _ in
        key == problem.key || key.hasPrefix(problem.key + ".")
      }
      let span = places.values.min() ?? cluster.span
      if problem.category == .noPermission, let span { catalog.mask(span) }
      return Diagnostic(
        .error, "M503", "\(problem.key): \(problem.message)", at: span, hint: problem.hint)
    }
  }

  /// Of a collection: what it asks for and no plan can do yet.
  static func of(_ collection: DesiredResource) -> [Diagnostic] {
    UnbuiltPart.all(of: collection).compactMap { part in
      guard part.when != .replacing else { return nil }
      let isCertain = part.when == .always
      return Diagnostic(
        isCertain ? .error : .warning, UnbuiltPart.code,
        part.message + (isCertain ? "" : "; a plan that changes the collection is refused"),
        at: part.provenance.span, hint: part.hint)
    }
  }
}
