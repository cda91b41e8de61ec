import Diagnostics
import JSON
import ResourceModel

/// Data is laid out by one field; a second tenant index takes that away from the first.
struct OneTenantField: Rule {
  let code = "M305"

  func check(_ collection: DesiredResource, schema: ResourceSchema) -> [Diagnostic] {
    let tenants = collection.presentChildren(.index).compactMap { index in
      index.field(RulePaths.isTenant).flatMap { field in
        field.value.bool == true ? (name: index.address.name, field: field) : nil
      }
    }.sorted { $0.field.span < $1.field.span }
    guard let first = tenants.first else { return [] }
    return tenants.dropFirst().map { tenant in
      Diagnostic(
        .warning, code, "expected one index with is_tenant, found another on '\(tenant.name)'",
        at: tenant.field.span, hint: "keep it on the field that most requests filter by",
        related: [.init(span: first.field.span, message: "the first one, on '\(first.name)'")])
    }
  }
}
