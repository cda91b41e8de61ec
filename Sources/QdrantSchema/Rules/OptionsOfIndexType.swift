import Diagnostics
import JSON
import ResourceModel

/// An option of another index type: a server drops it with 200, so that it would never take effect.
struct OptionsOfIndexType: Rule {
  let code = "M312"

  func check(_ collection: DesiredResource, schema: ResourceSchema) -> [Diagnostic] {
    collection.presentChildren(.index).flatMap { index -> [Diagnostic] in
      guard let type = index.value("type")?.string else { return [] }
      return index.fields.compactMap { field in
        guard let row = schema.row(.index, field.path), !row.appliesTo.isEmpty,
          !row.appliesTo.contains(where: { $0.hasSameBytes(as: type) })
        else { return nil }
        return Diagnostic(
          .error, code,
          "expected \(field.path) on \(list(row.appliesTo)) indexes only, found it on \(type)",
          at: field.span, hint: "remove it: a server drops it without a word")
      }
    }
  }

  private func list(_ types: [String]) -> String {
    types.count < 2
      ? types.joined()
      : types.dropLast().joined(separator: ", ") + " and " + (types.last ?? "")
  }
}
