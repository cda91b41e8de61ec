import Diagnostics
import JSON

/// What must hold for the names of things on a server, in bytes of UTF-8.
///
/// A server accepts more: names over 255 bytes stop a whole cluster, `.` and `..` panic, control
/// characters are taken as they are (measured); so the bounds are ours.
struct NameRules {
  /// What is named: `collection`, `vector`; stands in messages.
  var what: String
  var bytes: ClosedRange<Int>
  /// Above it a warning.
  var warnsAbove = Int.max
  /// Whether names become folders on the server's disk.
  var isPath = false

  static let collection = NameRules(
    what: "collection name", bytes: 1...255, warnsAbove: 200, isPath: true)
  static let alias = NameRules(what: "alias", bytes: 1...255, isPath: true)
  static let cluster = NameRules(what: "cluster name", bytes: 1...255)
  /// Names of the lock and the barrier begin with it; compared in bytes, because a combining mark
  /// after it makes another text of the same bytes.
  static let reservedPrefix = "_qr_"

  /// Refused by servers in names of collections and vectors.
  private static let forbidden: Set<Unicode.Scalar> = [
    "<", ">", ":", "\"", "/", "\\", "|", "?", "*",
  ]

  /// Words that older YAML readers take for Booleans when they stand without quotes.
  private static let booleanWords: Set<String> = [
    "y", "n", "yes", "no", "on", "off", "true", "false",
  ]

  /// All that is wrong with a name that stands at a span of a text.
  func check(_ name: String, at span: SourceSpan, isPlain: Bool, source: SourceText) -> [Diagnostic]
  {
    var found: [Diagnostic] = []
    let count = name.utf8.count
    if !bytes.contains(count) {
      found.append(Messages.nameLength(what, count, bytes, at: span))
    } else if count > warnsAbove {
      found.append(Messages.longName(what, count, at: span))
    }
    if name == "." || name == "..", isPath { found.append(Messages.pathLikeName(name, at: span)) }
    if let bad = character(name, at: span, source) { found.append(bad) }
    if isPath, name.utf8.count > 2 {
      if name.utf8.first == UInt8(ascii: ".") {
        found.append(Messages.doubtfulName(what, "begins with a dot", at: span))
      }
      if name.utf8.last == UInt8(ascii: " ") {
        found.append(Messages.doubtfulName(what, "ends in a space", at: span))
      }
    }
    if name.utf8.starts(with: NameRules.reservedPrefix.utf8), isPath {
      found.append(Messages.reservedName(what, at: span))
    }
    if isPlain, count <= 5, NameRules.booleanWords.contains(name.lowercased()) {
      found.append(Messages.booleanName(name, at: span))
    }
    return found
  }

  private func character(_ name: String, at span: SourceSpan, _ source: SourceText) -> Diagnostic? {
    var isPlain = true
    for byte in name.utf8
    where byte < 0x20 || byte >= 0x7F || NameRules.forbidden.contains(Unicode.Scalar(byte)) {
      isPlain = false
    }
    if isPlain { return nil }
    let isForbidden = { (scalar: Unicode.Scalar) in NameRules.forbidden.contains(scalar) }
    if name.unicodeScalars.contains(where: isForbidden) {
      let place = NameRules.place(of: isForbidden, in: name, span, source)
      return Messages.forbiddenCharacter(place.scalar, in: what, at: place.span)
    }
    let isDeceptive = { (scalar: Unicode.Scalar) in !Sanitizer.isHarmless(scalar) }
    guard name.unicodeScalars.contains(where: isDeceptive) else { return nil }
    let place = NameRules.place(of: isDeceptive, in: name, span, source)
    return Messages.deceptiveCharacter(place.scalar, in: what, at: place.span)
  }

  /// The first scalar of a kind in a text and where it stands: exactly, when the text is written in
  /// the source as it is, and otherwise (escapes, several lines) where the whole text stands.
  static func place(
    of isMeant: (Unicode.Scalar) -> Bool, in text: String, _ span: SourceSpan, _ source: SourceText
  ) -> (scalar: Unicode.Scalar, span: SourceSpan) {
    let scalars = Array(text.unicodeScalars)
    guard let at = scalars.firstIndex(where: isMeant) else { return ("\u{FFFD}", span) }
    return (scalars[at], subspan(at, in: scalars, span, source) ?? span)
  }

  /// The place of one scalar of a text, when the text stands in the source as it is.
  static func subspan(
    _ offset: Int, in text: [Unicode.Scalar], _ span: SourceSpan, _ source: SourceText
  ) -> SourceSpan? {
    guard span.line == span.endLine else { return nil }
    let line = source.line(Int(span.line))
    let start = Int(span.column) - 1
    for quote in 0...1 where start >= 0 && start + quote + text.count <= line.count {
      if line[(start + quote)..<(start + quote + text.count)].elementsEqual(text) {
        let column = span.column &+ Int32(truncatingIfNeeded: offset + quote)
        return SourceSpan(
          file: span.file, line: span.line, column: column, endLine: span.line,
          endColumn: column &+ 1)
      }
    }
    return nil
  }
}
