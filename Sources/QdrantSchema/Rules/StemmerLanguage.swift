import Diagnostics
import JSON
import ResourceModel

/// The snowball stemmer needs a language (400 without one); the stemmer `none` has no use for it.
struct StemmerLanguage: Rule {
  let code = "M313"

  func check(_ collection: DesiredResource, schema: ResourceSchema) -> [Diagnostic] {
    collection.presentChildren(.index).compactMap { index in
      guard let type = index.field(RulePaths.stemmerType) else { return nil }
      let language = index.field(RulePaths.stemmerLanguage)
      switch (type.value.string, language) {
      case ("snowball", nil):
        return Diagnostic(
          .error, code, "expected stemmer.language beside the snowball stemmer, found none",
          at: type.span, hint: "write language: english, or another one")
      case ("none", let language?):
        return Diagnostic(
          .error, code, "expected no stemmer.language beside the stemmer none, found one",
          at: language.span, hint: "remove one of the two",
          related: [.init(span: type.span, message: "the stemmer")])
      default: return nil
      }
    }
  }
}
