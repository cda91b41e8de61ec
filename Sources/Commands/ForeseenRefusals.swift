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
      let rest: String
      switch part.when {
      case .always: rest = ""
      case .changing: rest = "; a plan that changes the collection is refused"
      case .removing: rest = "; a plan that finds the collection is refused"
      case .replacing: return nil
      }
      return Diagnostic(
        part.when == .always ? .error : .warning, UnbuiltPart.code, part.message + rest,
        at: part.provenance.span, hint: part.hint)
    }
  }
}
