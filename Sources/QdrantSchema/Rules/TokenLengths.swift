import Diagnostics
import JSON
import ResourceModel

/// A text index whose words must be longer than they may be: a server takes it and indexes nothing.
struct TokenLengths: Rule {
  let code = "M314"

  func check(_ collection: DesiredResource, schema: ResourceSchema) -> [Diagnostic] {
    collection.presentChildren(.index).compactMap { index in
      guard let least = index.field(FieldPath("min_token_len")),
        let most = index.field(FieldPath("max_token_len")), let low = least.value.double,
        let high = most.value.double, low > high
      else { return nil }
      return Diagnostic(
        .warning, code,
        "expected min_token_len of at most \(most.value.text()), found \(least.value.text())",
        at: least.span, hint: "no word is indexed so",
        related: [.init(span: most.span, message: "max_token_len")])
    }
  }
}
