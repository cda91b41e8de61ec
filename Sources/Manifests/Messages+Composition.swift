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

  static func unknownEnvironment(_ name: String, among names: [String]) -> Diagnostic {
    let near = didYouMean(name, among: names).map { "did you mean '\($0)'?" }
    let known = names.isEmpty ? "no environment is declared" : "declared are " + list(names)
    return error(
      .unknownEnvironment, "no Environment is named \(quoted(name))", at: nil, hint: near ?? known)
  }

  static func undefinedVariable(
    _ name: String, of environment: String, known: [String], at span: SourceSpan
  ) -> Diagnostic {
    let near = didYouMean(name, among: known).map { "did you mean '\($0)'?" }
    let all = known.isEmpty ? "it declares none" : "known: " + list(known.sorted())
    return error(
      .undefinedVariable,
      "the environment \(quoted(environment)) declares no variable \(quoted(name))", at: span,
      hint: near ?? all)
  }

  static func variableNeedsEnvironment(
    _ name: String, _ environments: [String], at span: SourceSpan
  ) -> Diagnostic {
    environments.isEmpty
      ? error(
        .undefinedVariable, "no Environment declares the variable \(quoted(name))", at: span,
        hint: "declare it, or write $${ for the text ${")
      : error(
        .variableNeedsEnvironment, "the variable \(quoted(name)) needs an environment", at: span,
        hint: "say --environment with one of " + list(environments))
  }

  static func badVariable(_ found: String, at span: SourceSpan) -> Diagnostic {
    error(
      .badVariable, "expected the name of a variable, found \(quoted(found))", at: span,
      hint: "write ${name}, with letters, digits, _ and -; only declared variables are known; "
        + "write $${ for the text ${")
  }

  static func variableInVariable(at span: SourceSpan) -> Diagnostic {
    error(
      .badVariable, "a variable cannot be made of others", at: span,
      hint: "write its value")
  }

  static func variableInKey(at span: SourceSpan) -> Diagnostic {
    error(
      .badVariable, "variables stand in values, not in keys", at: span, hint: "write the key out")
  }

  static func unusedVariable(_ name: String, at span: SourceSpan) -> Diagnostic {
    warning(.unusedVariable, "the variable \(quoted(name)) is never used", at: span)
  }

  static func idleOverlay(at span: SourceSpan) -> Diagnostic {
    warning(.idleOverlay, "this overlay matches nothing", at: span)
  }

  static func secondLevel(
    _ place: String, at span: SourceSpan, first: SourceSpan
  ) -> Diagnostic {
    error(
      .badLevel, "only one level can be placed by \(place)", at: span,
      related: Messages.first(first, "the first one"))
  }

  static func reservedNode(_ text: String, at span: SourceSpan) -> Diagnostic {
    error(
      .badLevel, "\(quoted(text)) is a field of a collection and cannot be a node", at: span,
      hint: "use another word")
  }

  static func badPattern(_ text: String, _ reason: String, at span: SourceSpan) -> Diagnostic {
    error(.badLevel, "\(quoted(text)) is no pattern: \(reason)", at: span)
  }

  static func levelValue(_ text: String, _ level: HierarchyLevel, at span: SourceSpan)
    -> Diagnostic
  {
    let near = didYouMean(text, among: level.values?.map(\.text) ?? []).map {
      "did you mean '\($0)'?"
    }
    return error(
      .levelValue, "the level \(quoted(level.name)) does not take \(quoted(text))", at: span,
      hint: near ?? String(level.expectation.dropFirst(2)),
      related: first(level.patternSpan ?? level.span, "the level"))
  }

  static func badTemplate(
    _ problem: NameTemplate.Malformed, _ levels: [String], at span: SourceSpan
  ) -> Diagnostic {
    switch problem {
    case .brace:
      return error(
        .badTemplate, "a brace is not closed, or closes nothing", at: span,
        hint: "write {level} for the value of a level")
    case .unknown(let name):
      let near = didYouMean(name, among: levels).map { "did you mean '\($0)'?" }
      return error(
        .badTemplate, "the segment \(quoted(name)) has no value: no level has that name", at: span,
        hint: near ?? "levels are " + list(levels))
    }
  }

  static func levelInTemplate(
    _ level: HierarchyLevel, _ count: Int, at span: SourceSpan
  ) -> Diagnostic {
    let message =
      level.place == .name
      ? "the level \(quoted(level.name)) \(count == 0 ? "is not" : "stands twice") in the template"
      : "the level \(quoted(level.name)) is placed by \(level.place.rawValue), not in the name"
    return error(
      .badTemplate, message, at: span, hint: "every level of the name stands in it once",
      related: first(level.span, "the level"))
  }

  static func ambiguousTemplate(
    _ separator: String, _ levels: [HierarchyLevel], at span: SourceSpan
  ) -> Diagnostic {
    guard !separator.isEmpty else {
      return error(
        .ambiguousTemplate, "nothing stands between two levels", at: span,
        hint: "put a character between them that neither may hold")
    }
    let holders = levels.filter { level in
      separator.unicodeScalars.contains { level.mayHold($0) }
    }
    let value = holders.lazy.compactMap { level in
      level.values?.first { value in
        separator.unicodeScalars.contains { value.text.unicodeScalars.contains($0) }
      }
    }.first
    let names = holders.map { quoted($0.name) }.joined(separator: " and ")
    return error(
      .ambiguousTemplate,
      value.map { "\(quoted($0.text)) is ambiguous with the separator \(quoted(separator))" }
        ?? "the separator \(quoted(separator)) may stand in what \(names) holds",
      at: value?.value.span ?? span,
      hint: "put a character between them that neither may hold",
      related: (value == nil ? [] : first(span, "the template"))
        + holders.compactMap { level in
          level.patternSpan.map { Diagnostic.Related(span: $0, message: "its pattern") }
        })
  }

  static func clusterOfTwoValues(
    _ name: String, at span: SourceSpan, first place: SourceSpan
  ) -> Diagnostic {
    error(
      .badLevel, "two values stand for the cluster \(quoted(name))", at: span,
      hint: "collections of both would have one name", related: first(place, "the first one"))
  }

  static func moveToNothing(
    _ name: String, _ names: [String], at span: SourceSpan
  ) -> Diagnostic {
    let near = didYouMean(name, among: names).map { "did you mean '\($0)'?" }
    return error(
      .badLevel, "the tree makes no collection \(quoted(name))", at: span, hint: near)
  }

  static func expansionTooLarge(at span: SourceSpan?) -> Diagnostic {
    error(
      .expansionTooLarge, "classes, trees and variables expand to too much", at: span,
      hint: "split the workspace")
  }

  static func changesForm(
    _ lower: String, _ upper: String, at span: SourceSpan, lower place: SourceSpan
  ) -> Diagnostic {
    error(
      .changesForm, "this makes \(upper) of what is \(lower) below it", at: span,
      hint: "give both the same form", related: first(place, "the value below it"))
  }
}
