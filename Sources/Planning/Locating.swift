package import ResourceModel

/// Places of values with everything that they went through.
package enum Locating {
  /// The place where a value stands, with who said something about it.
  package static func position(
    of provenance: Provenance, _ locate: Planner.Locate
  ) -> SourcePosition? {
    guard var position = locate(provenance.span) else { return nil }
    position.chain = provenance.chain.compactMap { link in
      locate(link.span).map {
        SourcePosition.Source(
          name: link.description, file: $0.file, line: $0.line, column: $0.column)
      }
    }
    return position
  }
}

extension PlanContext {
  /// The place where a value stands, with who said something about it.
  func place(_ provenance: Provenance) -> SourcePosition? {
    Locating.position(of: provenance, locate)
  }
}
