import Diagnostics
import JSON
import ResourceModel

/// An integer index that answers neither matches nor ranges: a server answers 422.
struct IntegerIndexUse: Rule {
  let code = "M304"

  func check(_ collection: DesiredResource, schema: ResourceSchema) -> [Diagnostic] {
    collection.presentChildren(.index).compactMap { index in
      guard let lookup = index.field(RulePaths.lookup), lookup.value.bool == false,
        let range = index.field(RulePaths.range), range.value.bool == false
      else { return nil }
      return Diagnostic(
        .error, code, "expected lookup or range of an integer index, found both false",
        at: range.span, hint: "leave one of them out",
        related: [.init(span: lookup.span, message: "the other one")])
    }
  }
}
