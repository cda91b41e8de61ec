/// Makes text from servers and manifests harmless for a terminal, a log and a reviewer's eye.
///
/// A collection's name may hold escape sequences that move the cursor, change the title or write to
/// the clipboard, and bidirectional controls that make one text look like another. They are shown
/// as `\u{202E}`. It is applied where text is drawn, so that no caller can forget it.
package enum Sanitizer {
  /// How many scalars of one text are shown, unless told otherwise.
  package static let usualLimit = 2048

  /// One line of harmless text: line breaks are shown escaped, too.
  ///
  /// What exceeds `limit` scalars is left out and replaced by `…`.
  package static func line(_ text: String, limit: Int = usualLimit) -> String {
    if isPlain(text, limit: limit) { return text }
    var result = ""
    var left = limit
    for scalar in text.unicodeScalars {
      if left == 0 {
        result += "…"
        break
      }
      left -= 1
      if isHarmless(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        result += escaped(scalar)
      }
    }
    return result
  }

  /// Whether a scalar may be shown as it is.
  ///
  /// Not so: control and format characters, separators of lines and paragraphs, surrogates, private
  /// and unassigned ones, and what a font draws as nothing. The two selectors of an emoji's style
  /// are let through.
  package static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x80 { return scalar.value >= 0x20 && scalar.value != 0x7F }
    if scalar.value == 0xFE0E || scalar.value == 0xFE0F { return true }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      return false
    default:
      return !scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  /// `\u{202E}`: a scalar by its number.
  package static func escaped(_ scalar: Unicode.Scalar) -> String {
    "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
  }

  private static func isPlain(_ text: String, limit: Int) -> Bool {
    var count = 0
    for byte in text.utf8 {
      if byte < 0x20 || byte >= 0x7F { return false }
      count += 1
    }
    return count <= limit
  }
}
