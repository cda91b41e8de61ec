import Diagnostics

/// What is wrong with names and references.
extension Messages {
  static func nameLength(
    _ what: String, _ count: Int, _ bytes: ClosedRange<Int>, at span: SourceSpan
  ) -> Diagnostic {
    error(
      .nameLength,
      "expected \(withArticle(what)) of \(bytes.lowerBound) to \(bytes.upperBound) bytes, "
        + "found \(count)",
      at: span, hint: count == 0 ? nil : "shorten it; a letter takes up to 4 bytes")
  }

  static func longName(_ what: String, _ count: Int, at span: SourceSpan) -> Diagnostic {
    warning(
      .longName, "\(withArticle(what)) of \(count) bytes makes snapshots fail", at: span,
      hint: "keep it at 200 bytes or less")
  }

  static func pathLikeName(_ name: String, at span: SourceSpan) -> Diagnostic {
    error(.pathLikeName, "'\(name)' is no name, but a folder to the server", at: span)
  }

  static func doubtfulName(_ what: String, _ how: String, at span: SourceSpan) -> Diagnostic {
    warning(.doubtfulName, "the \(what) \(how)", at: span, hint: "tools may hide or cut it")
  }

  static func forbiddenCharacter(
    _ scalar: Unicode.Scalar, in what: String, at span: SourceSpan
  ) -> Diagnostic {
    error(
      .forbiddenCharacter, "the character '\(scalar)' is not allowed in \(withArticle(what))",
      at: span,
      hint: #"not allowed are < > : " / \ | ? *"#)
  }

  static func reservedName(_ what: String, at span: SourceSpan) -> Diagnostic {
    error(.reservedName, "\(withArticle(what)) cannot begin with '_qr_'", at: span)
  }

  static func booleanName(_ name: String, at span: SourceSpan) -> Diagnostic {
    warning(
      .booleanName, "other tools may read the name \(quoted(name)) as a Boolean", at: span,
      hint: "put it in quotes")
  }

  static func nameSyntax(_ what: String, _ rule: String, at span: SourceSpan) -> Diagnostic {
    error(.nameSyntax, "\(withArticle(what)) has \(rule)", at: span)
  }

  static func indexPath(_ path: String, at span: SourceSpan) -> Diagnostic {
    error(
      .indexPath, "\(quoted(path)) is no path of a payload field", at: span,
      hint: indexPathHint(path))
  }

  /// How the name is written, if quotes are all that it lacks.
  private static func indexPathHint(_ path: String) -> String {
    let isQuotable =
      !path.isEmpty
      && path.utf8.allSatisfy {
        $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") && $0 >= 0x20 && $0 != 0x7F
      }
    let example = isQuotable && path.unicodeScalars.count <= 60 ? path : "x y"
    return "write a.b, a[].b, a[0]; other characters than letters, digits, _ and - in quotes that "
      + "are part of the name: '\"\(example)\"'"
  }

  static func indexTwice(
    _ path: String, at span: SourceSpan, first place: SourceSpan
  ) -> Diagnostic {
    error(
      .indexTwice, "the payload index \(quoted(path)) is declared twice", at: span,
      hint: "delete one of them", related: first(place, "first declared here"))
  }

  static func listedTwice(_ what: String, at span: SourceSpan, first place: SourceSpan)
    -> Diagnostic
  {
    error(
      .listedTwice, "\(quoted(what)) is listed twice", at: span,
      related: first(place, "first listed here"))
  }

  static func duplicateResource(
    _ what: String, at span: SourceSpan, first place: SourceSpan?
  ) -> Diagnostic {
    error(
      .duplicateResource, "\(what) is declared twice", at: span,
      related: place.map { first($0, "first declared here") } ?? [])
  }

  static func secondWorkspace(at span: SourceSpan, first place: SourceSpan?) -> Diagnostic {
    error(
      .secondWorkspace, "there can be only one Workspace", at: span,
      related: place.map { first($0, "the other one") } ?? [])
  }

  static func unknownCluster(
    _ name: String, among names: [String], at span: SourceSpan
  ) -> Diagnostic {
    let near = didYouMean(name, among: names).map { "did you mean '\($0)'?" }
    let known = names.isEmpty ? "no cluster is declared" : "declared are " + list(names)
    return error(
      .unknownCluster, "no Cluster is named \(quoted(name))", at: span, hint: near ?? known)
  }

  static func noCluster(among names: [String], at span: SourceSpan) -> Diagnostic {
    names.isEmpty
      ? error(
        .noCluster, "there is no cluster for this collection", at: span,
        hint: "declare a Cluster, or set QDRANT_URL")
      : error(
        .noCluster, "missing 'cluster': several are declared", at: span,
        hint: "write cluster: with one of " + list(names))
  }

  static func emptySelection(at span: SourceSpan) -> Diagnostic {
    error(.emptySelection, "no cluster has these labels", at: span)
  }

  static func list(_ names: [String]) -> String {
    names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
  }

  static func aliasTwice(
    _ name: String, cluster: String, at span: SourceSpan, first place: SourceSpan
  ) -> Diagnostic {
    error(
      .aliasTwice, "the alias \(quoted(name)) is claimed twice on cluster \(quoted(cluster))",
      at: span, related: first(place, "first claimed here"))
  }

  static func aliasIsCollection(
    _ name: String, at span: SourceSpan, collection: SourceSpan
  ) -> Diagnostic {
    error(
      .aliasIsCollection, "the alias \(quoted(name)) has the name of a collection", at: span,
      related: first(collection, "the collection"))
  }

  static func lookAlikeNames(
    _ name: String, at span: SourceSpan, first place: SourceSpan
  ) -> Diagnostic {
    error(
      .lookAlikeNames, "the name looks like another one and has different characters", at: span,
      hint: "it is \(escapedASCII(name))", related: first(place, "the other one"))
  }

  static func namesDifferInCase(
    _ name: String, at span: SourceSpan, first place: SourceSpan
  ) -> Diagnostic {
    warning(
      .namesDifferInCase, "\(quoted(name)) differs from another name in case only", at: span,
      hint: "some file systems take them for one; rename it",
      related: first(place, "the other one"))
  }

  static func unknownIgnoredPath(
    _ path: String, among paths: [String], at span: SourceSpan
  ) -> Diagnostic {
    error(
      .unknownIgnoredPath, "a collection has no field \(quoted(path))", at: span,
      hint: didYouMean(path, among: paths).map { "did you mean '\($0)'?" })
  }

  static func manifestVersion(_ found: String, at span: SourceSpan) -> Diagnostic {
    error(
      .manifestVersion, "expected manifest version 1, found \(found)", at: span,
      hint: "a newer version of the tool is needed")
  }
}
