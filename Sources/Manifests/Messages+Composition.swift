import Diagnostics
import JSON

/// What is wrong where documents are put together.
extension Messages {
  static func unknownClass(
    _ name: String, among names: [String], at span: SourceSpan
  ) -> Diagnostic {
    let near = didYouMean(name, among: names).map { "did you mean '\($0)'?" }
    let known =
      names.isEmpty
      ? "no class is declared" : "declared are " + list(names.sorted { $0.precedes($1) })
    return error(
      .unknownClass, "no Class is named \(quoted(name))", at: span, hint: near ?? known)
  }

  /// Every station of the circle is shown, the place that closes it as the place of the message.
  static func classCycle(_ path: [ClassMention]) -> Diagnostic {
    let names = path.map(\.name.string).joined(separator: " → ")
    return error(
      .classCycle, "classes build on each other in a circle: \(names)",
      at: path.last?.span, hint: "take one of them out",
      related: path.dropFirst().dropLast().map {
        Diagnostic.Related(span: $0.span, message: "\(quoted($0.name.string)) is asked for here")
      })
  }

  static func classesTooDeep(_ limit: Int, at span: SourceSpan) -> Diagnostic {
    error(.classCycle, "more than \(limit) classes build on each other", at: span)
  }

  static func changesForm(
    _ lower: String, _ upper: String, at span: SourceSpan, lower place: SourceSpan
  ) -> Diagnostic {
    error(
      .changesForm, "this makes \(upper) of what is \(lower) below it", at: span,
      hint: "give both the same form", related: first(place, "the value below it"))
  }
}
