/// Replaces known secrets in text that comes from elsewhere, such as a server's error message that
/// echoes the request's headers.
///
/// Besides the value itself it knows the forms in which a value travels: percent-encoded,
/// JSON-escaped, HTML-escaped, base64 (three alignments, both alphabets) and hexadecimal. Redact
/// before cutting a text to length: half a secret is not recognised.
package struct Redactor: Sendable {
  /// Longest first, so that a form is not left over beside a shorter one that it contains.
  private let forms: [Secret]

  package init(_ secrets: [Secret]) {
    forms = secrets.flatMap { $0.withBytes(SecretForms.all(of:)) }
      .sorted { $0.count > $1.count }
      .map(Secret.init(copying:))
  }

  /// The text with every known form replaced by ``Secret/mask``.
  package func redact(_ text: String) -> String {
    let bytes = Array(text.utf8)
    let covered = ranges(in: bytes)
    guard !covered.isEmpty else { return text }
    var result: [UInt8] = []
    var position = 0
    for range in covered {
      result += bytes[position..<range.lowerBound]
      result += Secret.mask.utf8
      position = range.upperBound
    }
    result += bytes[position...]
    return String(decoding: result, as: UTF8.self)
  }

  /// Where forms stand, overlapping ones joined, in order.
  private func ranges(in bytes: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    for form in forms {
      form.withBytes { needle in
        guard let first = needle.first, needle.count <= bytes.count else { return }
        for start in 0...(bytes.count - needle.count) where bytes[start] == first {
          let end = start + needle.count
          if bytes[start..<end].elementsEqual(needle) { found.append(start..<end) }
        }
      }
    }
    found.sort { $0.lowerBound < $1.lowerBound }
    return found.reduce(into: []) { joined, range in
      if let last = joined.last, range.lowerBound < last.upperBound {
        joined[joined.count - 1] =
          last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        joined.append(range)
      }
    }
  }
}

extension Redactor: CustomStringConvertible, CustomReflectable {
  package var description: String { "Redactor" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
