import Diagnostics
import ResourceModel

/// A deprecated flag beside the key that replaced it: the new one wins and hides the old one.
struct OldAndNewForm: Rule {
  let code = "M306"

  func check(_ collection: DesiredResource, schema: ResourceSchema) -> [Diagnostic] {
    ([collection] + collection.presentChildren(.index)).flatMap { resource in
      resource.fields.compactMap { old -> Diagnostic? in
        guard let row = schema.row(resource.address.kind, old.path),
          let replacement = row.deprecated?.replacement
        else { return nil }
        let path = FieldPath(old.path.segments.dropLast() + FieldPath(replacement).segments)
        guard let new = resource.field(path) else { return nil }
        let (first, second) = old.span < new.span ? (old, new) : (new, old)
        return Diagnostic(
          .error, code, "expected \(old.path) or \(new.path), found both", at: second.span,
          hint: "keep \(new.path), which a server prefers; on servers before 1.19 keep \(old.path)",
          related: [.init(span: first.span, message: "the other one")])
      }
    }
  }
}
