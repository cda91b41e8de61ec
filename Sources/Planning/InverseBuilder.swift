import JSON
import ResourceModel

/// Works out, from what was observed, how a change of fields is taken back.
struct InverseBuilder {
  let schema: ResourceSchema

  /// What takes a set of changes back.
  struct Inverse {
    var fields: [FieldAssignment] = []
    /// Fields that stay set, at a value that means what "unset" meant.
    var sticky: [FieldPath] = []
    /// Fields with no way back.
    var lost: [FieldPath] = []
  }

  /// The assignments that restore the observed values of those changes.
  func inverse(
    of changes: [FieldChange], kind: ResourceKind, observed: JSONObject
  ) -> Inverse {
    var inverse = Inverse()
    var roots: Set<FieldPath> = []
    for change in changes {
      guard let row = change.row.flatMap({ schema.kinds[kind]?.rows[$0] }) else { continue }
      if let root = row.blockRoot(of: change.path) {
        if roots.insert(root).inserted { restore(block: root, kind, observed, &inverse) }
      } else {
        restore(change, row, observed, &inverse)
      }
    }
    inverse.fields.sort { $0.path < $1.path }
    return inverse
  }

  /// A part that is written as a whole goes back as a whole.
  private func restore(
    block root: FieldPath, _ kind: ResourceKind, _ observed: JSONObject, _ inverse: inout Inverse
  ) {
    let leaves = schema.leaves(kind, of: observed, below: root)
    if !leaves.isEmpty {
      inverse.fields += leaves.map { FieldAssignment($0.path, $0.value) }
      return
    }
    let row = schema.row(kind, root)
    if case .word(let word)? = row?.type {
      inverse.fields.append(FieldAssignment(root, .string(word)))
      return
    }
    switch row?.unset {
    case .removes(let value), .equals(let value):
      inverse.fields.append(FieldAssignment(root, value))
    case .sameAs, .impossible, .neverAbsent, nil:
      inverse.lost.append(root)
    }
  }

  private func restore(
    _ change: FieldChange, _ row: FieldSpec, _ observed: JSONObject, _ inverse: inout Inverse
  ) {
    if let from = change.from {
      inverse.fields.append(FieldAssignment(change.path, from))
      return
    }
    switch row.unset {
    case .removes(let value):
      inverse.fields.append(FieldAssignment(change.path, value))
    case .equals(let value):
      inverse.fields.append(FieldAssignment(change.path, value))
      inverse.sticky.append(change.path)
    case .sameAs(let other):
      let names = row.path.names(in: change.path) ?? []
      guard let value = observed.value(at: other.path(names: names)).nonNull else {
        inverse.lost.append(change.path)
        return
      }
      inverse.fields.append(FieldAssignment(change.path, value))
      inverse.sticky.append(change.path)
    case .impossible, .neverAbsent:
      inverse.lost.append(change.path)
    }
  }
}
