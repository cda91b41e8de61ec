import Diagnostics

/// The words of all manifest diagnostics: bytes, limits and YAML here, the rest in extensions.
///
/// Facts come in, a diagnostic goes out; no other file holds a sentence for users.
enum Messages {
  static func error(
    _ code: ManifestCode, _ message: String, at span: SourceSpan?, hint: String? = nil,
    related: [Diagnostic.Related] = []
  ) -> Diagnostic {
    Diagnostic(.error, code.text, message, at: span, hint: hint, related: related)
  }

  static func warning(
    _ code: ManifestCode, _ message: String, at span: SourceSpan?, hint: String? = nil,
    related: [Diagnostic.Related] = []
  ) -> Diagnostic {
    Diagnostic(.warning, code.text, message, at: span, hint: hint, related: related)
  }

  static func first(_ span: SourceSpan, _ message: String) -> [Diagnostic.Related] {
    [Diagnostic.Related(span: span, message: message)]
  }

  /// "a collection name", "an alias".
  static func withArticle(_ what: String) -> String {
    ("aeiou".contains(what.first ?? "x") ? "an " : "a ") + what
  }

  /// A value in quotes, shortened.
  static func quoted(_ text: String) -> String {
    let shown = text.unicodeScalars.prefix(60)
    return "'\(String(shown))\(shown.count < text.unicodeScalars.count ? "…" : "")'"
  }

  private static let smallest =
    "the smallest manifest: kind: Collection, name: products, vectors: {size: 4, distance: Cosine}"

  static func noDocument(at span: SourceSpan) -> Diagnostic {
    error(.noDocument, "no documents found", at: span, hint: smallest)
  }

  static func emptyDocument(_ number: Int, at span: SourceSpan) -> Diagnostic {
    error(.emptyDocument, "document \(number) is empty", at: span, hint: "remove it or fill it")
  }

  static func byteOrderMark(at span: SourceSpan) -> Diagnostic {
    warning(
      .byteOrderMark, "the file starts with a byte order mark", at: span,
      hint: "save it without one")
  }

  static func utf16(at span: SourceSpan) -> Diagnostic {
    error(.utf16, "expected UTF-8, found UTF-16", at: span, hint: "convert the file to UTF-8")
  }

  static func invalidUTF8(byte: Int, at span: SourceSpan) -> Diagnostic {
    error(.invalidUTF8, "invalid UTF-8 at byte \(byte)", at: span, hint: "save the file as UTF-8")
  }

  static func controlCharacter(_ value: UInt32, at span: SourceSpan) -> Diagnostic {
    let digits = String(value, radix: 16, uppercase: true)
    let number = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return error(
      .controlCharacter, "character \(number) is not allowed", at: span,
      hint: "use an escape in double quotes if it is intended")
  }

  static func loneCarriageReturn(at span: SourceSpan) -> Diagnostic {
    error(
      .loneCarriageReturn, "a carriage return without a line feed", at: span,
      hint: "end lines with LF or CR LF")
  }

  static func deceptiveCharacter(
    _ scalar: Unicode.Scalar, in what: String, at span: SourceSpan
  ) -> Diagnostic {
    let isControl = scalar.properties.generalCategory == .control
    return error(
      .deceptiveCharacter,
      "\(isControl ? "a control" : "an invisible or bidirectional") character in "
        + withArticle(what),
      at: span, hint: "it is \(Sanitizer.escaped(scalar))")
  }

  static func unreadable(_ path: String, _ reason: String) -> Diagnostic {
    error(.unreadable, "cannot read '\(path)': \(reason)", at: nil)
  }

  static func fileTooLarge(_ path: String) -> Diagnostic {
    error(
      .fileTooLarge, "'\(path)' is larger than the limit of 8 MiB", at: nil,
      hint: "split it into several files")
  }

  static func tooManyFiles() -> Diagnostic {
    error(.tooManyFiles, "there are more than \(YAMLLimits.files) manifest files", at: nil)
  }

  static func tooManyProblems(at span: SourceSpan?) -> Diagnostic {
    error(
      .tooManyProblems, "there are more than \(Findings.limit) problems; the rest is not told",
      at: span, hint: "mend these first")
  }

  static func noManifests() -> Diagnostic {
    error(
      .noManifests, "no manifests found", at: nil,
      hint: "give a file or folder with .yaml or .yml files; nothing is deleted for want of them")
  }

  static func tooManyNodes(expanded: Bool, at span: SourceSpan) -> Diagnostic {
    expanded
      ? error(
        .tooManyNodes, "the document expands to more than 100000 values", at: span,
        hint: "avoid nested anchors")
      : error(
        .tooManyEntries, "the document has more than 100000 values", at: span,
        hint: "split it into several documents")
  }

  static func tooDeep(at span: SourceSpan) -> Diagnostic {
    error(.tooDeep, "values are nested deeper than \(YAMLLimits.depth) levels", at: span)
  }

  static func scalarTooLong(at span: SourceSpan) -> Diagnostic {
    error(.scalarTooLong, "a value is longer than 1 MiB", at: span)
  }

  static func tooManyAnchors(at span: SourceSpan) -> Diagnostic {
    error(.tooManyAnchors, "the document has more than \(YAMLLimits.aliases) anchors", at: span)
  }

  static func tooManyAliases(at span: SourceSpan) -> Diagnostic {
    error(.tooManyAnchors, "the document has more than \(YAMLLimits.aliases) aliases", at: span)
  }
}
