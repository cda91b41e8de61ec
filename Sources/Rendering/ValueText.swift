import Diagnostics
import JSON

/// How values of fields look in a line of text.
enum ValueText {
  /// Characters after which a value is cut.
  private static let limit = 72

  /// A value as a reader writes it: a text without quotes where it reads as a text; absence is a
  /// word.
  static func text(_ value: JSONValue?) -> String {
    guard let value else { return "(unset)" }
    let text: String
    if let word = value.string, isPlain(word), !isTyped(word) {
      text = word
    } else {
      text = value.text()
    }
    let harmless = Sanitizer.line(text)
    return harmless.count > limit ? String(harmless.prefix(limit - 1)) + "…" : harmless
  }

  /// Whether a word without quotes would be a number, a truth value or nothing.
  private static func isTyped(_ word: String) -> Bool {
    ["true", "false", "null"].contains(word.lowercased()) || Double(word) != nil
  }

  private static func isPlain(_ word: String) -> Bool {
    !word.isEmpty
      && word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
          UInt8(ascii: "."), UInt8(ascii: "/"):
          true
        default: false
        }
      }
  }
}
